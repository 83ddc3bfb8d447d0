"""Who may change the calendar. Reading it is open to everyone: it is a public announcement."""

from __future__ import annotations

from fawang.kernel import policy
from fawang.kernel.policy import Scope

CHANGE = "calendar.change"

policy.declare(CHANGE, "load, correct and edit working days and office hours")
policy.grant(CHANGE, Scope.ALL, ["SYS_ADMIN", "JUSTICE_ADMIN_PROV", "SYSTEM"])
