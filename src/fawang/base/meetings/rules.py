"""Rules that an authority decides, chosen by day from `definitions/rules.yaml`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from fawang.kernel import clock

_PATH = Path(__file__).parent / "definitions" / "rules.yaml"
WallTime = Annotated[time, BeforeValidator(lambda text: time.fromisoformat(text) if isinstance(text, str) else text)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Night(_Strict):
    """When nobody is reminded or hurried: from the evening to the next morning, on Asia/Shanghai's wall clock."""

    begins: WallTime = Field(alias="from")
    until: WallTime


class Rules(_Strict):
    """The rules in force from a day on. Names end in their unit; the file says what each is for."""

    since: date = Field(alias="from")
    hold_minutes: int = Field(ge=5, le=1440)
    offer_before_minutes: int = Field(ge=0, le=1440)
    most_waits: int = Field(ge=1)
    most_changes: int = Field(ge=0)
    most_missed: int = Field(ge=1)
    missed_days: int = Field(ge=1)
    remind_hours: tuple[int, int]
    night: Night
    back_after: int = Field(ge=1)
    most_calls: int = Field(ge=1)
    longest_wait_minutes: int = Field(ge=1)
    told_from: int = Field(ge=1)
    day_ends: WallTime


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rules, ...]:
    """Every entry, oldest first; read once a process. Raises ValueError for a file that cannot be read."""
    rows = yaml.safe_load(_PATH.read_text("utf-8"))["rules"]
    return tuple(sorted((Rules.model_validate(row) for row in rows), key=lambda row: row.since))


def on(day: date) -> Rules:
    """The rules in force on a day; before the first entry, the first."""
    found = [row for row in all_rules() if row.since <= day]
    return found[-1] if found else all_rules()[0]


def today() -> Rules:
    """The rules in force today."""
    return on(clock.today())


def night_ends(moment: datetime, night: Night) -> datetime | None:
    """When the night in which `moment` lies is over; None by day."""
    local = clock.local(moment)
    if night.until <= local.time() < night.begins:
        return None
    day = local.date() if local.time() < night.until else local.date() + timedelta(days=1)
    return datetime.combine(day, night.until, tzinfo=clock.SHANGHAI)


def held_until(moment: datetime, rules: Rules) -> datetime:
    """Until when an offer made at `moment` is kept: the hold, counted by day only."""
    hold = timedelta(minutes=rules.hold_minutes)
    if (morning := night_ends(moment, rules.night)) is not None:
        return morning + hold
    evening = datetime.combine(clock.local(moment).date(), rules.night.begins, tzinfo=clock.SHANGHAI)
    if moment + hold <= evening:
        return moment + hold
    left = moment + hold - evening
    morning = night_ends(evening, rules.night)
    return (morning or evening) + left
