"""Frozen data that other rooms pass to and get from the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Fact:
    """What an announcer wants to record: `name` is dotted, past tense and versioned; `data` is JSON."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """A fact as the log holds it. `data` is None once erased; `position` None until the sequencer has seen it."""

    id: int
    stream: str
    sequence: int
    name: str
    actor: str
    on_behalf: str
    at: datetime
    cause: str
    digest: str
    position: int | None
    data: dict[str, Any] | None


@dataclass(frozen=True)
class Found:
    """What a search of the log gives: a page of rows, and how many rows there are in all (as far as was counted)."""

    rows: tuple[Recorded, ...]
    count: int
