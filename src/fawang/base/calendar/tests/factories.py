"""Calendars for tests: the announced ones, and the day-by-day loop that the arithmetic is checked against."""

from datetime import date, datetime, timedelta
from functools import cache

from fawang.base.calendar import announced
from fawang.base.calendar.snapshot import Calendar, Day
from fawang.base.calendar.values import Limit, Pause, Unit, YearStatus
from fawang.kernel import clock
from fawang.kernel.policy import system

ACTOR = system("test")


@cache
def calendar(first=2023, last=2026, *, provisional=(2027,)) -> Calendar:
    """The announced years first…last, then computed ones."""
    entries = announced.official(date(first, 1, 1), date(last, 12, 31))
    for year in provisional:
        entries += announced.computed(year)
    statuses = dict.fromkeys(range(first, last + 1), YearStatus.OFFICIAL)
    return Calendar(
        revision=7,
        years=statuses | dict.fromkeys(provisional, YearStatus.PROVISIONAL),
        days={entry.day: Day(entry.is_working, entry.name, entry.name_en) for entry in entries},
    )


def at(text: str) -> datetime:
    """A moment on Asia/Shanghai's clock: at("2026-09-28 10:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def limit(text: str) -> Limit:
    """limit("5 WD")."""
    value, unit = text.split()
    return Limit(int(value), Unit(unit))


def pause(begin: str, end: str | None = None) -> Pause:
    """A pause between two moments in Asia/Shanghai."""
    return Pause(at(begin), at(end) if end else None)


def naive_end(known: Calendar, start: date, count: int) -> date:
    """The count-th working day after `start`, by looking at every day."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= known.is_working(day)
    return day
