"""Frozen data about choices of a holder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Considered:
    """A candidate that was looked at. `cost` is None when it was out; the reason says why, in both languages."""

    unit_id: int
    token: str
    name: str
    distance: int
    open_orders: int
    capacity: int
    cost: float | None
    zh: str
    en: str


@dataclass(frozen=True)
class Suggestion:
    """The choice: the best first. `best` is None when nobody may have it."""

    ranked: tuple[Considered, ...]
    out: tuple[Considered, ...]

    @property
    def best(self) -> Considered | None:
        """The cheapest candidate."""
        return self.ranked[0] if self.ranked else None
