"""One actor for every relation to one order, and form data that fits any action."""

from datetime import timedelta

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import QuestionType
from fawang.base.workorders import policy
from fawang.base.workorders.models import Order, Participant
from fawang.kernel import clock
from fawang.kernel.policy import Actor, system

FIRM_ANSWER = "《民法典》第一千一百六十五条"
FIELDS = {
    "articles": FIRM_ANSWER, "agrees": True, "party_a": "王示例", "party_b": "李示例", "file": "a" * 22, "co_units": "",
    "whose": "成都调委会", "service_code": "", "parts": "MEDIATION_PEOPLE\nCONSULT_MESSAGE", "limit": "WO-SIGN",
    "area": "510107", "level": "1", "reason_choice": "",
}  # fmt: skip


def member(world, role, unit, number, *, area="000000"):
    """A member of a unit with one role; `area` far away unless said."""
    return Actor(
        ref=f"account:{number}", roles=frozenset({role}), account_id=number, member_id=number, unit_id=world.units[unit],
        area=area,
    )  # fmt: skip


def actors(world):
    """Relation → an actor who stands in it to an order made by `dressed` (some stand in a second one as well)."""
    here = "510107"
    return {
        "applicant": world.citizen,
        "registrar": member(world, "DUTY_LAWYER", "far_centre", 9001),
        "reception": member(world, "RECEPTIONIST", "province", 9002, area=here),
        "window": member(world, "RECEPTIONIST", "firm", 9003),
        "dispatcher": member(world, "DISPATCHER", "province", 9004, area=here),
        "unit": world.liaison,
        "unit_handler": world.second_mediator,
        "handler": world.mediator,
        "co_unit": member(world, "HANDLER", "centre", 9005),
        "approver": world.reviewer,
        "supervisor": member(world, "SUPERVISOR", "province", 9006, area=here),
        "callback": member(world, "CALLBACK_AGENT", "province", 9007, area=here),
        "offered": member(world, "INSTITUTION_ADMIN", "city_committee", 9008),
        "partner": Actor(ref="partner:police", roles=frozenset({"PARTNER_POLICE"})),
        "system": system("test"),
        "stranger": world.other_citizen,
        "far dispatcher": world.far_dispatcher,
        "auditor": world.auditor,
    }


def dress(order, world, who="registrar"):
    """Give the row everything that the relations look at (in memory)."""
    order.unit_id, order.handler_id = world.units["committee"], world.mediator.account_id
    order.offered_unit_id, order.offered_until = world.units["city_committee"], clock.now() + timedelta(hours=1)
    order.desk_unit_id = world.units["firm"]
    if who == "partner":
        order.registrar, order.registrar_unit_id = "partner:police", None
    else:
        order.registrar, order.registrar_unit_id = "account:9001", world.units["far_centre"]
    order.contact_count, order.unreached_count, order.supervision_level, order.urge_is_open = 1, 3, 1, True
    order.told_at = order.completed_at = clock.now()
    order.suspended_for = "SP01"
    return order


def participants(order, world):
    """The co-unit's part."""
    return [Participant(order=order, part="CO_UNIT", unit_id=world.units["centre"], since=clock.now())]


def put(number, world, state, inner, who):
    """Write an order straight into a state (tests only: the product has no such door)."""
    order = dress(Order.objects.get(number=number), world, who)
    order.state, order.inner = state, inner
    order.is_open = order.state not in {"CLOSED", "REJECTED"}
    order.save()
    return order


def relations_of(actor, order, world):
    """What the policy finds for the actor."""
    return policy.relations(actor, order, participants(order, world))


def answers_for(action, special):
    """Valid data for an action's form: every field, the optional ones too."""
    data = {}
    for question in action.form:
        if question.id in special:
            value = special[question.id]
        elif question.id in FIELDS and question.type not in {QuestionType.CHOICE}:
            value = FIELDS[question.id]
        else:
            value = _value(question)
        if value not in ("", None):
            data[question.id] = value
    return data


def _value(question):
    if question.type is QuestionType.CHOICE:
        codes = [o.value for o in question.options] or sorted(catalogue.codes(question.table))
        return codes[0]
    return {
        QuestionType.YES_NO: True,
        QuestionType.NUMBER: question.minimum or 1,
        QuestionType.DATE: clock.today().isoformat(),
        QuestionType.AMOUNT: "12.50",
        QuestionType.NAME: "王示例",
        QuestionType.DIVISION: "510107",
    }.get(question.type, "说明")
