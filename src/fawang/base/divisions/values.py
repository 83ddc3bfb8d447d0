"""Frozen data about divisions, and what a code says by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """How deep a division lies."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"


LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class DivisionValue:
    """A division. `valid_to` is its last day where it was abolished; `superseded_by` the code that took its place."""

    code: str
    name: str
    name_en: str
    level: Level
    parent: str | None
    pinyin: str
    valid_from: date | None = None
    valid_to: date | None = None
    superseded_by: str = ""

    def is_valid_on(self, day: date) -> bool:
        """Whether the division exists on a day, as far as is known."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def named(self, language: str) -> str:
        """Its name in Chinese or English."""
        return self.name_en if language.lower().startswith("en") else self.name


@dataclass(frozen=True, slots=True)
class LoadedDivisions:
    """What a load did: existing divisions by level, abolished ones, and how many it closed itself.

    `closed` are those that were there before and that the source no longer has.
    """

    counts: dict[str, int]
    abolished: int
    closed: int
    source: str


def normal_code(code: str) -> str:
    """A code in its shortest form: 6 digits, 9 for townships, 12 for villages (510107000000 → 510107)."""
    text = code.strip()
    if len(text) == 12 and text.endswith("000"):
        text = text[:9]
    if len(text) == 9 and text.endswith("000"):
        text = text[:6]
    return text


def prefix(code: str) -> str:
    """What all codes inside a division begin with: 510000 → 51, 510100 → 5101, 510107001 → 510107001, "" → ""."""
    text = normal_code(code)
    while len(text) in {4, 6} and text.endswith("00"):
        text = text[:-2]
    return text


def covers(area_prefix: str, code: str) -> bool:
    """Whether a division lies in an area, given by its prefix or its code; the empty area is everywhere."""
    return normal_code(code).startswith(prefix(area_prefix))
