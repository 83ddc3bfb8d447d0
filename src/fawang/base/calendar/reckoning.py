"""When a limit ends: a pure function over a snapshot of the calendar.

Every family of units is a number line. A moment has a position on it, a limit moves a position on, a position has an
end. A pause adds the distance it covers on the same line, so pausing and resuming never shortens a limit.

Rules of the time limits:
T1 the day of the event is not counted (民法典 art.201, 民事诉讼法 art.85);
T2 months and years end on the corresponding day or the month's last (民法典 art.202);
T3 a last day that is a day off moves to the next working day and ends at 24:00 (民法典 art.203);
T4 make-up days are working days;
T6 a pause freezes what is left, in whole days for limits in days;
T9 a submission outside office hours counts from its time.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from fawang.base.calendar.errors import CalendarMissing, MixedUnits
from fawang.base.calendar.snapshot import Calendar, Run
from fawang.base.calendar.values import Counted, Family, Limit, Pause, Reckoned, Remaining, Unit
from fawang.kernel import clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS = {Unit.MINUTE: 60_000_000, Unit.HOUR: 3_600_000_000, Unit.WORK_HOUR: 3_600_000_000}
_DAY = timedelta(days=1)


class Line(Protocol):
    """A number line of one family of units."""

    def position(self, moment: datetime) -> int:
        """Where the moment lies."""

    def target(self, start: datetime, limits: Sequence[Limit]) -> int:
        """Where the limits, one after another, end when counted from `start`."""

    def end(self, position: int) -> datetime:
        """The exclusive end that belongs to a position, in UTC."""


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + _DAY, time(), clock.SHANGHAI).astimezone(UTC)


def _parts(moment: datetime) -> tuple[date, int]:
    """The day in Asia/Shanghai, and the microseconds since its midnight."""
    at = clock.local(moment)
    return at.date(), ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def add_months(day: date, count: int) -> date:
    """The corresponding day `count` months later, or that month's last day (T2)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class _Wall:
    """Minutes and hours of wall time, in microseconds."""

    def __init__(self, calendar: Calendar, start: datetime, hours: str | None) -> None:
        pass

    def position(self, moment: datetime) -> int:
        return (moment - _EPOCH) // _MICROSECOND

    def target(self, start: datetime, limits: Sequence[Limit]) -> int:
        return self.position(start) + sum(limit.value * _MICROSECONDS[limit.unit] for limit in limits)

    def end(self, position: int) -> datetime:
        return _EPOCH + timedelta(microseconds=position)


class _Office:
    """Hours inside the office schedule, in microseconds of office time."""

    def __init__(self, calendar: Calendar, start: datetime, hours: str | None) -> None:
        self.calendar = calendar
        self.office = calendar.office(clock.local(start).year, hours)

    def position(self, moment: datetime) -> int:
        day, of_day = _parts(moment)
        _check(self.calendar, self.office.run, day)
        return self.office.elapsed(day.toordinal(), of_day)

    def target(self, start: datetime, limits: Sequence[Limit]) -> int:
        return self.position(start) + sum(limit.value * _MICROSECONDS[limit.unit] for limit in limits)

    def end(self, position: int) -> datetime:
        found = self.office.moment(position)
        if found is None:
            raise _after(self.office.run)
        midnight = datetime.combine(date.fromordinal(found[0]), time(), clock.SHANGHAI)
        return (midnight + timedelta(microseconds=found[1])).astimezone(UTC)


class _Halves(_Office):
    """Half days: the half in which the event happens is not counted, the last one ends with its closing time."""

    def position(self, moment: datetime) -> int:
        day, of_day = _parts(moment)
        _check(self.calendar, self.office.run, day)
        return self.office.halves_begun(day.toordinal(), of_day)

    def target(self, start: datetime, limits: Sequence[Limit]) -> int:
        return self.position(start) + sum(limit.value for limit in limits)

    def end(self, position: int) -> datetime:
        if position > len(self.office.half_ends):
            raise _after(self.office.run)
        ordinal, of_day = divmod(self.office.half_ends[position - 1], 86_400_000_000)
        midnight = datetime.combine(date.fromordinal(ordinal), time(), clock.SHANGHAI)
        return (midnight + timedelta(microseconds=of_day)).astimezone(UTC)


class _Working:
    """Working days, make-up days among them."""

    def __init__(self, calendar: Calendar, start: datetime, hours: str | None) -> None:
        self.calendar = calendar
        self.run = calendar.run(clock.local(start).year)

    def position(self, moment: datetime) -> int:
        day = clock.local(moment).date()
        _check(self.calendar, self.run, day)
        return self.run.index(day.toordinal())

    def target(self, start: datetime, limits: Sequence[Limit]) -> int:
        return self.position(start) + sum(limit.value for limit in limits)

    def day(self, position: int) -> date:
        return self.calendar.nth(self.run, position)

    def end(self, position: int) -> datetime:
        return _midnight_after(self.day(position))


class _Days:
    """Calendar days, months and years; only the last day looks at the calendar (T3)."""

    def __init__(self, calendar: Calendar, start: datetime, hours: str | None) -> None:
        self.calendar = calendar

    def position(self, moment: datetime) -> int:
        return clock.local(moment).date().toordinal()

    def target(self, start: datetime, limits: Sequence[Limit]) -> int:
        day = clock.local(start).date()
        for limit in limits:
            if limit.unit is Unit.CD:
                day += timedelta(days=limit.value)
            else:
                day = add_months(day, limit.value * (12 if limit.unit is Unit.YEAR else 1))
        return day.toordinal()

    def day(self, position: int) -> date:
        return self.calendar.next_working_day(date.fromordinal(position), or_same=True)

    def end(self, position: int) -> datetime:
        return _midnight_after(self.day(position))


_LINES: dict[Family, type[_Wall] | type[_Office] | type[_Halves] | type[_Working] | type[_Days]] = {
    Family.WALL: _Wall,
    Family.OFFICE: _Office,
    Family.HALVES: _Halves,
    Family.WORKING: _Working,
    Family.CALENDAR: _Days,
}


def _check(calendar: Calendar, run: Run, day: date) -> None:
    """Refuse a day that is not in the run of the start: a year between is missing."""
    if not run.first <= day.toordinal() <= run.last:
        calendar.run(day.year)
        raise _after(run)


def _after(run: Run) -> CalendarMissing:
    return CalendarMissing(date.fromordinal(run.last).year + 1)


def merged(start: datetime, pauses: Iterable[Pause]) -> list[Pause]:
    """The pauses after `start` in order, those that overlap or touch as one: no moment is counted twice."""
    result: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.begin):
        if pause.end is not None and pause.end <= start:
            continue
        begin = max(pause.begin, start)
        last = result[-1] if result else None
        if last is None or (last.end is not None and begin > last.end):
            result.append(Pause(begin, pause.end))
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            result[-1] = Pause(last.begin, pause.end)
    return result


def reckon(
    calendar: Calendar,
    *,
    start: datetime,
    limit: Limit,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Limit] = (),
    hours: str | None = None,
) -> Reckoned:
    """When `limit` from `start` (aware) ends; `hours` names the office schedule for office units.

    A pause that begins after the end changes nothing. Extensions lengthen the limit itself, before a last day off is
    moved. Raises CalendarMissing where a year is not loaded, MixedUnits, HoursUnknown, ValueError for naive moments.
    """
    more = tuple(extensions)
    for extension in more:
        if extension.family is not limit.family:
            raise MixedUnits(limit=limit.unit.value, extension=extension.unit.value)
    line: Line = _LINES[limit.family](calendar, start, hours)
    target = line.target(start, (limit, *more))
    counted: list[Counted] = []
    remains: Remaining | None = None
    for pause in merged(start, pauses):
        at = line.position(pause.begin)
        if at >= target and pause.begin >= line.end(target):
            break  # the limit had ended before
        if pause.end is None:
            remains = Remaining(max(0, target - at), limit.family)
            counted.append(Counted(pause.begin, None, None))
            break
        added = line.position(pause.end) - at
        counted.append(Counted(pause.begin, pause.end, added))
        target += added
    return _result(calendar, line, start, limit, more, tuple(counted), target, remains)


def _result(
    calendar: Calendar,
    line: Line,
    start: datetime,
    limit: Limit,
    extensions: tuple[Limit, ...],
    pauses: tuple[Counted, ...],
    target: int,
    remains: Remaining | None,
) -> Reckoned:
    nominal = last = due = None
    provisional: tuple[int, ...] = ()
    first = clock.local(start).date() + _DAY if limit.family is Family.WORKING else clock.local(start).date()
    if remains is not None:
        if calendar.provisional and limit.family not in {Family.WALL, Family.CALENDAR}:
            provisional = calendar.provisional_between(first, clock.local(pauses[-1].begin).date())
    elif isinstance(line, _Working):
        last = nominal = line.day(target)
        due = _midnight_after(last)
        provisional = calendar.provisional_between(first, last)
    elif isinstance(line, _Days):
        nominal, last = date.fromordinal(target), line.day(target)
        due = _midnight_after(last)
        provisional = calendar.provisional_between(nominal, last)
    else:
        due = line.end(target)
        if limit.family is not Family.WALL:
            provisional = calendar.provisional_between(first, clock.local(due).date())
    return Reckoned(
        due_at=due,
        provisional_years=provisional,
        revision=calendar.revision,
        start=start,
        limit=limit,
        extensions=extensions,
        pauses=pauses,
        remains=remains,
        nominal_day=nominal,
        last_day=last,
        calendar=calendar,
    )


def is_in_time(due_at: datetime, *, arrived_at: datetime, posted_at: datetime | None = None) -> bool:
    """Whether something came before a limit's end. By post the day of posting decides (T5, 民事诉讼法 art.85).

    Electronic service counts from its arrival in the receiver's main system (T8): pass that as `arrived_at`.
    """
    return (posted_at or arrived_at) < due_at
