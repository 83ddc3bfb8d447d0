"""The frame's rows of the permission table: its own pages hold nothing about a person."""

from __future__ import annotations

from fawang.kernel.policy import Scope, declare, grant

CITIZEN_ROLES = ("CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY")
STAFF_ROLES = (
    "RECEPTIONIST",
    "DUTY_LAWYER",
    "DISPATCHER",
    "INSTITUTION_ADMIN",
    "HANDLER",
    "REVIEWER",
    "APPROVER",
    "SUPERVISOR",
    "CALLBACK_AGENT",
    "QA_INSPECTOR",
    "ANALYST",
    "KNOWLEDGE_EDITOR",
    "DATA_STEWARD",
    "JUSTICE_ADMIN_PROV",
    "JUSTICE_ADMIN_CITY",
    "JUSTICE_ADMIN_COUNTY",
    "JUSTICE_ADMIN_TOWN",
    "SYS_ADMIN",
    "SEC_ADMIN",
    "AUDIT_ADMIN",
)
EVERYONE = ("VISITOR", *CITIZEN_ROLES, *STAFF_ROLES)

declare("frame.see_public", "看公开页面、切换语言和大字版、登录")
grant("frame.see_public", Scope.ANYONE, EVERYONE)
declare("frame.choose_actor", "登录后选择以谁的身份办理")
grant("frame.choose_actor", Scope.OWN, (*CITIZEN_ROLES, *STAFF_ROLES))
declare("frame.look_up_law", "look up law and reviewed answers beside one's work")
grant("frame.look_up_law", Scope.SELF, STAFF_ROLES)
