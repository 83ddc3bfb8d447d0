"""Seats: claiming one, and handing a freed one to whoever waits first.

The unique row decides who was first. A freed seat never becomes free in between: in the transaction that frees it the
same row is held for the first who waits, so nobody who presses at that moment can be faster.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from fawang.base.meetings import errors, events, rules, selectors
from fawang.base.meetings.models import Bookable, Booking, Closure, Slot, Wait
from fawang.base.meetings.telling import tell_party
from fawang.base.meetings.values import State, WaitState
from fawang.kernel import clock
from fawang.kernel.events import services as log
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor


def end_of(bookable: Bookable, start: datetime) -> datetime | None:
    """The end of the slot that begins at `start` by the pattern; None when none begins there."""
    day = clock.local(start).date()
    kind = selectors.day_kinds(day, 1)[day]
    return dict(selectors.times_of(bookable, day, kind)).get(clock.local(start))


def offered_end(bookable: Bookable, start: datetime, *, is_staff: bool) -> datetime:
    """The end of the slot that begins at `start`. Raises NotOffered. Staff book walk-ins without notice."""
    if start.tzinfo is None or not bookable.is_open or bookable.institution.status != "ACTIVE":
        raise errors.NotOffered
    now = clock.now()
    ahead = (clock.local(start).date() - clock.today()).days
    if not 0 <= ahead <= bookable.horizon_days:
        raise errors.NotOffered
    if not is_staff and start < now + timedelta(minutes=bookable.notice_minutes):
        raise errors.NotOffered
    end = end_of(bookable, start)
    if end is None or end <= now:
        raise errors.NotOffered
    return end


def _free_numbers(bookable: Bookable, start: datetime, end: datetime) -> list[int]:
    near = Slot.objects.filter(bookable=bookable, start__lt=end, end__gt=start).values_list("start", "seat_no")
    rows = list(near)
    taken = {seat_no for begin, seat_no in rows if begin == start}
    # seats of an older pattern that overlap this time count as taken too
    seats = bookable.seats - sum(1 for begin, _seat in rows if begin != start)
    return [seat_no for seat_no in range(1, seats + 1) if seat_no not in taken]


def must_have_room(bookable: Bookable, start: datetime, end: datetime) -> None:
    """Turn those away who came too late without letting them wait for the write lock. Raises FullyBooked."""
    if not _free_numbers(bookable, start, end):
        raise errors.FullyBooked


def take_seat(bookable: Bookable, start: datetime, end: datetime) -> Slot:
    """Claim a seat in the caller's transaction. Raises FullyBooked, DeskIsClosed.

    Each refused try means that somebody else has just taken that very seat, so there are at most as many tries as
    seats; they begin anywhere, so that many who press at once do not all try the same one.
    """
    free = _free_numbers(bookable, start, end)
    random.shuffle(free)
    for seat_no in free:
        try:
            with transaction.atomic():
                slot = Slot.objects.create(bookable=bookable, start=start, end=end, seat_no=seat_no)
        except IntegrityError:
            continue  # somebody took this seat in the same moment: try another one
        # looked at after the row is there: whoever closes the desk waits for the row, or we see the closure
        if is_closed(bookable, start, end):
            raise errors.DeskIsClosed
        return slot
    raise errors.FullyBooked


def is_closed(bookable: Bookable, start: datetime, end: datetime) -> bool:
    """Whether the desk is closed at some moment of that time."""
    return Closure.objects.filter(bookable=bookable, lifted_at=None, begin__lt=end, end__gt=start).exists()


def release(actor: Actor, slot: Slot | None) -> Wait | None:
    """A seat is not needed any more: held for the first who waits and can come, else free for everybody."""
    if slot is None:
        return None
    found = hand_on(actor, slot)
    if found is None:
        slot.delete()
    return found


def hand_on(actor: Actor, slot: Slot) -> Wait | None:
    """Offer a seat to the first who waits for it. None when nobody does, or when it begins too soon."""
    limits, now = rules.today(), clock.now()
    bookable = Bookable.objects.select_related("institution").get(pk=slot.bookable_id)
    is_soon = slot.start < now + timedelta(minutes=limits.offer_before_minutes)
    if is_soon or not bookable.is_open or is_closed(bookable, slot.start, slot.end):
        return None
    day = clock.local(slot.start).date()
    line = Wait.objects.filter(
        bookable=bookable, state=WaitState.WAITING, first_day__lte=day, last_day__gte=day
    ).order_by("id")
    until = min(rules.held_until(now, limits), slot.start - timedelta(minutes=min(10, limits.offer_before_minutes)))
    for wait in line:
        if Booking.objects.filter(party_id=wait.party_id, start=slot.start, state=State.BOOKED).exists():
            continue
        changed = Wait.objects.filter(pk=wait.pk, state=WaitState.WAITING).update(
            state=WaitState.OFFERED, slot=slot, offered_until=until, state_at=now
        )
        if not changed:
            continue  # left, or was offered another seat in the same moment
        data = {"bookable": bookable.token, "start": slot.start, "until": until}
        log.append(actor=actor, stream=events.wait_stream(wait.token), facts=[Fact(events.OFFERED, data)])
        told = {"start": slot.start, "until": until}
        # one wait may be offered a time, lapse no more: each offer has its own cause
        cause = f"{wait.token}:{int(slot.start.timestamp())}"
        tell_party(actor, bookable, wait.party_id, "wait_offered", told, cause=cause)
        return wait
    return None
