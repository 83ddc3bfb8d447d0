"""Inside the holder's unit: naming a handler, transferring, accepting."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import HandlerValue
from fawang.base.workorders.engine import Act, effect
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule

IN_THE_MIDDLE = frozenset({"HANDLING", "SUSPENDED", "REDO"})


def _handler(act: Act, token: str) -> HandlerValue:
    """The member named in the form: of this unit, licensed, and not on leave today. Raises Invalid."""
    order = act.order
    if order.unit_id is None:
        raise RefusedByRule(_("这个工单还没有承办单位。"))
    found = next((row for row in organisations.handlers(order.unit_id, on=clock.today()) if row.token == token), None)
    if found is None or found.account_id is None:
        raise Invalid({"handler": _("这个人不在本单位、执业证已过期或正在休假，请选择别人。")})
    if found.party_id is not None and found.party_id in {order.applicant_id, *_opposite(act)}:
        raise RefusedByRule(_("这个人是当事人，应当回避，请选择别人。"))
    return found


def _opposite(act: Act) -> set[int]:
    return {p.party_id for p in act.participants if p.part == "OPPOSITE" and p.party_id is not None}


@effect("assign")
def assign(act: Act) -> str:
    """Name the handler; in the middle of the work the state stays and only the person changes."""
    found = _handler(act, act.data["handler"])
    if found.account_id == act.order.handler_id:
        raise Invalid({"handler": _("已经由这个人承办。")})
    act.order.handler_id = found.account_id
    return act.order.state if act.order.state in IN_THE_MIDDLE else "ASSIGNED"


@effect("take")
def take(act: Act) -> None:
    """A member of the unit takes it up."""
    order = act.order
    mine = organisations.handlers(order.unit_id or 0, on=clock.today())
    if not any(row.account_id == act.actor.account_id for row in mine):
        raise RefusedByRule(_("您不在本单位的承办人名册上，或执业证已过期、正在休假。请联系单位联络员。"))
    if act.actor.party_id is not None and act.actor.party_id == order.applicant_id:
        raise RefusedByRule(_("这是您自己的事项，应当回避。"))
    order.handler_id = act.actor.account_id


@effect("agree_transfer")
def agree_transfer(act: Act) -> str:
    """To another person of the unit, or back to dispatch and thereby to another unit."""
    order = act.order
    if act.data.get("handler"):
        order.handler_id = _handler(act, act.data["handler"]).account_id
        return "ASSIGNED"
    if order.unit_id is not None:
        order.returned_by = [*order.returned_by, order.unit_id]
    order.unit_id, order.handler_id, order.inner = None, None, ""
    return "TO_DISPATCH"


@effect("accept")
def accept(act: Act) -> None:
    """Work begins, in the line's first inner state."""
    if act.order.accepted_at is None:
        act.order.accepted_at = clock.now()
