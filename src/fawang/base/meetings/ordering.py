"""Whose turn it is in a hall. Pure: no database, no clock.

First come people with priority (无障碍环境建设法 art. 40 asks for it in halls of public service), then those whose
booked time has come and those who have waited very long, by that time; then the others as they came; last, who is early
for a booked time. Somebody who was passed over waits until so many others were called.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

FIRST, DUE, CAME, EARLY, PASSED = range(5)
# the last so many services of the day say how long one takes
_LOOKED_AT = 20
_ROUNDED_TO = 5


@dataclass(frozen=True)
class Waiting:
    """One who waits. `to_pass` others are called before them: who was passed over comes back."""

    id: int
    taken_at: datetime
    has_priority: bool
    booked_start: datetime | None
    to_pass: int


def _rank(one: Waiting, now: datetime, longest: timedelta) -> tuple[int, datetime, int]:
    if one.to_pass > 0:
        return PASSED, one.taken_at, one.id
    if one.has_priority:
        return FIRST, one.taken_at, one.id
    if one.booked_start is not None:
        # who comes late for a booked time has come when they came
        at = max(one.booked_start, one.taken_at)
        return (DUE if one.booked_start <= now else EARLY), at, one.id
    return (DUE if now - one.taken_at >= longest else CAME), one.taken_at, one.id


def in_turn(waiting: Iterable[Waiting], *, now: datetime, longest: timedelta) -> list[int]:
    """The ids of those who wait, next first."""
    return [one.id for one in sorted(waiting, key=lambda one: _rank(one, now, longest))]


def service_time(spans: Iterable[tuple[datetime, datetime]], *, told_from: int) -> timedelta | None:
    """How long a service takes today: the median of the last ones; None while there were too few to say."""
    lengths = [(end - begin).total_seconds() for begin, end in sorted(spans, key=lambda span: span[1])][-_LOOKED_AT:]
    return timedelta(seconds=median(lengths)) if len(lengths) >= told_from else None


def wait_minutes(ahead: int, each: timedelta | None, windows: int) -> int | None:
    """How long one still waits with so many ahead and so many windows working, rounded up; None when nobody can say."""
    if each is None or windows < 1:
        return None
    seconds = each.total_seconds() * ahead / windows
    return -(-int(seconds) // (60 * _ROUNDED_TO)) * _ROUNDED_TO
