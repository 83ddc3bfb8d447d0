"""What may happen at almost any time: urging, supervision, visits to a window, links, breaches, withdrawal."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from fawang.base.meetings import selectors as bookings
from fawang.base.meetings import services as meetings
from fawang.base.workorders import numbers
from fawang.base.workorders.engine import Act, effect, new_query_code
from fawang.base.workorders.models import Link, Order
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByState
from fawang.kernel.policy import system


@effect("urge")
def urge(act: Act) -> None:
    """Counted, shown to the applicant, answered within a working day."""
    act.order.urged_count += 1
    act.order.last_urged_at = clock.now()
    act.order.urge_is_open = True


@effect("answer_urge")
def answer_urge(act: Act) -> None:
    """What the applicant reads."""
    act.order.urge_is_open = False


@effect("supervise")
def supervise(act: Act) -> None:
    """A supervisor owns it from now on; a level is never lowered."""
    act.order.supervision_level = max(act.order.supervision_level, int(act.data["level"]))


@effect("withdraw")
def withdraw(act: Act) -> None:
    """The applicant ends it."""
    act.order.result_code = "WITHDRAWN"


@effect("note_breach")
def note_breach(act: Act) -> None:
    """A clock ran out; the engine's alarm calls this at that moment."""
    if not act.ledger.breach(act.data["limit"]):
        raise RefusedByState
    act.order.breached_count += 1


@effect("switch_offline")
def switch_offline(act: Act) -> None:
    """Number, clock and answers stay; a named window is booked and its clerk sees everything entered."""
    order = act.order
    booking = meetings.book(
        actor=system("workorders"), bookable_id=bookings.bookable_id(act.data["bookable"]),
        start=datetime.fromisoformat(act.data["start"]), order_ref=order.number or "",
        party_id=order.applicant_id, purpose=order.title,
    )  # fmt: skip
    order.is_offline = True
    order.desk_unit_id = booking.institution_id
    act.extra["booking"] = booking.token


@effect("switch_online")
def switch_online(act: Act) -> None:
    """Back online with a claim code: whoever has it takes the order up again on any device."""
    order = act.order
    for booking in bookings.bookings_of(system("workorders"), order.number or ""):
        if booking.state == "BOOKED":
            meetings.cancel(actor=system("workorders"), token=booking.token, reason="online")
    order.is_offline = False
    order.desk_unit_id = None
    new_query_code(act)
    act.extra["claim_code"] = act.extra["query_code"]


@effect("link")
def link(act: Act) -> None:
    """A relation between two orders, kept once."""
    other = Order.objects.filter(number=numbers.normalise(act.data["other"])).first()
    if other is None or other.pk == act.order.pk or not act.sees(other):
        raise Invalid({"other": _("没有找到这个工单编号，请核对。")})
    if not Link.objects.filter(order=act.order, other=other, kind=act.data["kind"]).exists():
        act.rows.append(Link(order=act.order, other=other, kind=act.data["kind"], at=clock.now()))
