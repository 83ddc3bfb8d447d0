"""The verbs of receiving people: here, served, not come; and lifting the limit on who missed bookings."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from fawang.base.meetings import errors, events, rules, selectors
from fawang.base.meetings.models import Booking, Pardon
from fawang.base.meetings.policy import reaches
from fawang.base.meetings.telling import note, tell, text_of
from fawang.base.meetings.values import BookingView, State
from fawang.kernel import clock, crypto, policy
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor

NO_SHOW_AFTER = timedelta(minutes=30)


def _move(actor: Actor, booking: Booking, source: State, target: State, name: str) -> BookingView:
    moment = clock.now()
    changed = Booking.objects.filter(pk=booking.pk, state=source).update(state=target, state_at=moment)
    if not changed:
        raise errors.BookingIsOver
    booking.state, booking.state_at = target, moment
    note(actor, booking, name)
    return selectors.booking_view(actor, booking)


def _received(actor: Actor, token: str) -> Booking:
    policy.require(actor, "meetings.receive")
    booking = Booking.objects.filter(token=token).select_related("bookable").first()
    if booking is None or not reaches(actor, "meetings.receive", booking.bookable):
        raise NotFound
    return booking


def check_in(*, actor: Actor, token: str = "", claim_code: str = "") -> BookingView:
    """The person is here: by the booking's token or by the code they say. Raises NotFound, NotToday, BookingIsOver."""
    policy.require(actor, "meetings.receive")
    if not token:
        said = "".join(claim_code.upper().split())
        rows = Booking.objects.filter(claim_index__in=crypto.indexes(said, context=selectors.CLAIM_CONTEXT))
        near = [row for row in rows.select_related("bookable") if reaches(actor, "meetings.receive", row.bookable)]
        if not said or not near:
            raise NotFound
        token = min(near, key=lambda row: (row.state != State.BOOKED, row.start)).token
    with transaction.atomic():
        booking = _received(actor, token)
        if clock.local(booking.start).date() != clock.today():
            raise errors.NotToday
        return _move(actor, booking, State.BOOKED, State.SHOWN_UP, events.SHOWN_UP)


def finish(*, actor: Actor, token: str) -> BookingView:
    """The meeting is over. Raises NotFound, BookingIsOver unless the person was checked in."""
    with transaction.atomic():
        return _move(actor, _received(actor, token), State.SHOWN_UP, State.DONE, events.DONE)


def mark_no_show(*, actor: Actor, token: str) -> BookingView:
    """The person did not come. Raises TooEarly before the slot's start, NotFound, BookingIsOver."""
    with transaction.atomic():
        booking = _received(actor, token)
        if booking.start > clock.now():
            raise errors.TooEarly
        return _missed(actor, booking)


def _missed(actor: Actor, booking: Booking) -> BookingView:
    view = _move(actor, booking, State.BOOKED, State.NO_SHOW, events.NO_SHOW)
    if booking.party_id is not None:
        limits, count = rules.today(), selectors.missed_of(booking.party_id)
        tell(actor, booking, "booking_missed", {"count": count, "most": limits.most_missed})
    return view


def lift_limit(*, actor: Actor, token: str, reason: str) -> int:
    """The desk lifts the limit on the person of a booking: what was missed before does not count. How many that was.

    Raises NotFound, Invalid without a reason.
    """
    booking = _received(actor, token)
    said = text_of(reason, "reason", 200, required=True)
    if booking.party_id is None:
        raise NotFound
    count = selectors.missed_of(booking.party_id)
    if count:
        Pardon.objects.create(party_id=booking.party_id, reason=said, pardoned_by=actor.ref, pardoned_at=clock.now())
    return count


def sweep_no_shows() -> int:
    """Mark bookings nobody came to, half an hour after their end; how many. Safe to run twice and at once."""
    actor, limit = policy.system("meetings"), clock.now() - NO_SHOW_AFTER
    missed = (
        Booking.objects.filter(state=State.BOOKED, end__lt=limit, closure=None)
        .select_related("bookable")
        .order_by("end", "id")
    )
    swept = 0
    for booking in missed[:500]:
        try:
            with transaction.atomic():
                _missed(actor, booking)
        except errors.BookingIsOver:
            continue  # checked in this very moment
        swept += 1
    return swept + _end_displaced(actor, limit)


def _end_displaced(actor: Actor, limit: datetime) -> int:
    """End bookings of closed times that nobody moved: the desk was closed, so nobody missed anything."""
    over = Booking.objects.filter(state=State.BOOKED, end__lt=limit, closure__isnull=False).order_by("end", "id")
    ended = 0
    for booking in over.select_related("bookable", "slot")[:500]:
        with transaction.atomic():
            changed = Booking.objects.filter(pk=booking.pk, state=State.BOOKED).update(
                state=State.CANCELLED, state_at=clock.now(), slot=None
            )
            if not changed:
                continue  # moved in this very moment
            booking.state = State.CANCELLED
            if booking.slot is not None:
                booking.slot.delete()
            note(actor, booking, events.CANCELLED)
            tell(
                actor,
                booking,
                "booking_changed",
                {"change": {"zh": "因停办取消，很抱歉", "en": "cancelled: closed then"}},
            )
            ended += 1
    return ended
