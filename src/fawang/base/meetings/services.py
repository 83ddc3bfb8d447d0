"""The verbs: open for booking, book, change, cancel, check in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from fawang.base.meetings import errors, events, opening, selectors
from fawang.base.meetings.models import Bookable, Booking, Slot
from fawang.base.meetings.policy import may_change, reaches
from fawang.base.meetings.values import BookableValue, BookingView, Kind, State
from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Recipient
from fawang.kernel import clock, crypto, ids, policy
from fawang.kernel.errors import Invalid, NotFound, NotPermitted
from fawang.kernel.events import services as log
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, Scope

MOST_OPEN = 5
NO_SHOW_AFTER = timedelta(minutes=30)
_CLAIM_LENGTH = 6


def _text(value: str, field: str, longest: int, *, required: bool = False) -> str:
    text = " ".join(value.replace("\0", "").split())
    if len(text) > longest or (required and not text):
        raise Invalid({field: Invalid.message})
    return text


def open_bookable(
    *,
    actor: Actor,
    kind: str,
    institution_id: int,
    name: str,
    opening_hours: opening.Pattern,
    slot_minutes: int = 30,
    seats: int = 1,
    buffer_minutes: int = 0,
    window_id: int | None = None,
    practitioner_id: int | None = None,
    name_en: str = "",
    notice_minutes: int = 60,
    horizon_days: int = 30,
    works_on_holidays: bool = False,
) -> BookableValue:
    """Open a window, person, room or online desk for booking.

    `opening_hours` maps "1" (Monday) … "7" and "makeup" to stretches such as [["09:00", "12:00"]]. A WINDOW needs its
    `window_id`, a PERSON its `practitioner_id`, both of the same institution. Raises OpeningWrong, WindowTaken,
    Invalid, NotPermitted.
    """
    policy.require(actor, "meetings.manage")
    bookable = Bookable(
        token=ids.token(),
        kind=kind,
        institution_id=institution_id,
        window_id=window_id,
        practitioner_id=practitioner_id,
        name=_text(name, "name", 60, required=True),
        name_en=_text(name_en, "name_en", 120),
        slot_minutes=slot_minutes,
        buffer_minutes=buffer_minutes,
        seats=seats,
        notice_minutes=notice_minutes,
        horizon_days=horizon_days,
        works_on_holidays=works_on_holidays,
        opening=opening.check(opening_hours, slot_minutes),
        created_at=clock.now(),
    )
    _check_numbers(bookable)
    bookable.area = bookable.institution.division_code
    belongs = [part.institution_id for part in (bookable.window, bookable.practitioner) if part is not None]
    if any(owner != institution_id for owner in belongs):
        raise Invalid({"institution": Invalid.message})
    if not reaches(actor, "meetings.manage", bookable):
        raise NotPermitted(reason="meetings.manage")
    try:
        with transaction.atomic():
            bookable.save(force_insert=True)
    except IntegrityError:
        raise errors.WindowTaken from None
    return selectors.bookable_value(bookable)


def _check_numbers(bookable: Bookable) -> None:
    wrong = {
        "kind": bookable.kind not in Kind.values
        or (bookable.kind == Kind.WINDOW and bookable.window_id is None)
        or (bookable.kind == Kind.PERSON and bookable.practitioner_id is None),
        "slot_minutes": not 5 <= bookable.slot_minutes <= 480,
        "buffer_minutes": not 0 <= bookable.buffer_minutes <= 240,
        "seats": not 1 <= bookable.seats <= 500,
        "notice_minutes": not 0 <= bookable.notice_minutes <= 43_200,
        "horizon_days": not 1 <= bookable.horizon_days <= 180,
    }
    if any(wrong.values()):
        raise Invalid({field: Invalid.message for field, is_wrong in wrong.items() if is_wrong})


def change_bookable(
    *,
    actor: Actor,
    bookable_id: int,
    opening_hours: opening.Pattern | None = None,
    slot_minutes: int | None = None,
    seats: int | None = None,
    is_open: bool | None = None,
) -> list[BookingView]:
    """Change hours, length or seats, or stop taking bookings. Bookings already made stand; those that no longer fit
    are returned, so that somebody moves them. Raises OpeningWrong, Invalid, NotFound."""
    policy.require(actor, "meetings.manage")
    with transaction.atomic():
        bookable = Bookable.objects.select_for_update(of=("self",)).filter(pk=bookable_id).first()
        if bookable is None or not reaches(actor, "meetings.manage", bookable):
            raise NotFound
        bookable.slot_minutes = slot_minutes if slot_minutes is not None else bookable.slot_minutes
        bookable.seats = seats if seats is not None else bookable.seats
        bookable.is_open = is_open if is_open is not None else bookable.is_open
        _check_numbers(bookable)
        hours = opening_hours if opening_hours is not None else bookable.opening
        bookable.opening = opening.check(hours, bookable.slot_minutes)
        bookable.save(update_fields=["slot_minutes", "seats", "is_open", "opening"])
    standing = Booking.objects.filter(bookable=bookable, state=State.BOOKED, start__gt=clock.now())
    return [
        selectors.booking_view(actor, booking)
        for booking in standing.select_related("bookable").order_by("start", "id")
        if not bookable.is_open or _end_of(bookable, booking.start) is None
    ]


def _end_of(bookable: Bookable, start: datetime) -> datetime | None:
    day = clock.local(start).date()
    kind = selectors.day_kinds(day, 1)[day]
    return dict(selectors.times_of(bookable, day, kind)).get(clock.local(start))


def _offered_end(bookable: Bookable, start: datetime, *, is_staff: bool) -> datetime:
    """The end of the slot that begins at `start`. Raises NotOffered. Staff book walk-ins without notice."""
    if start.tzinfo is None or not bookable.is_open or bookable.institution.status != "ACTIVE":
        raise errors.NotOffered
    now = clock.now()
    ahead = (clock.local(start).date() - clock.today()).days
    if not 0 <= ahead <= bookable.horizon_days:
        raise errors.NotOffered
    if not is_staff and start < now + timedelta(minutes=bookable.notice_minutes):
        raise errors.NotOffered
    end = _end_of(bookable, start)
    if end is None or end <= now:
        raise errors.NotOffered
    return end


def _take_seat(bookable: Bookable, start: datetime, end: datetime) -> Slot:
    """Claim a seat: the unique row decides who was first. Raises FullyBooked."""
    near = Slot.objects.filter(bookable=bookable, start__lt=end, end__gt=start).values_list("start", "seat_no")
    rows = list(near)
    taken = {seat_no for begin, seat_no in rows if begin == start}
    # seats of an older pattern that overlap this time count as taken too
    seats = bookable.seats - sum(1 for begin, _seat in rows if begin != start)
    for seat_no in range(1, seats + 1):
        if seat_no in taken:
            continue
        try:
            with transaction.atomic():
                return Slot.objects.create(bookable=bookable, start=start, end=end, seat_no=seat_no)
        except IntegrityError:
            continue  # somebody took this seat in the same moment: try the next one
    raise errors.FullyBooked


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
) -> BookingView:
    """Book the slot that begins at `start` (aware) and tell the person; the view carries the code to say at the desk.

    People book for themselves or for whom they represent; staff for anybody at their own unit. Raises NotOffered,
    FullyBooked, AlreadyBooked (one open booking an order and purpose, one place at a time), TooManyBookings,
    NotPermitted, NotFound.
    """
    policy.require(actor, "meetings.book")
    bookable = _find(bookable_id, window_id)
    party, is_staff = _check_booker(actor, bookable, party_id)
    purpose, order_ref = _text(purpose, "purpose", 200), _text(order_ref, "order_ref", 40)
    start = start.astimezone(clock.SHANGHAI) if start.tzinfo else start
    end = _offered_end(bookable, start, is_staff=is_staff)
    claim, moment = ids.readable_code(_CLAIM_LENGTH), clock.now()
    with transaction.atomic():
        slot = _take_seat(bookable, start, end)
        booking = Booking(
            token=ids.token(),
            bookable=bookable,
            slot=slot,
            start=start,
            end=end,
            order_ref=order_ref,
            party_id=party,
            purpose=purpose,
            claim_sealed=crypto.seal(claim, context=selectors.CLAIM_CONTEXT),
            claim_index=crypto.index(claim, context=selectors.CLAIM_CONTEXT),
            state_at=moment,
            booked_by=actor.ref,
            booked_at=moment,
        )
        _save(booking)
        _note(actor, booking, events.BOOKED)
        _tell(actor, booking, "booking_made", {"code": claim})
    return selectors.booking_view(actor, booking, claim_code=claim)


def _save(booking: Booking) -> None:
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError:
        raise errors.AlreadyBooked from None


def _note(actor: Actor, booking: Booking, name: str) -> None:
    data = {
        "order_ref": booking.order_ref,
        "bookable": booking.bookable.token,
        "start": booking.start,
        "changes": booking.changes,
    }
    log.append(actor=actor, stream=events.stream(booking.token), facts=[Fact(name, data)])


def _tell(actor: Actor, booking: Booking, template: str, data: Mapping[str, Any]) -> None:
    if booking.party_id is None:
        return
    bookable = booking.bookable
    place = {"zh": bookable.name, "en": bookable.name_en or bookable.name}
    notifications.tell(
        actor=actor,
        to=Recipient(party_id=booking.party_id),
        template=template,
        data={"place": place, "start": booking.start, **data},
        order_ref=booking.order_ref,
        cause=f"{booking.token}:{booking.changes}:{booking.state}",
        unit_id=bookable.institution_id,
        area=bookable.area,
    )


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

    The old seat is freed and the new one taken in one transaction; the code stays. Raises what `book` raises, and
    BookingIsOver.
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
        end, old = _offered_end(bookable, start, is_staff=is_staff), booking.slot
        booking.slot = _take_seat(bookable, start, end)
        booking.bookable, booking.start, booking.end = bookable, start, end
        booking.changes += 1
        _save(booking)
        if old is not None:
            old.delete()
        _note(actor, booking, events.CHANGED)
        _tell(actor, booking, "booking_changed", {"change": {"zh": "已改到这个时间", "en": "moved to this time"}})
    return selectors.booking_view(actor, booking)


def cancel(*, actor: Actor, token: str, reason: str = "") -> BookingView:
    """Cancel a booking and free its seat at once. Raises NotFound, BookingIsOver."""
    with transaction.atomic():
        booking = _open_booking(actor, token)
        old = booking.slot
        booking.slot, booking.state, booking.state_at = None, State.CANCELLED, clock.now()
        booking.note = _text(reason, "reason", 200)
        booking.save(update_fields=["slot", "state", "state_at", "note"])
        if old is not None:
            old.delete()
        _note(actor, booking, events.CANCELLED)
        _tell(actor, booking, "booking_changed", {"change": {"zh": "已取消", "en": "cancelled"}})
    return selectors.booking_view(actor, booking)


def _move(actor: Actor, booking: Booking, source: State, target: State, name: str) -> BookingView:
    moment = clock.now()
    changed = Booking.objects.filter(pk=booking.pk, state=source).update(state=target, state_at=moment)
    if not changed:
        raise errors.BookingIsOver
    booking.state, booking.state_at = target, moment
    _note(actor, booking, name)
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
        return _move(actor, booking, State.BOOKED, State.NO_SHOW, events.NO_SHOW)


def sweep_no_shows() -> int:
    """Mark bookings nobody came to, half an hour after their end; how many. Safe to run twice and at once."""
    actor, limit = policy.system("meetings"), clock.now() - NO_SHOW_AFTER
    missed = Booking.objects.filter(state=State.BOOKED, end__lt=limit).select_related("bookable").order_by("end", "id")
    swept = 0
    for booking in missed[:500]:
        try:
            with transaction.atomic():
                _move(actor, booking, State.BOOKED, State.NO_SHOW, events.NO_SHOW)
        except errors.BookingIsOver:
            continue  # checked in this very moment
        swept += 1
    return swept
