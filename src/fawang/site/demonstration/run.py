"""Runs a drive from beginning to end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from fawang.base.calendar import selectors as calendar
from fawang.base.calendar import services as calendars
from fawang.kernel import clock
from fawang.site.demonstration import summary, talks
from fawang.site.demonstration.courses import Courses
from fawang.site.demonstration.drive import SYSTEM, Drive
from fawang.site.demonstration.quiet import quietly
from fawang.site.demonstration.summary import Summary
from fawang.site.demonstration.times import is_working

Progress = Callable[[float], None]
# the hours of the day at which the call-back desk makes its list
DESK_HOURS = frozenset({9, 14})
# limits that begin today may end this many years ahead
YEARS_AHEAD = 3
# chats are held so long before the end, so that the worker still comes by
TALKS_BEFORE = timedelta(hours=4)


def _calendars(begin: datetime, end: datetime) -> None:
    """Load the years the stretch touches, and the next one, where they are missing."""
    known = {row.year for row in calendar.years()}
    official = set(calendar.announced_years())
    wanted = [y for y in range(begin.year, end.year + YEARS_AHEAD + 1) if y not in known]
    if announced := [year for year in wanted if year in official]:
        calendars.load_official(SYSTEM, announced)
    for year in wanted:
        if year not in official:
            calendars.load_provisional(SYSTEM, year)


def run(*, orders: int, days: int, seed: int, end: datetime, progress: Progress = lambda _part: None) -> Summary:
    """Drive `orders` orders (and the demands answered on the spot) through the `days` days before `end` (aware).

    Raises LookupError where the demonstration province is not loaded.
    """
    begin = end - timedelta(days=days)
    _calendars(begin, end)
    is_working.cache_clear()
    drive = Drive(begin, end, seed)
    courses = Courses(drive)

    def on_hour(moment: datetime) -> None:
        there = clock.local(moment)
        if end - TALKS_BEFORE <= moment < end - TALKS_BEFORE + timedelta(hours=1):
            talks.tell(moment)
        if there.hour in DESK_HOURS and is_working(there.date()):
            courses.list_callbacks()
        progress((moment - begin) / (end - begin))

    with quietly(), clock.at(begin):
        drive.draw(orders, courses.demand)
        drive.run(on_hour)
    with clock.at(end):
        return summary.of(drive)
