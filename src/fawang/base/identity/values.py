"""Words and frozen data that other rooms may use. Nothing here carries an unmasked identifier except `PartyData`,
which is what somebody just typed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from fawang.base.identity.identifiers import (
    IdType,
    birth_date_of,
    check_document,
    check_id_card,
    check_mobile,
    check_phone,
    check_uscc,
    is_mobile,
    organisation_check_character,
    phone_warnings,
    sex_of,
    uscc_check_character,
    uscc_warnings,
)
from fawang.base.identity.names import (
    check_name,
    clean_text,
    mask_address,
    mask_email,
    mask_id_no,
    mask_name,
    mask_phone,
    pinyin_key,
)
from fawang.kernel.events.values import Recorded

__all__ = [
    "AccountPage",
    "AccountValue",
    "Capacity",
    "ConsentChannel",
    "ConsentValue",
    "Contact",
    "IdType",
    "Issued",
    "LogPage",
    "PartyCard",
    "PartyData",
    "PartyKind",
    "PartyRef",
    "PartyValue",
    "RepresentationKind",
    "RepresentationStatus",
    "RepresentationValue",
    "SealedField",
    "Sex",
    "birth_date_of",
    "check_document",
    "check_id_card",
    "check_mobile",
    "check_name",
    "check_phone",
    "check_uscc",
    "clean_text",
    "is_mobile",
    "mask_address",
    "mask_email",
    "mask_id_no",
    "mask_name",
    "mask_phone",
    "organisation_check_character",
    "phone_warnings",
    "pinyin_key",
    "sex_of",
    "uscc_check_character",
    "uscc_warnings",
]


class PartyKind(StrEnum):
    """What a party is."""

    PERSON = "PERSON"
    ORG = "ORG"
    ANONYMOUS = "ANONYMOUS"
    AGENCY = "AGENCY"


class Sex(StrEnum):
    """As the identity card has it."""

    MALE = "MALE"
    FEMALE = "FEMALE"


class RepresentationKind(StrEnum):
    """On what ground somebody acts for another; the role of the actor follows from it (§5)."""

    PROXY = "PROXY"
    GUARDIAN = "GUARDIAN"
    NEAR_RELATIVE = "NEAR_RELATIVE"
    ORG_USER = "ORG_USER"
    ORG_AGENT = "ORG_AGENT"

    @property
    def role(self) -> str:
        """The role code in which the agent acts."""
        return self.value if self in (RepresentationKind.ORG_USER, RepresentationKind.ORG_AGENT) else "PROXY"


class RepresentationStatus(StrEnum):
    """Where a representation stands."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    REFUSED = "REFUSED"
    ENDED = "ENDED"


class ConsentChannel(StrEnum):
    """How a consent was given."""

    WEB = "WEB"
    MINI_PROGRAM = "MINI_PROGRAM"
    APP = "APP"
    HOTLINE_12348 = "HOTLINE_12348"
    HALL = "HALL"
    KIOSK = "KIOSK"
    PAPER = "PAPER"


class SealedField(StrEnum):
    """The fields that are shown masked and can be unmasked one by one."""

    ID_NO = "id_no"
    USCC = "uscc"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


class Capacity(StrEnum):
    """Capacity for civil acts by age (民法典 art. 17–20)."""

    FULL = "FULL"
    LIMITED = "LIMITED"
    NONE = "NONE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class PartyData:
    """What a form, a receptionist or a partner says about a party. `take_party` checks and normalises it."""

    name: str = ""
    kind: PartyKind | str = PartyKind.PERSON
    id_type: IdType | str = ""
    id_no: str = field(default="", repr=False)
    uscc: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    birth_date: date | None = None
    sex: Sex | str = ""
    nationality: str = ""
    division_code: str = ""
    address: str = field(default="", repr=False)
    special_groups: tuple[str, ...] = ()
    is_demonstration: bool = False


@dataclass(frozen=True)
class PartyRef:
    """A party that was found or made. Two calls in the same instant may both say `is_new`."""

    id: int
    is_new: bool


@dataclass(frozen=True)
class PartyValue:
    """A party without anything that is sealed."""

    id: int
    token: str
    kind: PartyKind
    name: str
    id_type: str
    birth_date: date | None
    sex: str
    nationality: str
    division_code: str
    level: int
    special_groups: tuple[str, ...]
    capacity: Capacity
    is_minor: bool
    is_elderly: bool
    has_account: bool
    is_demonstration: bool


@dataclass(frozen=True)
class PartyCard:
    """A party as lists and pages show it: every value masked (compliance §2.16)."""

    id: int
    token: str
    kind: PartyKind
    name_masked: str
    id_type: str
    id_masked: str
    phone_masked: str
    email_masked: str
    address_masked: str
    division_code: str
    level: int
    special_groups: tuple[str, ...]
    is_minor: bool
    is_elderly: bool
    is_demonstration: bool


@dataclass(frozen=True)
class Contact:
    """Where a message can reach a party. For delivery only: never shown, never logged."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    language: str
    account_id: int | None


@dataclass(frozen=True)
class RepresentationValue:
    """Who may act for whom, in what, and until when."""

    id: int
    token: str
    principal_id: int
    principal_name: str
    agent_id: int
    agent_name: str
    kind: RepresentationKind
    scope: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    status: RepresentationStatus

    def covers(self, line: str, on: date) -> bool:
        """Whether it is in force on that day for a business line (code)."""
        in_time = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return self.status == RepresentationStatus.ACTIVE and in_time and (not self.scope or line in self.scope)


@dataclass(frozen=True)
class ConsentValue:
    """A consent as its giver sees it."""

    id: int
    purpose: str
    version: str
    text_digest: str
    channel: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Issued:
    """A password that was issued: shown once to whoever issued it, good once, until then."""

    account_id: int
    token: str
    username: str
    name: str
    password: str = field(repr=False)
    until: datetime


@dataclass(frozen=True)
class AccountValue:
    """A staff account as administrators see it."""

    id: int
    token: str
    username: str
    name: str
    phone_masked: str
    is_active: bool
    has_authenticator: bool
    one_time_until: datetime | None
    last_login_at: datetime | None
    created_at: datetime
    is_demonstration: bool


@dataclass(frozen=True)
class AccountPage:
    """A page of accounts by user name. `next` goes back as `after`; `count` stops counting at `counted_to`."""

    rows: tuple[AccountValue, ...]
    count: int
    counted_to: int
    next: str = ""

    @property
    def count_text(self) -> str:
        """`37`, or `1,000+` once counting stopped."""
        return f"{self.counted_to:,}+" if self.count >= self.counted_to else f"{self.count:,}"


@dataclass(frozen=True)
class LogPage:
    """A page of the record, newest first. `next` goes back as `before`; 0 on the last page."""

    rows: tuple[Recorded, ...]
    count: int
    counted_to: int
    next: int = 0

    @property
    def count_text(self) -> str:
        """`37`, or `1,000+` once counting stopped."""
        return f"{self.counted_to:,}+" if self.count >= self.counted_to else f"{self.count:,}"
