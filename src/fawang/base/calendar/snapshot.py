"""The calendar as one immutable value, with prefix arrays so that counting days is looking up, not looping.

Loaded years that follow one another form a `Run`: for every day the number of working days up to it, and for every
number its day. Nothing here reads the database or the clock.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from fawang.base.calendar.errors import CalendarMissing, HoursUnknown
from fawang.base.calendar.values import DayKind, DayValue, Step, YearStatus
from fawang.kernel import clock

SATURDAY = 5
MINUTE = 60_000_000  # microseconds
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not what its weekday says."""

    is_working: bool
    name: str = ""
    name_en: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """A schedule: for Monday … Sunday the stretches in minutes after midnight, in order and apart."""

    code: str
    week: tuple[tuple[Stretch, ...], ...]
    name: str = ""
    name_en: str = ""

    def stretches(self, weekday: int) -> tuple[Stretch, ...]:
        """The stretches of a working day. A make-up weekend day without hours of its own has Monday's."""
        return self.week[weekday] or (self.week[0] if weekday >= SATURDAY else ())


_USUAL_DAY: tuple[Stretch, ...] = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
DEFAULT_HOURS = Hours("default", (_USUAL_DAY,) * 5 + ((), ()), "默认办公时间", "Default office hours")


class Run:
    """Loaded years that follow one another, from `first` to `last` (ordinals)."""

    __slots__ = ("before", "days", "first", "last")

    def __init__(self, first_year: int, last_year: int, differing: Mapping[int, bool]) -> None:
        self.first = date(first_year, 1, 1).toordinal()
        self.last = date(last_year, 12, 31).toordinal()
        self.before: list[int] = []
        self.days: list[int] = []
        for ordinal in range(self.first, self.last + 1):
            if differing.get(ordinal, (ordinal - 1) % 7 < SATURDAY):
                self.days.append(ordinal)
            self.before.append(len(self.days))

    def index(self, ordinal: int) -> int:
        """How many working days of the run there are up to and including the day."""
        return self.before[ordinal - self.first]

    def is_working(self, ordinal: int) -> bool:
        """Whether the day is one of the working days."""
        at = bisect_left(self.days, ordinal)
        return at < len(self.days) and self.days[at] == ordinal


class OfficeTime:
    """Office time of a run under one schedule: microseconds open, and half days begun, up to any moment."""

    __slots__ = ("half_ends", "half_starts", "hours", "opened", "run")

    def __init__(self, run: Run, hours: Hours) -> None:
        self.run = run
        self.hours = hours
        self.opened = [0]
        self.half_starts: list[int] = []
        self.half_ends: list[int] = []
        halves = [_halves(hours.stretches(weekday)) for weekday in range(7)]
        total = 0
        for ordinal in run.days:
            weekday = (ordinal - 1) % 7
            total += sum(ends - begins for begins, ends in hours.stretches(weekday)) * MINUTE
            self.opened.append(total)
            for begins, ends in halves[weekday]:
                self.half_starts.append((ordinal * 1440 + begins) * MINUTE)
                self.half_ends.append((ordinal * 1440 + ends) * MINUTE)

    def elapsed(self, ordinal: int, of_day: int) -> int:
        """Microseconds of office time from the run's begin to a moment (day, microseconds after its midnight)."""
        index = self.run.index(ordinal)
        if index == 0 or self.run.days[index - 1] != ordinal:
            return self.opened[index]
        today = 0
        for begins, ends in self.hours.stretches((ordinal - 1) % 7):
            today += max(0, min(of_day, ends * MINUTE) - begins * MINUTE)
        return self.opened[index - 1] + today

    def moment(self, elapsed: int) -> tuple[int, int] | None:
        """The first moment (day, microseconds after its midnight) with so much elapsed; None beyond the run."""
        index = bisect_left(self.opened, elapsed)
        if index >= len(self.opened):
            return None
        index = max(index, 1)
        rest = elapsed - self.opened[index - 1]
        ordinal = self.run.days[index - 1]
        for begins, ends in self.hours.stretches((ordinal - 1) % 7):
            if rest <= (ends - begins) * MINUTE:
                return ordinal, begins * MINUTE + rest
            rest -= (ends - begins) * MINUTE
        raise AssertionError("the arrays of a schedule disagree")

    def halves_begun(self, ordinal: int, of_day: int) -> int:
        """How many half days of the run have begun by a moment."""
        return bisect_right(self.half_starts, ordinal * 1440 * MINUTE + of_day)


def _halves(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """A day's two halves: cut at the break that divides its open time most evenly, or in the middle without a break."""
    if not stretches:
        return ()
    if len(stretches) == 1:
        begins, ends = stretches[0]
        middle = (begins + ends) // 2
        return (begins, middle), (middle, ends)
    total = sum(ends - begins for begins, ends in stretches)
    cut = min(
        range(1, len(stretches)), key=lambda at: abs(total - 2 * sum(ends - begins for begins, ends in stretches[:at]))
    )
    return (stretches[0][0], stretches[cut - 1][1]), (stretches[cut][0], stretches[-1][1])


class Calendar:
    """All loaded years, holidays, make-up days and office hours in one state (`revision`). Never changes."""

    def __init__(
        self,
        *,
        revision: int,
        years: Mapping[int, YearStatus],
        days: Mapping[date, Day],
        hours: Mapping[str, Hours] | None = None,
    ) -> None:
        self.revision = revision
        self.years = dict(sorted(years.items()))
        self.days = dict(sorted(days.items()))
        self.hours = {DEFAULT_HOURS.code: DEFAULT_HOURS} | dict(hours or {})
        self.provisional = frozenset(y for y, status in self.years.items() if status is YearStatus.PROVISIONAL)
        self._dates = list(self.days)
        self._runs: dict[int, Run] = {}
        self._office: dict[tuple[int, str], OfficeTime] = {}
        self._build()

    def _build(self) -> None:
        differing = {day.toordinal(): entry.is_working for day, entry in self.days.items()}
        loaded = list(self.years)
        while loaded:
            length = 1
            while length < len(loaded) and loaded[length] == loaded[0] + length:
                length += 1
            run = Run(loaded[0], loaded[length - 1], differing)
            self._runs.update(dict.fromkeys(loaded[:length], run))
            loaded = loaded[length:]

    def run(self, year: int) -> Run:
        """The run of years that `year` is in. Raises CalendarMissing."""
        run = self._runs.get(year)
        if run is None:
            raise CalendarMissing(year)
        return run

    def office(self, year: int, hours: str | None) -> OfficeTime:
        """Office time of the year's run under a schedule. Raises CalendarMissing, HoursUnknown."""
        run, code = self.run(year), hours or DEFAULT_HOURS.code
        known = self._office.get((run.first, code))
        if known is None:
            if code not in self.hours:
                raise HoursUnknown(hours=code)
            known = self._office[run.first, code] = OfficeTime(run, self.hours[code])
        return known

    def is_working(self, day: date) -> bool:
        """Whether people work on the day. Raises CalendarMissing."""
        return self.run(day.year).is_working(day.toordinal())

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after the day (1 = the next one). Raises CalendarMissing, ValueError below 1."""
        if count < 1:
            raise ValueError("count is at least 1")
        run = self.run(day.year)
        return self.nth(run, run.index(day.toordinal()) + count)

    def nth(self, run: Run, index: int) -> date:
        """The working day with that index. Raises CalendarMissing for the year after the run."""
        if index > len(run.days):
            raise CalendarMissing(date.fromordinal(run.last).year + 1)
        return date.fromordinal(run.days[index - 1])

    def next_working_day(self, day: date, *, or_same: bool = False) -> date:
        """The next working day after the day, or the day itself if `or_same` and it is one. Raises CalendarMissing."""
        return day if or_same and self.is_working(day) else self.add_working_days(day, 1)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days d there are with first < d <= last; negative if `last` is earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        run = self.run(first.year)
        if last.toordinal() > run.last:
            for year in range(first.year, last.year + 1):
                self.run(year)
        return run.index(last.toordinal()) - run.index(first.toordinal())

    def provisional_between(self, first: date, last: date) -> tuple[int, ...]:
        """The years from `first` to `last` that are not yet announced."""
        if not self.provisional:
            return ()
        return tuple(year for year in range(first.year, last.year + 1) if year in self.provisional)

    def between(self, first: date, last: date) -> list[tuple[date, Day]]:
        """Holidays and make-up days from `first` to `last`, both included."""
        some = self._dates[bisect_left(self._dates, first) : bisect_right(self._dates, last)]
        return [(day, self.days[day]) for day in some]

    def month(self, year: int, month: int) -> list[DayValue]:
        """The days of a month. Raises CalendarMissing."""
        self.run(year)
        day, shown = date(year, month, 1), []
        while day.month == month:
            entry = self.days.get(day)
            is_weekend = day.weekday() >= SATURDAY
            if entry is None:
                shown.append(DayValue(day, DayKind.WEEKEND if is_weekend else DayKind.WORKING))
            else:
                kind = (DayKind.MAKE_UP if is_weekend else DayKind.WORKING) if entry.is_working else DayKind.HOLIDAY
                shown.append(DayValue(day, kind, entry.name, entry.name_en, entry.reason))
            day += timedelta(days=1)
        return shown

    def differences(self, start: datetime, last: date) -> list[Step]:
        """Holidays (days in a row as one step) and make-up days after `start`'s day up to `last`."""
        steps: list[Step] = []
        holidays: list[tuple[date, Day]] = []
        for day, entry in self.between(clock.local(start).date() + timedelta(days=1), last):
            if entry.is_working:
                if day.weekday() >= SATURDAY:
                    steps.append(Step("make_up", {"day": day.isoformat(), "name": entry.name}))
            else:
                holidays.append((day, entry))
        group: list[tuple[date, Day]] = []
        for item, following in pairwise([*holidays, None]):
            if item is None:
                break
            group.append(item)
            if following is None or not self._is_one_rest(item[0], following[0]):
                names = {"name": group[0][1].name, "name_en": group[0][1].name_en}
                dates = {"from": group[0][0].isoformat(), "to": item[0].isoformat()}
                steps.append(Step("holiday", {**dates, **names}))
                group = []
        return sorted(steps, key=lambda step: str(step.data.get("from") or step.data["day"]))

    def _is_one_rest(self, first: date, second: date) -> bool:
        """Whether nobody works between two holidays (a weekend may lie between them)."""
        return self.working_days_between(first, second) == 0
