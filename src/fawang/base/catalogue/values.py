"""Frozen data about services that other rooms get."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from fawang.base.catalogue.schema import Example, Process, ServiceItem

if TYPE_CHECKING:
    from fawang.base.catalogue.assessment import Assessment


@dataclass(frozen=True)
class Published:
    """A published version of an item with its resolved process."""

    version_id: int
    item: ServiceItem
    process: Process

    @property
    def code(self) -> str:
        """The item's code."""
        return self.item.code

    @property
    def line(self) -> str:
        """The business line that serves it."""
        return self.item.line


@dataclass(frozen=True)
class Edition:
    """One published version: when, and by whom (the actor's reference). `shared` is the version of what it shares:
    process, bank, parts of a bundle; two editions may differ in it alone."""

    version_id: int
    version: int
    shared: int
    at: datetime
    by: str
    is_current: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a code table."""

    code: str
    zh: str
    en: str
    parent: str = ""

    def say(self, language: str) -> str:
        """The row's name in a language."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Mismatch:
    """One thing that came out otherwise: `what` is a key of the example's `expect`; or `answer` or `part` for an answer
    that is refused though the example does not say so (`about` names it); or `chosen` for a bundle of nothing."""

    what: str
    wanted: Any = None
    found: Any = None
    about: str = ""

    def __str__(self) -> str:
        if self.what == "answer":
            return f"answer {self.about} is refused: {self.found}"
        if self.what == "part":
            item, _dot, name = self.about.partition(".")
            return f"{item} refuses {name}: {self.found}"
        if self.what == "chosen":
            return "nothing is chosen"
        if self.what == "limits":
            return f"limits: {', '.join(self.found)} do not apply"
        return f"{self.what}: {self.found} where {self.wanted} is expected"


@dataclass(frozen=True)
class Outcome:
    """What became of a worked example. `answers` are opened; `assessment` is None where answers were refused;
    `asked` are the questions in order; `limits` the ids that apply."""

    example: Example
    mismatches: tuple[Mismatch, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str | Promise] = field(default_factory=dict)
    assessment: Assessment | None = None
    asked: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def is_passed(self) -> bool:
        """Whether everything came out as the example says."""
        return not self.mismatches
