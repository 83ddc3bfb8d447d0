"""Frozen data of oversight."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """A number that opens its list: `queue` and `filters` are what `listed` takes. Counting stops at 1,000."""

    count: int
    queue: str
    filters: dict[str, str] = field(default_factory=dict)
    code: str = ""
    name: str = ""

    @property
    def text(self) -> str:
        """`37`, or `1,000+` once counting stopped."""
        return f"{CAP:,}+" if self.count >= CAP else f"{self.count:,}"


CAP = 1_000


@dataclass(frozen=True)
class Overview:
    """The state of an area: open orders by state and unit, what is late, and how people rated."""

    open: Figure
    late: Figure
    soon: Figure
    urged: Figure
    supervised: Figure
    states: tuple[Figure, ...]
    units: tuple[Figure, ...]
    grades: tuple[Figure, ...]
    late_share: float | None
    bad_share: float | None


@dataclass(frozen=True)
class Suggested:
    """Why orders should be supervised (督办): the rule's code and the list it makes."""

    code: str
    zh: str
    en: str
    figure: Figure
