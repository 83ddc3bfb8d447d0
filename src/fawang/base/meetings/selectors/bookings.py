"""The questions: free times, bookings of an order, a unit's day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from fawang.base.calendar import selectors as calendar
from fawang.base.calendar.values import DayKind
from fawang.base.meetings import opening, rules
from fawang.base.meetings.models import Bookable, Booking, Closure, Pardon, Slot
from fawang.base.meetings.policy import owns, reaches
from fawang.base.meetings.values import BookableValue, BookingView, DayOffer, FreeSlot, State
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock, crypto, policy
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor, Scope

CLAIM_CONTEXT = "meetings.booking.claim"
_EVERYTHING = ~Q(pk__in=[])
_MOST_DAYS = 62
_MOST_ROWS = 500


def bookable_name(bookable: Bookable) -> str:
    """Its name in the page's language."""
    is_english = (get_language() or "").startswith("en")
    return bookable.name_en if is_english and bookable.name_en else bookable.name


def bookable_value(bookable: Bookable) -> BookableValue:
    """The row as other rooms get it."""
    return BookableValue(
        id=bookable.pk,
        token=bookable.token,
        kind=bookable.kind,
        institution_id=bookable.institution_id,
        window_id=bookable.window_id,
        practitioner_id=bookable.practitioner_id,
        name=bookable_name(bookable),
        slot_minutes=bookable.slot_minutes,
        buffer_minutes=bookable.buffer_minutes,
        seats=bookable.seats,
        notice_minutes=bookable.notice_minutes,
        horizon_days=bookable.horizon_days,
        opening=bookable.opening,
        is_open=bookable.is_open,
    )


def booking_view(actor: Actor, booking: Booking, *, claim_code: str = "") -> BookingView:
    """The booking as the actor sees it: its code is for the one who booked."""
    if not claim_code and owns(actor, booking):
        claim_code = crypto.unseal(booking.claim_sealed, context=CLAIM_CONTEXT)
    return BookingView(
        token=booking.token,
        bookable_id=booking.bookable_id,
        bookable_name=bookable_name(booking.bookable),
        kind=booking.bookable.kind,
        institution_id=booking.bookable.institution_id,
        start=booking.start,
        end=booking.end,
        order_ref=booking.order_ref,
        party_id=booking.party_id,
        purpose=booking.purpose,
        state=booking.state,
        state_label=booking.get_state_display(),
        changes=booking.changes,
        claim_code=claim_code,
        bookable_token=booking.bookable.token,
        service_code=booking.service_code,
        is_displaced=booking.closure_id is not None and booking.state == State.BOOKED,
    )


def bookables(actor: Actor, institution_id: int) -> list[BookableValue]:
    """What can be booked at an institution, open ones only."""
    policy.require(actor, "meetings.see_free")
    rows = Bookable.objects.filter(institution_id=institution_id, is_open=True).order_by("kind", "id")
    return [bookable_value(row) for row in rows]


def taking_bookings(actor: Actor, institution_ids: Collection[int] | None = None, *, limit: int = 20) -> list[int]:
    """The institutions (of those named, or any) where something can be booked."""
    policy.require(actor, "meetings.see_free")
    rows = Bookable.objects.filter(is_open=True, institution__status="ACTIVE")
    rows = rows.filter(institution_id__in=institution_ids) if institution_ids is not None else rows
    return list(rows.order_by("institution_id").values_list("institution_id", flat=True).distinct()[:limit])


def bookable_of_window(actor: Actor, window_id: int) -> BookableValue | None:
    """The bookable of a window; None while it is not opened for booking."""
    policy.require(actor, "meetings.see_free")
    row = Bookable.objects.filter(window_id=window_id).first()
    return bookable_value(row) if row else None


def day_kinds(first: date, days: int) -> dict[date, DayKind]:
    """What each of the days is. Raises CalendarMissing: a day of an unknown year is never offered."""
    last = first + timedelta(days=days - 1)
    found: dict[date, DayKind] = {}
    month = first.replace(day=1)
    while month <= last:
        found.update({value.day: value.kind for value in calendar.month(month.year, month.month)})
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def times_of(bookable: Bookable, day: date, kind: DayKind) -> list[tuple[datetime, datetime]]:
    """The slots of a bookable on a day, by its pattern, the calendar and its person's leave."""
    stretches = opening.stretches_of(bookable.opening, day, kind, works_on_holidays=bookable.works_on_holidays)
    if not stretches or (
        bookable.practitioner_id is not None and organisations.on_leave(bookable.practitioner_id, day)
    ):
        return []
    return opening.times(day, stretches, slot_minutes=bookable.slot_minutes, buffer_minutes=bookable.buffer_minutes)


def free_slots(
    actor: Actor,
    *,
    from_date: date,
    days: int = 7,
    bookable_id: int | None = None,
    window_id: int | None = None,
    institution_id: int | None = None,
    kind: str = "",
) -> list[FreeSlot]:
    """The times that can be booked now, in order of time; name one bookable, one window or one institution.

    Raises NotFound when none is named, CalendarMissing when a day's calendar is not loaded.
    """
    policy.require(actor, "meetings.see_free")
    named = {"pk": bookable_id, "window_id": window_id, "institution_id": institution_id}
    asked = {name: value for name, value in named.items() if value is not None}
    if not asked:
        raise NotFound
    rows = Bookable.objects.filter(**asked, is_open=True, institution__status="ACTIVE")
    rows = rows.filter(kind=kind) if kind else rows
    found: list[FreeSlot] = []
    for bookable in rows.order_by("id"):
        found += _free_of(bookable, from_date, max(1, min(days, _MOST_DAYS)))
    return sorted(found, key=lambda slot: (slot.start, slot.bookable_id))


def _offered(bookable: Bookable, from_date: date, days: int) -> list[tuple[datetime, datetime]]:
    """The times that could be booked if nobody had: by pattern, calendar, leave, closures, notice and horizon."""
    now = clock.now()
    earliest = now + timedelta(minutes=bookable.notice_minutes)
    today = clock.local(now).date()
    first = max(from_date, today)
    last = min(from_date + timedelta(days=days - 1), today + timedelta(days=bookable.horizon_days))
    if last < first:
        return []
    offered = [
        (start, end)
        for day, kind in sorted(day_kinds(first, (last - first).days + 1).items())
        if first <= day <= last
        for start, end in times_of(bookable, day, kind)
        if start >= earliest
    ]
    if not offered:
        return []
    closed = list(
        Closure.objects.filter(
            bookable=bookable, lifted_at=None, begin__lt=offered[-1][1], end__gt=offered[0][0]
        ).values_list("begin", "end")
    )
    return [(start, end) for start, end in offered if not any(b < end and u > start for b, u in closed)]


def _free_of(bookable: Bookable, from_date: date, days: int) -> list[FreeSlot]:
    return _left_of(bookable, _offered(bookable, from_date, days))


def _left_of(bookable: Bookable, offered: list[tuple[datetime, datetime]]) -> list[FreeSlot]:
    if not offered:
        return []
    taken = list(
        Slot.objects.filter(bookable=bookable, start__lt=offered[-1][1], end__gt=offered[0][0]).values_list(
            "start", "end"
        )
    )
    exact = Counter(start for start, _end in taken)
    grid = {start for start, _end in offered}
    # seats taken under an older pattern, at times that overlap the present ones
    across = [(start, end) for start, end in taken if start not in grid]
    free = []
    for start, end in offered:
        used = exact[start] + sum(1 for begin, until in across if begin < end and until > start)
        if used < bookable.seats:
            left = bookable.seats - used
            name, seats = bookable_name(bookable), bookable.seats
            free.append(FreeSlot(bookable.pk, bookable.token, name, bookable.kind, start, end, left, seats))
    return free


def days_of(actor: Actor, bookable_id: int, *, days: int = 14) -> list[DayOffer]:
    """The coming days on which something can be booked at all, full ones too. Raises NotFound, CalendarMissing."""
    policy.require(actor, "meetings.see_free")
    bookable = Bookable.objects.filter(pk=bookable_id, is_open=True, institution__status="ACTIVE").first()
    if bookable is None:
        raise NotFound
    offered = _offered(bookable, clock.today(), max(1, min(days, _MOST_DAYS)))
    found: dict[date, list[FreeSlot]] = {clock.local(start).date(): [] for start, _end in offered}
    for slot in _left_of(bookable, offered):
        found[clock.local(slot.start).date()].append(slot)
    return [DayOffer(day, tuple(slots)) for day, slots in sorted(found.items())]


def next_free(actor: Actor, bookable_id: int, *, count: int = 3) -> list[FreeSlot]:
    """The first free times of a bookable within its horizon, today's first."""
    soon = free_slots(actor, from_date=clock.today(), days=7, bookable_id=bookable_id)
    if len(soon) >= count:
        return soon[:count]
    return free_slots(actor, from_date=clock.today(), days=_MOST_DAYS, bookable_id=bookable_id)[:count]


def missed_of(party_id: int) -> int:
    """How many bookings somebody missed lately, by the rule in force, since the desk last lifted the limit."""
    limits = rules.today()
    since = clock.now() - timedelta(days=limits.missed_days)
    pardon = Pardon.objects.filter(party_id=party_id).order_by("-pardoned_at").values_list("pardoned_at", flat=True)
    if (lifted := pardon.first()) is not None:
        since = max(since, lifted)
    return Booking.objects.filter(party_id=party_id, state=State.NO_SHOW, state_at__gt=since).count()


def changes_left(booking: BookingView) -> int | None:
    """How often the person may still move it; None while a closed desk lifts the limit."""
    return None if booking.is_displaced else max(0, rules.today().most_changes - booking.changes)


def _visible(actor: Actor) -> QuerySet[Booking]:
    seen = Q(party_id=actor.party_id) if actor.party_id is not None else Q(pk__in=[])
    scopes = policy.scopes(actor, "meetings.receive") | policy.scopes(actor, "meetings.book")
    if Scope.ALL in scopes:
        seen = _EVERYTHING
    if Scope.UNIT in scopes and actor.unit_id is not None:
        seen |= Q(bookable__institution_id=actor.unit_id)
    if Scope.AREA in scopes and actor.unit_id is not None:
        seen |= Q(bookable__area__startswith=actor.area) if actor.area else _EVERYTHING
    return Booking.objects.filter(seen).select_related("bookable")


def booking(actor: Actor, token: str) -> BookingView:
    """One booking. Raises NotFound for anybody else's."""
    found = _visible(actor).filter(token=token).first()
    if found is None:
        raise NotFound
    return booking_view(actor, found)


def bookings_of(actor: Actor, order_ref: str) -> list[BookingView]:
    """The bookings of an order that the actor may see, in order of time, cancelled ones too."""
    if not order_ref:
        return []
    rows = _visible(actor).filter(order_ref=order_ref).order_by("start", "id")
    return [booking_view(actor, row) for row in rows[:_MOST_ROWS]]


def my_bookings(actor: Actor) -> list[BookingView]:
    """The actor's own bookings that are not over, in order of time."""
    if actor.party_id is None:
        return []
    rows = Booking.objects.filter(party_id=actor.party_id, state=State.BOOKED, end__gt=clock.now())
    return [booking_view(actor, row) for row in rows.select_related("bookable").order_by("start", "id")[:_MOST_ROWS]]


def past_bookings(actor: Actor, *, days: int = 90) -> list[BookingView]:
    """The actor's own bookings of the last days that are over or were cancelled, newest first."""
    if actor.party_id is None:
        return []
    since = clock.now() - timedelta(days=days)
    over = ~Q(state=State.BOOKED) | Q(end__lte=clock.now())
    rows = Booking.objects.filter(over, party_id=actor.party_id, state_at__gt=since).select_related("bookable")
    return [booking_view(actor, row) for row in rows.order_by("-start", "-id")[:20]]


def day_list(actor: Actor, institution_id: int, day: date, *, days: int = 1) -> list[BookingView]:
    """An institution's bookings of a day (or of some from it on), in order of time, for those who receive people."""
    policy.require(actor, "meetings.receive")
    begin = datetime(day.year, day.month, day.day, tzinfo=clock.SHANGHAI)
    rows = (
        Booking.objects.filter(
            bookable__institution_id=institution_id, start__gte=begin, start__lt=begin + timedelta(days=days)
        )
        .exclude(state=State.CANCELLED)
        .select_related("bookable")
        .order_by("start", "id")
    )
    return [booking_view(actor, row) for row in rows[:_MOST_ROWS] if reaches(actor, "meetings.receive", row.bookable)]


def bookable(token: str) -> BookableValue:
    """What is behind a bookable's public token. Raises NotFound when it takes no bookings."""
    found = Bookable.objects.filter(token=token, is_open=True).first()
    if found is None:
        raise NotFound
    return bookable_value(found)


def bookable_id(token: str) -> int:
    """The id behind a bookable's public token. Raises NotFound."""
    found = Bookable.objects.filter(token=token).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    return found
