"""What is said about the people of institutions, and what the room hands out about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class HandlerValue:
    """A person of an institution who may be given work. `member_id` is null without a log-in there."""

    id: int
    token: str
    name: str
    kind: str
    account_id: int | None
    party_id: int | None
    member_id: int | None
    capacity: int
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    licence_valid_to: date | None
    licensed_on: date | None


@dataclass(frozen=True)
class PractitionerValue:
    """A person of an institution as the public look-up shows them."""

    id: int
    token: str
    institution_id: int
    institution_name: str
    name: str
    kind: str
    kind_name: str
    licence_no: str
    is_legacy_licence: bool
    licence_valid_to: date | None
    domains: tuple[str, ...]
    languages: tuple[str, ...]
    is_active: bool
    penalties: tuple[dict[str, Any], ...]
    is_demonstration: bool
    institution_token: str = ""
    institution_status: str = ""
    institution_division: str = ""

    def has_licence_on(self, day: date) -> bool:
        """Whether the licence runs on a day (who needs none has one)."""
        return self.licence_valid_to is None or self.licence_valid_to >= day


@dataclass(frozen=True)
class PeoplePage:
    """One page of people. `next` goes back into the selector as `after`; empty on the last page."""

    rows: tuple[PractitionerValue, ...]
    next: str = ""


@dataclass(frozen=True)
class PractitionerData:
    """What is said about a person of an institution. `capacity` counts open orders, 0 = no limit stated."""

    name: str
    kind: str
    licence_no: str = ""
    licensed_on: date | None = None
    licence_valid_to: date | None = None
    account_id: int | None = None
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh",)
    capacity: int = 0


@dataclass(frozen=True)
class PractitionerRecord:
    """A person of an institution as those who administer its people see them."""

    person: PractitionerValue
    licensed_on: date | None
    capacity: int
    account_id: int | None
    account_name: str
    username: str
    left_on: date | None


@dataclass(frozen=True)
class LeaveValue:
    """Days (both included) on which a person of an institution is given no work."""

    id: int
    practitioner_id: int
    name: str
    begin: date
    end: date
    reason: str
