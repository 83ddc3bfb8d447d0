"""The verbs of the room: one name each, wherever it is written."""

from fawang.base.organisations.services.institutions import (
    add_window,
    change_status,
    record_penalty,
    register_institution,
    set_lines,
)
from fawang.base.organisations.services.keys import create_key, revoke_key
from fawang.base.organisations.services.people import (
    add_membership,
    cancel_leave,
    end_membership,
    end_practice,
    record_leave,
    register_practitioner,
)

__all__ = [
    "add_membership",
    "add_window",
    "cancel_leave",
    "change_status",
    "create_key",
    "end_membership",
    "end_practice",
    "record_leave",
    "record_penalty",
    "register_institution",
    "register_practitioner",
    "revoke_key",
    "set_lines",
]
