"""What the room hands out about where an institution is, when it is open, and how long the way takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fawang.base.organisations.values.institutions import InstitutionValue


@dataclass(frozen=True)
class Opening:
    """Whether a place is open at a moment. `is_open` is None where no hours are known; `until` when it closes next,
    `opens` when it opens next (both aware; None where neither comes within two weeks)."""

    is_open: bool | None
    until: datetime | None = None
    opens: datetime | None = None
    is_round_the_clock: bool = False


@dataclass(frozen=True)
class Travel:
    """An estimate of the way, by the dated assumptions of `definitions/travel.yaml`; never a route."""

    mode: str
    minutes: int


@dataclass(frozen=True)
class Near:
    """An institution near a point. `distance_m` is as the crow flies; `is_about` tells that it was measured to the
    centre of the institution's division, because its own coordinates are not known; None where not even that is."""

    place: InstitutionValue
    distance_m: int | None
    is_about: bool
    opening: Opening
    travel: tuple[Travel, ...] = ()


@dataclass(frozen=True)
class NearPage:
    """Some of the nearest. `next` goes back as `first`; None on the last page."""

    rows: tuple[Near, ...]
    next: int | None = None


@dataclass(frozen=True)
class Points:
    """What a map shows of a box: places, or groups as (longitude, latitude, how many)."""

    places: tuple[InstitutionValue, ...]
    groups: tuple[tuple[float, float, int], ...]
