"""The verbs of opening for booking."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from fawang.base.meetings import errors, opening, selectors
from fawang.base.meetings.models import Bookable, Booking
from fawang.base.meetings.policy import reaches
from fawang.base.meetings.seats import end_of
from fawang.base.meetings.telling import text_of
from fawang.base.meetings.values import BookableValue, BookingView, Kind, State
from fawang.kernel import clock, ids, policy
from fawang.kernel.errors import Invalid, NotFound, NotPermitted
from fawang.kernel.policy import Actor


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
        name=text_of(name, "name", 60, required=True),
        name_en=text_of(name_en, "name_en", 120),
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
        if not bookable.is_open or end_of(bookable, booking.start) is None
    ]
