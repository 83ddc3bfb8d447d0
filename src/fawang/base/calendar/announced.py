"""Where years come from: the State Council's announcements (package `chinesecalendar`) and the statutory holidays.

Official years have make-up working days. A computed year has only the holidays of 全国年节及纪念日放假办法 (package
`holidays`), compensated where they fall on a weekend: make-up days are known only when the year is announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version

import chinese_calendar
import holidays

from fawang.base.calendar.snapshot import SATURDAY

_ANNOUNCED = frozenset(day.year for day in chinese_calendar.holidays)
FIRST_COMPUTED_YEAR = 2025  # the statutory holidays as amended with effect from 2025-01-01 (国务院令第795号)


@dataclass(frozen=True, slots=True)
class Entry:
    """A day that is not what its weekday says."""

    day: date
    is_working: bool
    name: str
    name_en: str


def official_years() -> list[int]:
    """The announced years that the installed package has."""
    return sorted(_ANNOUNCED)


def official_source() -> str:
    """The package and version official years come from."""
    return f"chinesecalendar {version('chinesecalendar')}"


def computed_source() -> str:
    """The package and version computed years come from."""
    return f"holidays {version('holidays')}"


def official(first: date, last: date) -> list[Entry]:
    """The announced days from `first` to `last`, both included, that are not what their weekday says."""
    entries = []
    day = first
    while day <= last:
        name_en = chinese_calendar.holidays.get(day) or chinese_calendar.workdays.get(day) or ""
        is_working = day in chinese_calendar.workdays or (
            day.weekday() < SATURDAY and day not in chinese_calendar.holidays
        )
        if is_working != (day.weekday() < SATURDAY):
            entries.append(Entry(day, is_working, _chinese(name_en), name_en))
        day += timedelta(days=1)
    return entries


def _chinese(name_en: str) -> str:
    """The Chinese name of a holiday of the package."""
    for holiday in chinese_calendar.Holiday:
        if holiday.value == name_en:
            return str(holiday.chinese)
    return name_en


def computed(year: int) -> list[Entry]:
    """The statutory holidays of a year that fall on Monday to Friday; nothing for years the rules do not reach."""
    if year < FIRST_COMPUTED_YEAR:
        return []
    chinese = holidays.country_holidays("CN", years=year, language="zh_CN")
    english = holidays.country_holidays("CN", years=year, language="en_US")
    # days off in exchange for make-up days are an announcement's: half of one would be worse than none
    statutory = (day for day in chinese if day.year == year and "substituted" not in english[day])
    days = sorted(day for day in statutory if day.weekday() < SATURDAY)
    return [Entry(day, False, chinese[day][:40], english[day][:80]) for day in days]
