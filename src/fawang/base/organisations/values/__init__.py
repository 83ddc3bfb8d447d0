"""Words of the room, with their Chinese and English names, and the frozen data it hands out."""

from fawang.base.organisations.values.access import DemonstrationLogin, KeyPage, KeyValue, MembershipValue
from fawang.base.organisations.values.institutions import (
    Candidate,
    InstitutionData,
    InstitutionValue,
    OpenHours,
    Page,
    WindowValue,
)
from fawang.base.organisations.values.people import (
    HandlerValue,
    LeaveValue,
    PractitionerData,
    PractitionerRecord,
    PractitionerValue,
)
from fawang.base.organisations.values.words import (
    ADMINISTRATORS,
    INSTITUTION_TYPES,
    LEVEL_NAMES,
    MEMBER_ROLES,
    NOT_OF_MEMBERS,
    PARTNER_ROLES,
    PRACTITIONER_KINDS,
    ROLES,
    STATUS_MOVES,
    STATUS_NAMES,
    UNIT_ROLES,
    Level,
    Status,
)

__all__ = [
    "ADMINISTRATORS",
    "INSTITUTION_TYPES",
    "LEVEL_NAMES",
    "MEMBER_ROLES",
    "NOT_OF_MEMBERS",
    "PARTNER_ROLES",
    "PRACTITIONER_KINDS",
    "ROLES",
    "STATUS_MOVES",
    "STATUS_NAMES",
    "UNIT_ROLES",
    "Candidate",
    "DemonstrationLogin",
    "HandlerValue",
    "InstitutionData",
    "InstitutionValue",
    "KeyPage",
    "KeyValue",
    "LeaveValue",
    "Level",
    "MembershipValue",
    "OpenHours",
    "Page",
    "PractitionerData",
    "PractitionerRecord",
    "PractitionerValue",
    "Status",
    "WindowValue",
]
