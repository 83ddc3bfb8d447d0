"""The verbs of booking: book, move, cancel."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from fawang.base.meetings import errors, events, rules, selectors
from fawang.base.meetings.models import Bookable, Booking, Slot
from fawang.base.meetings.policy import may_change, reaches
from fawang.base.meetings.seats import must_have_room, offered_end, release, take_seat
from fawang.base.meetings.telling import note, tell, text_of
from fawang.base.meetings.values import BookingView, State
from fawang.kernel import clock, crypto, ids, policy
from fawang.kernel.errors import NotFound, NotPermitted
from fawang.kernel.policy import Actor, Scope

MOST_OPEN = 5
_CLAIM_LENGTH = 6


def _find(bookable_id: int | None, window_id: int | None) -> Bookable:
    asked = {"pk": bookable_id} if bookable_id is not None else {"window_id": window_id}
    found = Bookable.objects.filter(**asked).select_related("institution").first() if any(asked.values()) else None
    if found is None:
        raise NotFound
    return found


def _check_booker(actor: Actor, bookable: Bookable, party_id: int | None) -> tuple[int | None, bool]:
    scopes = policy.require(actor, "meetings.book")
    if reaches(actor, "meetings.book", bookable):
        return party_id, True
    if Scope.OWN not in scopes or actor.party_id is None or party_id not in {None, actor.party_id}:
        raise NotPermitted(reason="meetings.book")
    missed = selectors.missed_of(actor.party_id)
    if missed >= rules.today().most_missed:
        raise errors.OnlyTheDesk(count=missed)
    live = Booking.objects.filter(party_id=actor.party_id, state=State.BOOKED, end__gt=clock.now()).count()
    if live >= MOST_OPEN:
        raise errors.TooManyBookings(count=live)
    return actor.party_id, False


def book(
    *,
    actor: Actor,
    start: datetime,
    bookable_id: int | None = None,
    window_id: int | None = None,
    order_ref: str = "",
    party_id: int | None = None,
    purpose: str = "",
    service_code: str = "",
) -> BookingView:
    """Book the slot that begins at `start` (aware) and tell the person; the view carries the code to say at the desk.

    People book for themselves or for whom they represent; staff for anybody at their own unit. Raises NotOffered,
    FullyBooked, DeskIsClosed, AlreadyBooked (one open booking an order and purpose, one place at a time),
    TooManyBookings, OnlyTheDesk (who missed several), NotPermitted, NotFound.
    """
    policy.require(actor, "meetings.book")
    bookable = _find(bookable_id, window_id)
    party, is_staff = _check_booker(actor, bookable, party_id)
    purpose, order_ref = text_of(purpose, "purpose", 200), text_of(order_ref, "order_ref", 40)
    service_code = text_of(service_code, "service", 40)
    start = start.astimezone(clock.SHANGHAI) if start.tzinfo else start
    end = offered_end(bookable, start, is_staff=is_staff)
    must_have_room(bookable, start, end)
    with transaction.atomic():
        slot = take_seat(bookable, start, end)
        return make(actor, slot, party, order_ref=order_ref, purpose=purpose, service_code=service_code)


def make(
    actor: Actor, slot: Slot, party_id: int | None, *, order_ref: str = "", purpose: str = "", service_code: str = ""
) -> BookingView:
    """Write the booking of a claimed seat, in the caller's transaction, and tell the person. Raises AlreadyBooked."""
    claim, moment = ids.readable_code(_CLAIM_LENGTH), clock.now()
    booking = Booking(
        token=ids.token(),
        bookable=slot.bookable,
        slot=slot,
        start=slot.start,
        end=slot.end,
        order_ref=order_ref,
        party_id=party_id,
        purpose=purpose,
        service_code=service_code,
        claim_sealed=crypto.seal(claim, context=selectors.CLAIM_CONTEXT),
        claim_index=crypto.index(claim, context=selectors.CLAIM_CONTEXT),
        state_at=moment,
        booked_by=actor.ref,
        booked_at=moment,
        timed_at=moment,
    )
    _save(booking)
    note(actor, booking, events.BOOKED)
    tell(actor, booking, "booking_made", {"code": claim})
    return selectors.booking_view(actor, booking, claim_code=claim)


def _save(booking: Booking) -> None:
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError:
        raise errors.AlreadyBooked from None


def _open_booking(actor: Actor, token: str) -> Booking:
    policy.require(actor, "meetings.book")
    rows = Booking.objects.select_for_update(of=("self",)).select_related("bookable__institution", "slot")
    booking = rows.filter(token=token).first()
    if booking is None or not may_change(actor, booking):
        raise NotFound
    late = booking.start <= clock.now() and not reaches(actor, "meetings.book", booking.bookable)
    if booking.state != State.BOOKED or late:
        raise errors.BookingIsOver
    return booking


def rebook(*, actor: Actor, token: str, start: datetime, bookable_id: int | None = None) -> BookingView:
    """Move a booking to another time, and to another bookable of the same institution if one is named.

    The old seat is freed (for whoever waits) and the new one taken in one transaction; the code stays. Raises what
    `book` raises, BookingIsOver, and MovedTooOften (the limit is data; a time the desk has closed may always be moved).
    """
    with transaction.atomic():
        booking = _open_booking(actor, token)
        bookable = booking.bookable if bookable_id is None else _find(bookable_id, None)
        if bookable.institution_id != booking.bookable.institution_id:
            raise errors.NotOffered
        start = start.astimezone(clock.SHANGHAI) if start.tzinfo else start
        if start == booking.start and bookable.pk == booking.bookable_id:
            return selectors.booking_view(actor, booking)
        is_staff = reaches(actor, "meetings.book", bookable)
        if not is_staff and booking.closure_id is None and booking.changes >= rules.today().most_changes:
            raise errors.MovedTooOften(count=booking.changes)
        end, old = offered_end(bookable, start, is_staff=is_staff), booking.slot
        booking.slot = take_seat(bookable, start, end)
        booking.bookable, booking.start, booking.end = bookable, start, end
        booking.changes += 1
        booking.timed_at, booking.reminded, booking.closure = clock.now(), 0, None
        _save(booking)
        release(actor, old)
        note(actor, booking, events.CHANGED)
        tell(actor, booking, "booking_changed", {"change": {"zh": "已改到这个时间", "en": "moved to this time"}})
    return selectors.booking_view(actor, booking)


def cancel(*, actor: Actor, token: str, reason: str = "") -> BookingView:
    """Cancel a booking and free its seat at once. Raises NotFound, BookingIsOver."""
    with transaction.atomic():
        booking = _open_booking(actor, token)
        old = booking.slot
        booking.slot, booking.state, booking.state_at = None, State.CANCELLED, clock.now()
        booking.note = text_of(reason, "reason", 200)
        booking.save(update_fields=["slot", "state", "state_at", "note"])
        release(actor, old)
        note(actor, booking, events.CANCELLED)
        tell(actor, booking, "booking_changed", {"change": {"zh": "已取消", "en": "cancelled"}})
    return selectors.booking_view(actor, booking)
