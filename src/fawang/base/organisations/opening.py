"""When a place is open: its weekly hours on the calendar's days.

Hours are given by weekday. A make-up working day (调休上班) without hours of its own has Monday's; a public holiday has
Sunday's, so who is open on Sundays, or round the clock, is open on holidays too, and offices are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fawang.base.calendar import selectors as calendars
from fawang.base.calendar.selectors import Calendar
from fawang.base.organisations.values import OpenHours, Opening
from fawang.kernel import clock

SUNDAY, MONDAY = 7, 1
_DAYS_AHEAD = 15
Stretches = list[tuple[int, int]]


@dataclass(frozen=True)
class Plan:
    """A day, and whose weekday's hours it has (`else_weekday` where there are none of its own)."""

    day: date
    weekday: int
    else_weekday: int = 0


def days_ahead(moment: datetime, calendar: Calendar | None = None, days: int = _DAYS_AHEAD) -> list[Plan]:
    """Today and the days after it, with the holidays and make-up days of the calendar."""
    first = clock.local(moment).date()
    last = first + timedelta(days=days - 1)
    known = calendar if calendar is not None else calendars.current()
    differing = dict(known.between(first, last))
    plans = []
    for at in range(days):
        day = first + timedelta(days=at)
        entry, weekday = differing.get(day), day.isoweekday()
        if entry is None:
            plans.append(Plan(day, weekday))
        elif entry.is_working:
            plans.append(Plan(day, weekday, MONDAY))
        else:
            plans.append(Plan(day, SUNDAY))
    return plans


def _minutes(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def stretches(hours: Sequence[OpenHours], plan: Plan) -> Stretches:
    """The stretches of a day in minutes after midnight, in order, joined where they touch."""
    found = [one for one in hours if plan.weekday in one.weekdays]
    if not found and plan.else_weekday:
        found = [one for one in hours if plan.else_weekday in one.weekdays]
    joined: Stretches = []
    for begin, end in sorted((_minutes(one.begin), _minutes(one.end)) for one in found):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def is_open(hours: Sequence[OpenHours], plan: Plan, minute: int) -> bool:
    """Whether a place is open at a minute of a day."""
    return any(begin <= minute < end for begin, end in stretches(hours, plan))


def minute_of(moment: datetime) -> int:
    """Minutes after midnight on Shanghai's clock."""
    local = clock.local(moment)
    return local.hour * 60 + local.minute


def opening(hours: Sequence[OpenHours], moment: datetime, plans: Sequence[Plan]) -> Opening:
    """Whether a place is open at the moment, until when, or when it opens next. `plans` is `days_ahead(moment)`."""
    if not hours:
        return Opening(None)
    midnight = clock.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    now = minute_of(moment)
    merged: Stretches = []
    for at, plan in enumerate(plans):
        for begin, end in stretches(hours, plan):
            begin, end = begin + 1440 * at, end + 1440 * at
            if merged and merged[-1][1] == begin:
                merged[-1] = (merged[-1][0], end)
            else:
                merged.append((begin, end))
    for begin, end in merged:
        if begin <= now < end:
            if end - now > 24 * 60 * 7:
                return Opening(True, is_round_the_clock=True)
            return Opening(True, until=midnight + timedelta(minutes=end))
        if begin > now:
            return Opening(False, opens=midnight + timedelta(minutes=begin))
    return Opening(False)
