"""Who gets in: roles of accounts, keys of partners, log-ins of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class MembershipValue:
    """A role of an account in an institution."""

    id: int
    account_id: int
    account_name: str
    institution_id: int
    institution_name: str
    role: str
    role_name: str
    valid_from: date
    valid_to: date | None
    is_active: bool
    username: str = ""
    account_token: str = ""
    account_is_active: bool = True
    is_ended: bool = False
    ended_reason: str = ""


@dataclass(frozen=True)
class KeyValue:
    """A partner's key without its secret."""

    id: int
    institution_id: int
    name: str
    prefix: str
    roles: tuple[str, ...]
    valid_to: date | None
    revoked_at: datetime | None
    institution_name: str = ""
    created_at: datetime | None = None
    is_active: bool = True


@dataclass(frozen=True)
class KeyPage:
    """A page of keys, newest first. `next` goes back as `before`; 0 on the last page."""

    rows: tuple[KeyValue, ...]
    next: int = 0


@dataclass(frozen=True)
class DemonstrationLogin:
    """A log-in that the demonstration made. `totp` is the fixed secret for an authenticator."""

    who: str
    username: str
    password: str = field(repr=False)
    totp: str = field(repr=False)
    phone: str = ""
