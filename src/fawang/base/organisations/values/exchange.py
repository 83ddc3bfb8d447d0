"""What became of the rows of a table that was read in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a row does (in a dry run: would do)."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Problem:
    """The column that is wrong, and what to do."""

    column: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """One row of the file."""

    number: int
    name: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Report:
    """All rows; columns that nobody knows, and columns that are missing."""

    rows: tuple[Checked, ...]
    unknown_columns: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()

    def count(self, outcome: str) -> int:
        """How many rows have an outcome."""
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def wrong(self) -> list[Checked]:
        """The rows that were refused."""
        return [row for row in self.rows if row.outcome == Outcome.WRONG]

    @property
    def new(self) -> int:
        """How many rows register something."""
        return self.count(Outcome.NEW)

    @property
    def changed(self) -> int:
        """How many rows change something that is there."""
        return self.count(Outcome.CHANGED)

    @property
    def same(self) -> int:
        """How many rows change nothing."""
        return self.count(Outcome.SAME)

    @property
    def good(self) -> int:
        """How many rows change something."""
        return self.new + self.changed

    @property
    def unknown_words(self) -> str:
        """The columns that nobody knows, in a line."""
        return "、".join(self.unknown_columns)

    @property
    def missing_words(self) -> str:
        """The columns that are missing, in a line."""
        return "、".join(self.missing_columns)
