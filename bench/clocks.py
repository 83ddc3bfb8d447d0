"""Clock arithmetic per second: prefix arrays against a loop that looks at every day.

Run `python -m bench.clocks`. Both sides answer the same questions and must agree; the ratio is what counts.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fawang.site.settings.testing")

from fawang.base.calendar import announced
from fawang.base.calendar.reckoning import reckon
from fawang.base.calendar.snapshot import Calendar, Day
from fawang.base.calendar.values import Limit, Pause, Unit, YearStatus
from fawang.kernel.clock import SHANGHAI

QUESTIONS = 20_000
SEED = 20260928


def calendar() -> Calendar:
    """The announced years 2015-2026."""
    entries = announced.official(date(2015, 1, 1), date(2026, 12, 31))
    days = {entry.day: Day(entry.is_working, entry.name, entry.name_en) for entry in entries}
    return Calendar(revision=1, years=dict.fromkeys(range(2015, 2027), YearStatus.OFFICIAL), days=days)


def _is_working(days: dict[date, bool], day: date) -> bool:
    return days.get(day, day.weekday() < 5)


def naive_add(days: dict[date, bool], day: date, count: int) -> date:
    """The count-th working day after a day, day by day."""
    while count:
        day += timedelta(days=1)
        if _is_working(days, day):
            count -= 1
    return day


def naive_due(days: dict[date, bool], start: datetime, count: int, pauses: list[Pause]) -> datetime:
    """The end of a limit in working days with pauses, day by day."""
    for pause in pauses:
        day = pause.begin.date()
        while day < pause.end.date():
            day += timedelta(days=1)
            count += _is_working(days, day)
    last = naive_add(days, start.date(), count)
    return datetime(last.year, last.month, last.day, tzinfo=SHANGHAI) + timedelta(days=1)


def per_second(work: Callable[[], object], times: int) -> float:
    """How many of `times` equal pieces of work are done in a second, the best of three rounds."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return times / best


def row(label: str, fast: float, naive: float) -> None:
    """One line of the table."""
    print(f"{label:44} {fast:>12,.0f} {naive:>12,.0f} {fast / naive:>8.1f}x")


def main() -> None:
    """Print the table."""
    known = calendar()
    days = {day: entry.is_working for day, entry in known.days.items()}
    chance = random.Random(SEED)
    starts = [
        datetime(2016, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=chance.randrange(60 * 24 * 3200))
        for _ in range(QUESTIONS)
    ]
    print(f"{'clock arithmetic, answers per second':44} {'prefix':>12} {'day loop':>12} {'ratio':>9}")
    for count in (5, 30, 90):
        row(
            f"add {count} working days",
            per_second(lambda c=count: [known.add_working_days(s.date(), c) for s in starts], QUESTIONS),
            per_second(lambda c=count: [naive_add(days, s.date(), c) for s in starts], QUESTIONS),
        )
    for count in (5, 15, 60):
        _compare_due(known, days, starts, count, paused=False)
        _compare_due(known, days, starts, count, paused=True)


def _compare_due(known: Calendar, days: dict[date, bool], starts: list[datetime], count: int, *, paused: bool) -> None:
    """One line about whole answers, which must agree."""
    limit = Limit(count, Unit.WD)
    pairs = [(s, [Pause(s + timedelta(days=1), s + timedelta(days=9))] if paused else []) for s in starts]
    for start, pauses in pairs[:500]:
        assert reckon(known, start=start, limit=limit, pauses=pauses).due_at == naive_due(days, start, count, pauses)
    row(
        f"due moment of {count} working days" + (", paused once" if paused else ""),
        per_second(lambda: [reckon(known, start=s, limit=limit, pauses=p) for s, p in pairs], QUESTIONS),
        per_second(lambda: [naive_due(days, s, count, p) for s, p in pairs], QUESTIONS),
    )


if __name__ == "__main__":
    main()
