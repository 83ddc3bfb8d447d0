"""The questions about the waiting list and about closures."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fawang.base.meetings.models import Booking, Closure, Wait
from fawang.base.meetings.policy import reaches, reaches_institution
from fawang.base.meetings.selectors.bookings import bookable_name, booking_view
from fawang.base.meetings.values import BookingView, ClosureView, State, WaitState, WaitView
from fawang.kernel import clock, policy
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor

_OPEN = (WaitState.WAITING, WaitState.OFFERED)
_MOST_ROWS = 500


def _wait_view(wait: Wait) -> WaitView:
    place = 0
    if wait.state == WaitState.WAITING:
        place = 1 + Wait.objects.filter(
            bookable_id=wait.bookable_id, state=WaitState.WAITING, pk__lt=wait.pk,
            first_day__lte=wait.last_day, last_day__gte=wait.first_day,
        ).count()  # fmt: skip
    return WaitView(
        token=wait.token,
        institution_id=wait.bookable.institution_id,
        bookable_name=bookable_name(wait.bookable),
        first_day=wait.first_day,
        last_day=wait.last_day,
        state=wait.state,
        state_label=wait.get_state_display(),
        place=place,
        offer_start=wait.slot.start if wait.slot else None,
        offer_end=wait.slot.end if wait.slot else None,
        offered_until=wait.offered_until,
        booking_token=wait.booking.token if wait.booking else "",
        purpose=wait.purpose,
        bookable_token=wait.bookable.token,
    )


def wait(actor: Actor, token: str) -> WaitView:
    """One's own wait. Raises NotFound for anybody else's."""
    if actor.party_id is None:
        raise NotFound
    rows = Wait.objects.filter(token=token, party_id=actor.party_id)
    found = rows.select_related("bookable", "slot", "booking").first()
    if found is None:
        raise NotFound
    return _wait_view(found)


def my_waits(actor: Actor) -> list[WaitView]:
    """What one waits for, oldest first."""
    if actor.party_id is None:
        return []
    rows = Wait.objects.filter(party_id=actor.party_id, state__in=_OPEN).select_related("bookable", "slot", "booking")
    return [_wait_view(row) for row in rows.order_by("id")[:_MOST_ROWS]]


def waiting_count(actor: Actor, institution_id: int) -> int:
    """How many wait for a time at an institution, for its staff."""
    policy.require(actor, "meetings.receive")
    if not reaches_institution(actor, "meetings.receive", institution_id):
        return 0
    return Wait.objects.filter(bookable__institution_id=institution_id, state__in=_OPEN).count()


def closure_view(closure: Closure) -> ClosureView:
    """The row as other rooms get it."""
    return ClosureView(
        id=closure.pk,
        bookable_id=closure.bookable_id,
        bookable_name=bookable_name(closure.bookable),
        begin=closure.begin,
        end=closure.end,
        kind=closure.kind,
        kind_label=closure.get_kind_display(),
    )


def closures(actor: Actor, institution_id: int, *, since: date, days: int) -> list[ClosureView]:
    """An institution's closures that touch these days, in order of time."""
    policy.require(actor, "meetings.receive")
    begin = datetime(since.year, since.month, since.day, tzinfo=clock.SHANGHAI)
    rows = Closure.objects.filter(
        bookable__institution_id=institution_id, lifted_at=None, begin__lt=begin + timedelta(days=days), end__gt=begin
    )
    found = rows.select_related("bookable").order_by("begin", "id")[:_MOST_ROWS]
    return [closure_view(row) for row in found if reaches(actor, "meetings.receive", row.bookable)]


def displaced(actor: Actor, institution_id: int) -> list[BookingView]:
    """Bookings in closed times that nobody has moved or cancelled yet, in order of time."""
    policy.require(actor, "meetings.receive")
    rows = Booking.objects.filter(
        bookable__institution_id=institution_id, closure__isnull=False, state=State.BOOKED, end__gt=clock.now()
    )
    found = rows.select_related("bookable").order_by("start", "id")[:_MOST_ROWS]
    return [booking_view(actor, row) for row in found if reaches(actor, "meetings.receive", row.bookable)]
