"""Who may read messages and what became of them."""

from __future__ import annotations

from fawang.kernel.policy import Scope, declare, grant

CITIZENS = ["CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY"]
UNIT_STAFF = ["RECEPTIONIST", "DUTY_LAWYER", "INSTITUTION_ADMIN", "HANDLER", "REVIEWER", "APPROVER", "CALLBACK_AGENT"]
AREA_STAFF = [
    "DISPATCHER",
    "SUPERVISOR",
    "QA_INSPECTOR",
    "JUSTICE_ADMIN_PROV",
    "JUSTICE_ADMIN_CITY",
    "JUSTICE_ADMIN_COUNTY",
    "JUSTICE_ADMIN_TOWN",
]
OTHER_LOGGED_IN = ["ANALYST", "KNOWLEDGE_EDITOR", "DATA_STEWARD", "SYS_ADMIN", "SEC_ADMIN", "AUDIT_ADMIN"]

declare("notifications.inbox", "read the messages addressed to oneself, and mark them read")
grant("notifications.inbox", Scope.OWN, CITIZENS + UNIT_STAFF + AREA_STAFF + OTHER_LOGGED_IN)

declare("notifications.see_delivery", "see what was told about an order and whether it arrived, without its secrets")
grant("notifications.see_delivery", Scope.UNIT, UNIT_STAFF)
grant("notifications.see_delivery", Scope.AREA, AREA_STAFF)
grant("notifications.see_delivery", Scope.ALL, ["SYSTEM"])

declare("notifications.record_receipt", "record what a channel says became of a message")
grant("notifications.record_receipt", Scope.ALL, ["SYSTEM"])
