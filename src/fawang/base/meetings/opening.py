"""From an opening pattern to the times of a day. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from fawang.base.calendar.values import DayKind
from fawang.base.meetings.errors import OpeningWrong
from fawang.kernel import clock

MAKE_UP = "makeup"
_DAYS = frozenset({"1", "2", "3", "4", "5", "6", "7", MAKE_UP})
Pattern = Mapping[str, Sequence[Sequence[str]]]


def _minutes(text: object) -> int:
    if not isinstance(text, str) or len(text) != 5 or text[2] != ":" or not (text[:2] + text[3:]).isdecimal():
        raise OpeningWrong
    hour, minute = int(text[:2]), int(text[3:])
    if hour * 60 + minute > 24 * 60 or minute > 59:
        raise OpeningWrong
    return hour * 60 + minute


def check(pattern: Pattern, slot_minutes: int) -> dict[str, list[list[str]]]:
    """The pattern as it is stored. Raises OpeningWrong when it is empty, overlaps or has a stretch without a slot."""
    if not pattern or not set(pattern) <= _DAYS or not any(pattern.values()):
        raise OpeningWrong
    for stretches in pattern.values():
        before = -1
        for stretch in stretches:
            if len(stretch) != 2:
                raise OpeningWrong
            begin, end = _minutes(stretch[0]), _minutes(stretch[1])
            if begin < before or end - begin < slot_minutes:
                raise OpeningWrong
            before = end
    return {day: [list(stretch) for stretch in stretches] for day, stretches in pattern.items()}


def stretches_of(pattern: Pattern, day: date, kind: DayKind, *, works_on_holidays: bool) -> Sequence[Sequence[str]]:
    """The stretches in which a day is open. A make-up working day without hours of its own has Monday's; a weekend
    is open only with hours of its own; a public holiday only if `works_on_holidays`."""
    own = pattern.get(str(day.isoweekday()), [])
    if kind == DayKind.HOLIDAY and not works_on_holidays:
        return []
    if kind == DayKind.MAKE_UP:
        return pattern.get(MAKE_UP) or own or pattern.get("1", [])
    return own


def times(
    day: date, stretches: Sequence[Sequence[str]], *, slot_minutes: int, buffer_minutes: int
) -> list[tuple[datetime, datetime]]:
    """(start, end) of every slot of a day, aware, in Asia/Shanghai; a slot never runs over the end of its stretch."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=clock.SHANGHAI)
    found = []
    for begin, end in stretches:
        minute, last = _minutes(begin), _minutes(end)
        while minute + slot_minutes <= last:
            start = midnight + timedelta(minutes=minute)
            found.append((start, start + timedelta(minutes=slot_minutes)))
            minute += slot_minutes + buffer_minutes
    return found
