"""Asking to be put into the register, or to have one's record changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ApplicationKind(StrEnum):
    """What is asked for."""

    JOIN = "JOIN"
    CHANGE = "CHANGE"


class ApplicationStatus(StrEnum):
    """Where it stands."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


APPLICATION_NAMES: dict[str, str | Promise] = {
    ApplicationStatus.WAITING: _("等待审核"),
    ApplicationStatus.APPROVED: _("已通过"),
    ApplicationStatus.REFUSED: _("没有通过"),
    ApplicationStatus.WITHDRAWN: _("已撤回"),
}
# authorities and the platform's own places are registered by the administrators themselves
JOINABLE = (
    "LAW_FIRM", "NOTARY_OFFICE", "BASIC_LEGAL_OFFICE", "FORENSIC_INSTITUTION", "ARBITRATION_INSTITUTION",
    "MEDIATION_COMMITTEE", "COMMERCIAL_MEDIATION", "LAWYER_MEDIATION", "FOREIGN_LAW_OFFICE", "PSYCH_SERVICE",
    "VOLUNTEER_TEAM",
)  # fmt: skip
# what an institution changes by itself; everything else of its record waits for the justice administrator
OWN_FIELDS = ("short_name", "address", "lng", "lat", "phones", "hours", "languages")


@dataclass(frozen=True)
class ApplicationValue:
    """An application as its applicant and the approver see it. `rows` are (field, before, asked for)."""

    token: str
    kind: str
    name: str
    contact: str
    division_code: str
    status: str
    status_name: str
    reason: str
    created_at: datetime
    decided_at: datetime | None
    institution_id: int | None
    institution_name: str
    rows: tuple[tuple[str, str, str], ...]
