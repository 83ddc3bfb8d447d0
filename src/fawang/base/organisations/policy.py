"""Who may look up, register and change institutions, people, roles and keys."""

from __future__ import annotations

from fawang.base.organisations.values import MEMBER_ROLES, PARTNER_ROLES
from fawang.kernel.policy import Scope, declare, grant

JUSTICE = ["JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN"]
EVERYBODY = sorted(MEMBER_ROLES | PARTNER_ROLES | {"VISITOR", "CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY", "SYSTEM"})

declare("organisations.look_up", "look up institutions and their people, with status and penalties")
grant("organisations.look_up", Scope.ANYONE, EVERYBODY)

declare("organisations.see_members", "see which accounts hold which roles in an institution")
grant("organisations.see_members", Scope.UNIT, ["INSTITUTION_ADMIN"])
grant("organisations.see_members", Scope.AREA, JUSTICE)
grant("organisations.see_members", Scope.ALL, ["SYS_ADMIN", "SEC_ADMIN", "AUDIT_ADMIN", "SYSTEM"])

declare("organisations.manage_people", "register an institution's people, their leave and their ordinary roles")
grant("organisations.manage_people", Scope.UNIT, ["INSTITUTION_ADMIN"])
grant("organisations.manage_people", Scope.AREA, JUSTICE)
grant("organisations.manage_people", Scope.ALL, ["SYSTEM"])

declare("organisations.manage_institutions", "register institutions and change their status, lines and windows")
grant("organisations.manage_institutions", Scope.AREA, JUSTICE)
grant("organisations.manage_institutions", Scope.ALL, ["SYSTEM"])

declare("organisations.manage_roles", "give and end any role in any institution")
grant("organisations.manage_roles", Scope.ALL, ["SEC_ADMIN", "SYSTEM"])

declare("organisations.manage_keys", "create and revoke keys of partner systems")
grant("organisations.manage_keys", Scope.ALL, ["SEC_ADMIN", "SYSTEM"])

declare("organisations.apply_to_join", "ask for an institution to be put on the register")
grant("organisations.apply_to_join", Scope.OWN, ["CITIZEN", "ORG_USER", "ORG_AGENT"])

declare("organisations.keep_own_record", "keep the record of one's own institution up to date")
grant("organisations.keep_own_record", Scope.UNIT, ["INSTITUTION_ADMIN"])
