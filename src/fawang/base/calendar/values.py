"""Frozen data about time limits. Moments are aware; days are those of Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fawang.base.calendar.snapshot import Calendar


class Unit(StrEnum):
    """What a limit is counted in."""

    MINUTE = "MINUTE"  # wall time
    HOUR = "HOUR"  # wall time
    WORK_HOUR = "WORK_HOUR"  # only inside office hours
    HALF_DAY = "HALF_DAY"  # mornings and afternoons of the office schedule
    WD = "WD"  # working days
    CD = "CD"  # calendar days
    MONTH = "MONTH"
    YEAR = "YEAR"


class Family(StrEnum):
    """Units that can be added to one another."""

    WALL = "WALL"
    OFFICE = "OFFICE"
    HALVES = "HALVES"
    WORKING = "WORKING"
    CALENDAR = "CALENDAR"


FAMILIES: dict[Unit, Family] = {
    Unit.MINUTE: Family.WALL,
    Unit.HOUR: Family.WALL,
    Unit.WORK_HOUR: Family.OFFICE,
    Unit.HALF_DAY: Family.HALVES,
    Unit.WD: Family.WORKING,
    Unit.CD: Family.CALENDAR,
    Unit.MONTH: Family.CALENDAR,
    Unit.YEAR: Family.CALENDAR,
}


class YearStatus(StrEnum):
    """Where a year's calendar comes from."""

    OFFICIAL = "OFFICIAL"  # announced by the State Council
    PROVISIONAL = "PROVISIONAL"  # computed from the statutory holidays, without make-up working days


class DayKind(StrEnum):
    """What a day is, for showing a month."""

    WORKING = "WORKING"
    MAKE_UP = "MAKE_UP"
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time, at least one unit. Raises ValueError for less."""

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.value < 1:
            raise ValueError("a limit is at least one unit")

    @property
    def family(self) -> Family:
        """The units it can be added to."""
        return FAMILIES[self.unit]


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension; `end` is None while it lasts. Raises ValueError for naive moments or an end before the begin."""

    begin: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.begin.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError("a moment without a time zone")
        if self.end is not None and self.end < self.begin:
            raise ValueError("a pause that ends before it begins")


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a paused limit: whole days (WORKING, CALENDAR), half days (HALVES) or microseconds (the rest)."""

    amount: int
    family: Family


@dataclass(frozen=True, slots=True)
class Counted:
    """A pause as it was counted: `added` to the limit, in the measure of `Remaining`; None while it lasts."""

    begin: datetime
    end: datetime | None
    added: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a reckoning, without language: `kind` and its data (ISO dates and moments, numbers, names)."""

    kind: str
    data: dict[str, str | int]


@dataclass(frozen=True)
class Reckoned:
    """When a limit ends, and why.

    `due_at` is the exclusive end in UTC: a limit in days ends at 24:00 of its last day in Asia/Shanghai, which is the
    midnight that follows. It is None while a pause lasts; `remains` then says what is left. `provisional_years` are the
    years not yet announced that the answer rests on; `revision` the state of the calendar it was reckoned with.
    """

    due_at: datetime | None
    provisional_years: tuple[int, ...]
    revision: int
    start: datetime
    limit: Limit
    extensions: tuple[Limit, ...] = ()
    pauses: tuple[Counted, ...] = ()
    remains: Remaining | None = None
    nominal_day: date | None = None
    last_day: date | None = None
    calendar: Calendar | None = field(default=None, repr=False, compare=False)

    @property
    def is_provisional(self) -> bool:
        """Whether the answer may still move when a year is announced."""
        return bool(self.provisional_years)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the answer came about, in order and without language (`selectors.steps_text` puts it into words)."""
        steps = [Step("start", {"at": self.start.isoformat()}), _length("limit", self.limit)]
        steps += [_length("extension", extension) for extension in self.extensions]
        for pause in self.pauses:
            data: dict[str, str | int] = {"begin": pause.begin.isoformat()}
            if pause.end is not None and pause.added is not None:
                steps.append(Step("pause", data | {"end": pause.end.isoformat(), "added": pause.added}))
            elif self.remains is not None:
                steps.append(Step("paused", data | {"remains": self.remains.amount}))
        if self.calendar is not None and self.limit.family is Family.WORKING and self.last_day is not None:
            steps += self.calendar.differences(self.start, self.last_day)
        if self.nominal_day is not None and self.last_day is not None and self.nominal_day != self.last_day:
            steps.append(Step("moved", {"from": self.nominal_day.isoformat(), "to": self.last_day.isoformat()}))
        steps += [Step("provisional", {"year": year}) for year in self.provisional_years]
        if self.due_at is not None:
            steps.append(Step("due", {"at": self.due_at.isoformat()}))
        return tuple(steps)


def _length(kind: str, limit: Limit) -> Step:
    return Step(kind, {"value": limit.value, "unit": limit.unit.value})


@dataclass(frozen=True, slots=True)
class DayValue:
    """One day of a shown month."""

    day: date
    kind: DayKind
    name: str = ""
    name_en: str = ""
    reason: str = ""

    @property
    def is_working(self) -> bool:
        """Whether it counts as a working day."""
        return self.kind in {DayKind.WORKING, DayKind.MAKE_UP}


@dataclass(frozen=True, slots=True)
class YearValue:
    """A loaded year."""

    year: int
    status: YearStatus
    source: str
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the days whose meaning changed, and those set by hand that were kept."""

    revision: int
    years: tuple[int, ...]
    changed: tuple[date, ...]
    kept: tuple[date, ...] = ()
