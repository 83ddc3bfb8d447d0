"""The verbs of closing a desk for hours or days. Nobody is dropped: people inside are told and offered other times."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fawang.base.meetings import errors, events, selectors
from fawang.base.meetings.models import Bookable, Booking, Closure, Wait
from fawang.base.meetings.policy import reaches
from fawang.base.meetings.telling import note, tell, tell_party
from fawang.base.meetings.values import BookingView, ClosureKind, ClosureView, State, WaitState
from fawang.kernel import clock, policy
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.policy import Actor


def close(
    *, actor: Actor, bookable_id: int, begin: datetime, end: datetime, kind: str
) -> tuple[ClosureView, list[BookingView]]:
    """Close a desk from `begin` to `end` (aware) and tell everybody booked inside; they stay booked until they move,
    cancel or somebody moves them. Returns the closure and those bookings. Raises SpanWrong, Invalid, NotFound."""
    policy.require(actor, "meetings.close")
    if kind not in ClosureKind.values:
        raise Invalid({"kind": Invalid.message})
    if begin.tzinfo is None or end.tzinfo is None or begin >= end or end <= clock.now():
        raise errors.SpanWrong
    with transaction.atomic():
        # whoever books in this moment waits for this lock or is seen below (see seats.take_seat)
        bookable = Bookable.objects.select_for_update(of=("self",)).filter(pk=bookable_id).first()
        if bookable is None or not reaches(actor, "meetings.close", bookable):
            raise NotFound
        closure = Closure.objects.create(
            bookable=bookable, begin=begin, end=end, kind=kind, closed_by=actor.ref, closed_at=clock.now()
        )
        inside = Booking.objects.filter(
            bookable=bookable, state=State.BOOKED, start__lt=end, end__gt=max(begin, clock.now())
        )
        bookings = list(inside.select_related("bookable").order_by("start", "id"))
        for booking in bookings:
            booking.closure = closure
            booking.save(update_fields=["closure"])
            note(actor, booking, events.DISPLACED)
            tell(actor, booking, "booking_displaced", {}, why=f"C{closure.pk}")
        _withdraw_offers(actor, bookable, begin, end)
    return selectors.closure_view(closure), [selectors.booking_view(actor, one) for one in bookings]


def _withdraw_offers(actor: Actor, bookable: Bookable, begin: datetime, end: datetime) -> None:
    """Times that are held for somebody who waits: they wait on, at their place."""
    held = Wait.objects.filter(
        bookable=bookable, state=WaitState.OFFERED, slot__start__lt=end, slot__end__gt=begin
    ).select_related("slot")
    for wait in held:
        slot, wait.slot = wait.slot, None
        wait.state, wait.state_at, wait.offered_until = WaitState.WAITING, clock.now(), None
        wait.save(update_fields=["state", "state_at", "slot", "offered_until"])
        outcome = {"zh": "空出的时间停办了，您还在原来的位置", "en": "closed then; you keep your place"}
        cause = f"{wait.token}:C{int(begin.timestamp())}"
        tell_party(actor, bookable, wait.party_id, "wait_over", {"outcome": outcome}, cause=cause)
        if slot is not None:
            slot.delete()


def lift_closure(*, actor: Actor, closure_id: int) -> ClosureView:
    """Open again: the times come back, and who has not moved meanwhile keeps the booked time. Raises NotFound."""
    policy.require(actor, "meetings.close")
    with transaction.atomic():
        rows = Closure.objects.select_for_update(of=("self",)).select_related("bookable")
        closure = rows.filter(pk=closure_id).first()
        if closure is None or not reaches(actor, "meetings.close", closure.bookable):
            raise NotFound
        if closure.lifted_at is None:
            closure.lifted_at = clock.now()
            closure.save(update_fields=["lifted_at"])
            standing = Booking.objects.filter(closure=closure, state=State.BOOKED).select_related("bookable")
            for booking in standing:
                booking.closure = None
                booking.save(update_fields=["closure"])
                change = {"zh": "恢复办理，时间不变", "en": "open again, same time"}
                tell(actor, booking, "booking_changed", {"change": change}, why=f"L{closure.pk}")
    return selectors.closure_view(closure)
