"""Questions to the calendar. Everybody may ask: the calendar is a public announcement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from fawang.base.calendar import announced, explaining, reckoning
from fawang.base.calendar.models import CalendarDay, CalendarYear, OfficeHours, Revision
from fawang.base.calendar.snapshot import Calendar, Day, Hours, Stretch
from fawang.base.calendar.values import DayValue, Limit, Pause, Reckoned, YearStatus, YearValue

# `Calendar` is here for other rooms, which hold a snapshot for a transaction
__all__ = [
    "Calendar", "current", "explain", "is_in_time", "is_working", "month", "months", "next_working_day", "reckon",
    "revision", "schedules", "steps_text", "working_days_between", "years",
]  # fmt: skip

_State = tuple[int, str]
_NOTHING: _State = (0, "")
_cached: tuple[_State, Calendar] | None = None


def _state() -> _State:
    """Number and stamp of the calendar's state: one query."""
    return Revision.objects.filter(pk=1).values_list("number", "stamp").first() or _NOTHING


def _read(state: _State) -> Calendar:
    years = {row.year: YearStatus(row.status) for row in CalendarYear.objects.all()}
    days = {
        row.date: Day(row.is_working, row.name, row.name_en, row.reason)
        for row in CalendarDay.objects.filter(date__year__in=list(years))
    }
    hours = {}
    for schedule in OfficeHours.objects.prefetch_related("stretches"):
        week: list[list[Stretch]] = [[] for _ in range(7)]
        for stretch in schedule.stretches.all():
            week[stretch.weekday].append((stretch.begins, stretch.ends))
        table = tuple(tuple(sorted(day)) for day in week)
        hours[schedule.code] = Hours(schedule.code, table, schedule.name, schedule.name_en)
    return Calendar(revision=state[0], years=years, days=days, hours=hours)


def current() -> Calendar:
    """The calendar as it is now, as an immutable snapshot: hold it for a transaction.

    Cached for the process; each call checks with one query whether the state has changed.
    """
    global _cached  # noqa: PLW0603 - the process-wide cache
    known, state = _cached, _state()
    while known is None or known[0] != state:
        calendar, after = _read(state), _state()
        if after == state:
            known = _cached = (state, calendar)
        state = after
    return known[1]


def revision() -> int:
    """The number of the calendar's state; it grows with every change."""
    return _state()[0]


def is_working(day: date) -> bool:
    """Whether people work on the day. Raises CalendarMissing."""
    return current().is_working(day)


def next_working_day(day: date, *, or_same: bool = False) -> date:
    """The next working day after the day, or the day itself if `or_same` and it is one. Raises CalendarMissing."""
    return current().next_working_day(day, or_same=or_same)


def working_days_between(first: date, last: date) -> int:
    """How many working days d there are with first < d <= last. Raises CalendarMissing."""
    return current().working_days_between(first, last)


def months(day: date, count: int) -> date:
    """The corresponding day `count` months later, or that month's last day (T2, 民法典 art.202)."""
    return reckoning.add_months(day, count)


def month(year: int, number: int) -> list[DayValue]:
    """The days of a month, for showing it. Raises CalendarMissing."""
    return current().month(year, number)


def years() -> list[YearValue]:
    """The loaded years, oldest first."""
    rows = CalendarYear.objects.order_by("year")
    return [YearValue(row.year, YearStatus(row.status), row.source, row.loaded_at) for row in rows]


def schedules() -> list[Hours]:
    """The named office hours, by code; `default` is always among them."""
    return sorted(current().hours.values(), key=lambda hours: hours.code)


def reckon(
    *,
    start: datetime,
    limit: Limit,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Limit] = (),
    hours: str | None = None,
    calendar: Calendar | None = None,
) -> Reckoned:
    """When `limit` from `start` ends (`reckoning.reckon`); pass `calendar` to reuse a snapshot without a query."""
    return reckoning.reckon(
        calendar if calendar is not None else current(),
        start=start,
        limit=limit,
        pauses=pauses,
        extensions=extensions,
        hours=hours,
    )


def is_in_time(due_at: datetime, *, arrived_at: datetime, posted_at: datetime | None = None) -> bool:
    """Whether something came before a limit's end; by post the moment of posting decides (T5)."""
    return reckoning.is_in_time(due_at, arrived_at=arrived_at, posted_at=posted_at)


def explain(reckoned: Reckoned, language: str) -> str:
    """Why the limit ends when it does, in one sentence (`language` begins with zh or en)."""
    return explaining.sentence(reckoned, language)


def steps_text(reckoned: Reckoned, language: str) -> list[str]:
    """The steps of a reckoning, each in words."""
    return explaining.lines(reckoned, language)


def announced_years() -> list[int]:
    """The years whose official calendar can be loaded here."""
    return announced.official_years()
