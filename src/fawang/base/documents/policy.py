"""Who may hand in and open files. Which orders an actor sees, a room above says (`reach`)."""

from __future__ import annotations

from fawang.base.organisations.values import PARTNER_ROLES
from fawang.kernel.policy import Scope, declare, grant

PEOPLE = ("CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY")
STAFF = (
    "RECEPTIONIST", "DUTY_LAWYER", "DISPATCHER", "INSTITUTION_ADMIN", "HANDLER", "REVIEWER", "APPROVER", "SUPERVISOR",
    "CALLBACK_AGENT", "QA_INSPECTOR", "JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY",
    "JUSTICE_ADMIN_TOWN",
)  # fmt: skip

declare("documents.store", "hand in a file")
grant("documents.store", Scope.OWN, PEOPLE)
grant("documents.store", Scope.UNIT, (*STAFF, *PARTNER_ROLES))
grant("documents.store", Scope.ALL, ("SYSTEM",))

declare("documents.open", "open a file of one's own, or of an order that one may see")
grant("documents.open", Scope.OWN, PEOPLE)
grant("documents.open", Scope.UNIT, STAFF)
grant("documents.open", Scope.ALL, ("SYSTEM",))
