"""What is said about an institution, and what the room hands out about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from fawang.base.organisations.values.words import Level, Status


@dataclass(frozen=True)
class OpenHours:
    """Open from `begin` to `end` (`09:00`) on the weekdays (1 = Monday … 7 = Sunday)."""

    weekdays: tuple[int, ...]
    begin: str
    end: str


@dataclass(frozen=True)
class InstitutionData:
    """What `register_institution` is given. Codes are those of the tables above and of the divisions."""

    type: str
    name: str
    level: Level | str
    division_code: str
    short_name: str = ""
    parent_id: int | None = None
    uscc: str = ""
    licence_no: str = ""
    licence_valid_to: date | None = None
    address: str = ""
    # degrees in `crs`; what is stored is CGCS2000
    lng: float | None = None
    lat: float | None = None
    crs: str = "CGCS2000"
    phones: tuple[str, ...] = ()
    hours: tuple[OpenHours, ...] = ()
    lines: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh",)
    capacity: int = 0
    accepts_legal_aid: bool = False
    is_demonstration: bool = False


_CHANGEABLE = (
    "type", "name", "short_name", "level", "division_code", "parent_id", "uscc", "licence_no", "licence_valid_to",
    "address", "lng", "lat", "phones", "hours", "lines", "scope", "domains", "languages", "capacity",
    "accepts_legal_aid",
)  # fmt: skip


@dataclass(frozen=True)
class InstitutionValue:
    """An institution as everybody may see it, penalties included (法律服务机构人员信用信息)."""

    id: int
    token: str
    type: str
    type_name: str
    name: str
    short_name: str
    level: str
    division_code: str
    parent_id: int | None
    uscc: str
    licence_no: str
    licence_valid_to: date | None
    status: str
    status_name: str
    status_reason: str
    address: str
    lng: float | None
    lat: float | None
    phones: tuple[str, ...]
    hours: tuple[OpenHours, ...]
    lines: tuple[str, ...]
    domains: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int
    accepts_legal_aid: bool
    annual_assessment: str
    penalties: tuple[dict[str, Any], ...]
    is_demonstration: bool
    scope: tuple[str, ...] = ()
    source_crs: str = ""

    @property
    def may_work(self) -> bool:
        """Whether orders and appointments may go there."""
        return self.status == Status.ACTIVE

    def can_serve_on(self, day: date) -> bool:
        """Whether it may work and its licence runs on a day."""
        return self.may_work and (self.licence_valid_to is None or self.licence_valid_to >= day)

    @property
    def mark(self) -> str:
        """A digest of what `change_institution` changes: a page made from an older state is told so."""
        told = [getattr(self, name) for name in _CHANGEABLE]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Page:
    """One page of a list. `next` goes back into the selector as `after`; empty on the last page."""

    rows: tuple[InstitutionValue, ...]
    next: str = ""


@dataclass(frozen=True)
class Candidate:
    """An institution that dispatch may choose. `distance` is the place of its division in the asked area codes;
    `has_people_there` is false when it has registered people and today none of them is there (all on leave, left, or
    without a licence that runs)."""

    id: int
    token: str
    name: str
    type: str
    division_code: str
    level: str
    status: str
    licence_valid_to: date | None
    capacity: int
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    hours: tuple[OpenHours, ...]
    distance: int
    is_demonstration: bool
    has_people_there: bool = True


@dataclass(frozen=True)
class WindowValue:
    """A named window of a centre."""

    id: int
    token: str
    institution_id: int
    name: str
    kind: str
    lines: tuple[str, ...]
    is_accessible: bool
    is_open: bool
