"""The verbs of the room: one name each, wherever it is written."""

from fawang.base.organisations.exchange.importing import import_institutions, import_people
from fawang.base.organisations.exchange.tables import MOST_BYTES
from fawang.base.organisations.exchange.tables import read as read_table
from fawang.base.organisations.services.institutions import (
    change_institution,
    change_status,
    record_penalty,
    register_institution,
    set_lines,
)
from fawang.base.organisations.services.joining import (
    apply_to_join,
    approve_application,
    propose_change,
    refuse_application,
    withdraw_application,
)
from fawang.base.organisations.services.keys import create_key, revoke_key
from fawang.base.organisations.services.people import (
    cancel_leave,
    change_practitioner,
    end_practice,
    record_leave,
    register_practitioner,
)
from fawang.base.organisations.services.roles import add_colleague, add_membership, end_membership
from fawang.base.organisations.services.windows import add_window, change_window

__all__ = [
    "MOST_BYTES",
    "add_colleague",
    "add_membership",
    "add_window",
    "apply_to_join",
    "approve_application",
    "cancel_leave",
    "change_institution",
    "change_practitioner",
    "change_status",
    "change_window",
    "create_key",
    "end_membership",
    "end_practice",
    "import_institutions",
    "import_people",
    "propose_change",
    "read_table",
    "record_leave",
    "record_penalty",
    "refuse_application",
    "register_institution",
    "register_practitioner",
    "revoke_key",
    "set_lines",
    "withdraw_application",
]
