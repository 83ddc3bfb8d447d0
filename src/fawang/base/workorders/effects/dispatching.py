"""To whom it goes: dispatch, offers, recall, returns."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.base.workorders.engine import Act, effect
from fawang.base.workorders.models import Participant
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, RefusedByRule

MAX_RETURNS = 2
DEFAULT_OFFER_MINUTES = 30


def unit_of(act: Act, field: str, token: str) -> InstitutionValue:
    """The unit named in the form: it must be active and serve the line. Raises Invalid or RefusedByRule."""
    try:
        unit = organisations.institution_by_token(token)
    except NotFound:
        raise Invalid({field: _("没有这个单位，请从列表中选择。")}) from None
    if unit.status != "ACTIVE":
        raise RefusedByRule(_("%(name)s现在不能承办(停业、注销或被处罚)，请选择别的单位。"), name=unit.name)
    if act.order.line not in unit.lines:
        raise RefusedByRule(_("%(name)s不办理这类业务，请选择别的单位。"), name=unit.name)
    if unit.licence_valid_to is not None and unit.licence_valid_to < clock.today():
        raise RefusedByRule(_("%(name)s的执业许可已经过期，不能派单。"), name=unit.name)
    return unit


@effect("dispatch")
def dispatch(act: Act) -> None:
    """Give the order to a lead unit, with co-units where needed. A unit that returned it does not get it again."""
    order = act.order
    unit = unit_of(act, "unit", act.data["unit"])
    appointed = act.data.get("mode") == "APPOINTED"
    if unit.id in order.returned_by and not appointed:
        raise RefusedByRule(_("%(name)s已经退回过这个工单。请选择别的单位，或用“指定”方式派单。"), name=unit.name)
    order.unit_id, order.handler_id = unit.id, None
    order.offered_unit_id, order.offered_until = None, None
    order.dispatch_mode = act.data.get("mode") or "MANUAL"
    order.return_refused = appointed
    order.dispatched_at = clock.now()
    for token in [part.strip() for part in (act.data.get("co_units") or "").split(",") if part.strip()]:
        add_co_unit(act, unit_of_any_line(token))


def unit_of_any_line(token: str) -> InstitutionValue:
    """A co-unit: active, of any line."""
    try:
        unit = organisations.institution_by_token(token)
    except NotFound:
        raise Invalid(
            {"units": _("没有这个单位，请从列表中选择。"), "co_units": _("没有这个单位，请从列表中选择。")}
        ) from None
    if unit.status != "ACTIVE":
        raise RefusedByRule(_("%(name)s现在不能承办(停业、注销或被处罚)，请选择别的单位。"), name=unit.name)
    return unit


def add_co_unit(act: Act, unit: InstitutionValue) -> None:
    """Let a unit take part; once, and not the lead unit itself."""
    if unit.id == act.order.unit_id:
        raise Invalid({"units": _("主办单位不用再列为协办单位。")})
    for known in act.participants:
        if known.part == "CO_UNIT" and known.unit_id == unit.id:
            known.has_answered = False
            act.rows.append(known)
            return
    participant = Participant(order=act.order, part="CO_UNIT", unit_id=unit.id, since=clock.now())
    act.participants.append(participant)
    if not act.is_new:
        act.rows.append(participant)


@effect("offer")
def offer(act: Act) -> None:
    """Reserve it for a unit until it answers or the time is over."""
    order = act.order
    if order.offered_unit_id is not None and order.offered_until is not None and order.offered_until > clock.now():
        raise RefusedByRule(_("正在等另一个单位答复，请等它答复或过期后再询问。"))
    unit = unit_of(act, "unit", act.data["unit"])
    if unit.id in order.returned_by:
        raise RefusedByRule(_("%(name)s已经退回或没有承接过这个工单，请询问别的单位。"), name=unit.name)
    minutes = act.data.get("minutes") or DEFAULT_OFFER_MINUTES
    order.offered_unit_id = unit.id
    order.offered_until = clock.now() + timedelta(minutes=minutes)


@effect("accept_offer")
def accept_offer(act: Act) -> None:
    """The offered unit becomes the holder and has thereby signed for it."""
    order = act.order
    order.unit_id, order.handler_id = order.offered_unit_id, None
    order.offered_unit_id, order.offered_until = None, None
    order.dispatch_mode = "GRAB"
    order.dispatched_at = order.signed_at = clock.now()


@effect("decline_offer")
def decline_offer(act: Act) -> None:
    """Back into the queue, and this unit is not asked again."""
    order = act.order
    if order.offered_unit_id is not None:
        order.returned_by = [*order.returned_by, order.offered_unit_id]
    order.offered_unit_id, order.offered_until = None, None


@effect("lapse_offer")
def lapse_offer(act: Act) -> None:
    """Nobody answered in time."""
    decline_offer(act)


@effect("recall")
def recall(act: Act) -> None:
    """Take it back before it was signed for."""
    act.order.unit_id = None
    act.order.return_refused = False


@effect("ask_return")
def ask_return(act: Act) -> None:
    """“Not ours” and “wrong area” must name whose it is."""
    if act.data["reason"] in {"RT01", "RT02"} and not act.data.get("whose"):
        raise Invalid({"whose": _("请写明应由哪个单位或哪里办理。")})


@effect("agree_return")
def agree_return(act: Act) -> None:
    """Back to dispatch; this unit does not get it again. After two returns only an appointment is left (§5.7)."""
    order = act.order
    order.returns += 1
    if order.unit_id is not None:
        order.returned_by = [*order.returned_by, order.unit_id]
    order.unit_id = None


@effect("refuse_return")
def refuse_return(act: Act) -> None:
    """It stays, and the unit may not ask again."""
    act.order.return_refused = True


@effect("sign")
def sign(act: Act) -> None:
    """The unit has it."""
    act.order.signed_at = clock.now()
