"""What `bench.filling` writes is what the services write: the same acts by another person, row for row."""

import json
import re
from datetime import timedelta

import pytest
from bench import filling
from django.apps import apps
from django.db import connection

from fawang.base.catalogue import forms
from fawang.base.identity import sealing
from fawang.base.identity import services as identities
from fawang.base.identity.models import Account, Party
from fawang.base.identity.tests.factories import citizen
from fawang.base.identity.values import PartyData
from fawang.base.workorders import numbers, services
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.engine import QUERY_CODE_CONTEXT
from fawang.base.workorders.models import Clock, Order
from fawang.base.workorders.tests.factories import NOON, QUESTION, SYSTEM, filing, to_unit
from fawang.kernel import clock, crypto, ids
from fawang.kernel.events import selectors
from fawang.kernel.events.models import Body, Event
from fawang.kernel.events.services import commitment, number_committed

NAMED = re.compile(r"\b(order|clock|remind|account|party):(\d+)")
MODELS = {"order": Order, "clock": Clock, "remind": Clock, "account": Account, "party": Party}
TODAY = "2026-09-28"
COMMON = [("liaison", "sign", {}), ("liaison", "assign", {"handler": ...}), ("mediator", "accept", {})]
LONG = [
    *COMMON,
    ("mediator", "note_contact", {"reached": True, "text": "说明权利义务"}),
    ("mediator", "request_supplement", {"items": "付款凭证", "days": 10}),
    ("person", "reply_supplement", {"reply": "已经交来"}),
    ("person", "urge", {"text": "请快一点"}),
    ("liaison", "answer_urge", {"text": "两天内答复"}),
    ("mediator", "ask_will", {"agrees": True, "text": "愿意"}),
    ("mediator", "hold_session", {"held_on": TODAY, "place": "调解室", "internal": "谈"}),
    ("mediator", "reach_agreement", {
        "form": "written", "party_a": "王示例", "party_b": "李示例", "facts": "漏水", "text": "三日内修好",
        "perform_by": TODAY, "signed_on": TODAY}),
    ("mediator", "complete", {"result": "AGREED", "text": "已达成协议"}),
    ("reviewer", "approve", {}),
    ("person", "rate", {"grade": "4", "text": "还行"}),
    ("supervisor", "close", {}),
]  # fmt: skip


def new_person(number):
    """A citizen with a telephone and a name, as the first log-in leaves them."""
    data = PartyData(name="王示例", is_demonstration=True)
    account_id = identities.create_citizen(SYSTEM, phone=f"139000088{number:02d}", data=data, level=2)
    return citizen(Account.objects.select_related("party").get(pk=account_id))


def live(world, number):
    """One person's story: five demands, from the first click to the archive. The same for everyone."""
    with clock.at(NOON):
        person, agent = new_person(number), new_person(number + 1)
        to_committee, to_firm = to_unit(world.token("committee")), to_unit(world.token("firm"))

        def filed(plan, **changes):
            clock.advance(timedelta(minutes=1))
            return services.file(actor=person, filing=filing(person, **changes), plan=plan).number

        def act(name, order, action, **data):
            clock.advance(timedelta(minutes=3))
            actor = person if name == "person" else world.people[name]
            if data.get("handler") is ...:
                data["handler"] = world.handler_token()
            services.perform(actor=actor, order=order, action=action, data=data)

        long = filed(to_committee)
        for name, action, data in LONG:
            act(name, long, action, **data)
        for_another = filing(person, on_behalf_by=agent.party_id, sensitive_flags=("VIOLENCE",))
        waiting = services.file(actor=person, filing=for_another, plan=lambda _order: [("queue", {})]).number
        both = {"unit": world.token("committee"), "co_units": world.token("centre"), "mode": "MANUAL"}
        act("dispatcher", waiting, "dispatch", **both)
        act("liaison", waiting, "sign")
        act("liaison", waiting, "assign", handler=...)
        act("mediator", waiting, "accept")
        act("mediator", waiting, "add_task", title="去现场看一看", due="2026-10-12")
        asked = filed(to_firm, service="CONSULT_MESSAGE", answers=QUESTION)
        act("person", asked, "withdraw", reason="已经解决")
        back = filed(to_committee)
        act("liaison", back, "ask_return", reason="RT08")
        act("dispatcher", back, "agree_return")
        draft = services.start_draft(actor=person, filing=filing(person, answers={"kind": "neighbour"})).draft
        services.perform(actor=person, order=draft, action="fill", data={"answers": {"story": "漏水"}})
        number_committed()


def rows():
    """Every row of every table, by id."""
    return {
        model: {row.pk: row for row in model._default_manager.order_by("pk")}
        for model in apps.get_models()
        if model._meta.managed
    }


def added(before):
    """The rows that were not there before, by table, in the order of their ids. That an account was made stands in
    the account's own history and is left out."""
    new = {model: [row for pk, row in found.items() if pk not in before[model]] for model, found in rows().items()}
    new[Event] = [row for row in new[Event] if not row.stream.startswith("account:")]
    events = {row.pk for row in new[Event]}
    new[Body] = [row for row in new[Body] if row.event_id in events]
    return {model: found for model, found in new.items() if found}


class Comparable:
    """New rows with everything taken out that differs between two people who do the same."""

    def __init__(self, new):
        self.new = new
        self.places = {model: {row.pk: at for at, row in enumerate(found)} for model, found in new.items()}
        self.bodies = {row.event_id: row for row in new[Body]}
        self.causes = {cause: at for at, cause in enumerate(dict.fromkeys(row.cause for row in new[Event]))}
        self.positions = {p: at for at, p in enumerate(sorted(row.position for row in new[Event] if row.position))}

    def all(self):
        return {model: [self.row(one) for one in found] for model, found in self.new.items()}

    def row(self, row):
        return {
            field.attname: self.value(row, field, getattr(row, field.attname)) for field in row._meta.concrete_fields
        }

    def value(self, row, field, value):
        special = getattr(self, f"{row._meta.model_name}_{field.attname}", None)
        if special is not None:
            return special(row, value)
        target = field.remote_field.model if field.remote_field else type(row) if field.primary_key else None
        if target is not None:
            return self.places.get(target, {}).get(value, value)
        return self.without_ids(value) if isinstance(value, str) else value

    def without_ids(self, text):
        def place(found):
            model = MODELS[found[1]]
            return f"{found[1]}:{self.places.get(model, {}).get(int(found[2]), found[2])}"

        return NAMED.sub(place, text)

    def opened(self, value):
        if forms.is_sealed(value):
            return forms.opened({"x": value})["x"]
        if isinstance(value, dict):
            return {name: self.opened(one) for name, one in value.items()}
        return value

    # --- what is made anew: its shape, what it opens to, and that it fits the rest of the row --------------------
    def token(self, _row, value):
        assert re.fullmatch(r"[a-km-np-z2-9]{22}", value), value
        return "token"

    party_token = account_token = order_draft_token = token

    def order_number(self, row, value):
        if value is None:
            return None
        day = clock.local(row.submitted_at).date()
        assert value == numbers.number(row.pk, day=day, area=row.area, channel=row.channel)
        return value[:19]

    def order_query_code(self, _row, value):
        code = crypto.unseal(value, context=QUERY_CODE_CONTEXT) if value else ""
        assert set(code) <= set(ids.READABLE)
        return len(code)

    def order_answers(self, _row, value):
        return self.opened(value)

    def party_phone_sealed(self, row, value):
        phone = sealing.unseal(value, sealing.PHONE)
        assert re.fullmatch(r"1[3-9]\d{9}", phone)
        assert row.phone_index == crypto.index(phone, context=sealing.PHONE)
        if isinstance(row, Party):
            assert row.contact_index == crypto.index(sealing.contact_text(phone, row.name), context=sealing.CONTACT)
        return "phone"

    account_phone_sealed = party_phone_sealed

    def party_phone_index(self, _row, _value):
        return "index"

    party_contact_index = account_phone_index = party_phone_index

    def account_password(self, _row, value):
        assert value.startswith("!")
        return len(value)

    def event_digest(self, row, value):
        body = self.bodies[row.pk]
        assert value == commitment(body.salt, body.data)
        return "digest"

    def event_cause(self, _row, value):
        assert re.fullmatch(r"[0-9a-f]{24}", value)
        return self.causes[value]

    def event_position(self, _row, value):
        return self.positions[value]

    def body_salt(self, _row, value):
        assert re.fullmatch(r"[0-9a-f]{32}", value)
        return "salt"

    def body_data(self, _row, value):
        return self.opened(json.loads(value))

    def effect_payload(self, _row, value):
        said = json.loads(value)
        for name in {"order", "clock"} & set(said):
            said[name] = self.places[MODELS[name]][said[name]]
        return said


@pytest.fixture
def lived(world):
    """One person's life by the services: the first and the last id of its orders."""
    before = rows()
    live(world, 1)
    made = added(before)[Order]
    return made[0].pk, made[-1].pk


def test_a_copy_is_what_the_services_write_for_another_person(world, lived):
    before = rows()
    live(world, 11)
    by_services = Comparable(added(before))
    before = rows()
    filling.fill(filling.Specimens(*lived), 1)
    by_filling = Comparable(added(before))
    wanted, written = by_services.all(), by_filling.all()
    assert set(written) == set(wanted)
    for model, expected in wanted.items():
        assert len(written[model]) == len(expected), model
        for one, other in zip(written[model], expected, strict=True):
            assert one == other, model.__name__


def test_copies_are_orders_like_any_other(world, lived):
    rounds = filling.SHARED + 1
    before = rows()
    filling.fill(filling.Specimens(*lived), rounds)
    new = added(before)
    connection.check_constraints()
    assert len(new[Order]) == 5 * rounds
    assert len(new[Party]) == 2 * 2  # the applicant and an agent, once for every so many rounds
    assert len({order.number for order in new[Order] if order.number}) == 4 * rounds
    assert not [sequence for order in new[Order] for sequence in selectors.broken(f"order:{order.pk}")]
    person = citizen(Account.objects.get(party_id=new[Order][0].applicant_id))
    assert orders.mine(person).count == 5 * filling.SHARED
    one = next(order for order in new[Order] if order.state == "HANDLING")
    assert len(orders.timeline(person, one.number)) > 3
    assert orders.clocks(person, one.number)
    outcome = services.perform(actor=world.mediator, order=one.number, action="note", data={"text": "继续"})
    assert outcome.version == one.version + 1
    assert services.file(actor=person, filing=filing(person)).number


def test_an_order_that_names_another_is_not_multiplied(world):
    with clock.at(NOON):
        person = new_person(31)
        kept, merged = (services.file(actor=person, filing=filing(person)).number for _ in range(2))
        for number in (kept, merged):
            services.perform(actor=SYSTEM, order=number, action="queue")
        services.perform(
            actor=world.dispatcher, order=merged, action="merge", data={"into": kept, "reason": "同一件事"}
        )
    first, last = (Order.objects.get(number=number).pk for number in (kept, merged))
    with pytest.raises(ValueError, match="merged"):
        filling.Specimens(first, last)


@pytest.mark.parametrize("table", filling.TABLES, ids=lambda table: table.model.__name__)
def test_a_column_that_nobody_spoke_of_stops_the_filling(table):
    assert table.columns
    forgetful = filling.Table(table.model, dict(list(table.made.items())[1:]), table.copied, table.empty)
    with pytest.raises(ValueError, match=list(table.made)[0]):
        _ = forgetful.columns
