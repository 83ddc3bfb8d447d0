"""Frozen data about services that other rooms get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fawang.base.catalogue.schema import Process, ServiceItem


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
