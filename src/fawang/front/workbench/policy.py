"""Who may open the workbench. What is on its pages is decided by the rooms that own it."""

from fawang.front.frame.policy import STAFF_ROLES
from fawang.kernel import policy
from fawang.kernel.policy import Scope

JUSTICE = ["JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN"]
ADMINISTRATORS = ["SYS_ADMIN", "SEC_ADMIN", "AUDIT_ADMIN"]

policy.declare("workbench.enter", "open the workbench; its pages show what the other rooms allow")
policy.grant("workbench.enter", Scope.SELF, STAFF_ROLES)
policy.declare("workbench.see_machine", "see how much background work is waiting or stuck")
policy.grant("workbench.see_machine", Scope.ALL, ["SYS_ADMIN"])
policy.declare("workbench.see_register", "look through the register of institutions, as its administrators do")
policy.grant("workbench.see_register", Scope.ALL, [*JUSTICE, *ADMINISTRATORS, "INSTITUTION_ADMIN"])
policy.declare("workbench.see_permissions", "read the table of permissions")
policy.grant("workbench.see_permissions", Scope.ALL, [*JUSTICE, *ADMINISTRATORS])
policy.declare(
    "workbench.see_services", "look through services as their writers do: rules, examples, versions, posters"
)
policy.grant("workbench.see_services", Scope.ALL, [*JUSTICE, "INSTITUTION_ADMIN"])
policy.declare("workbench.see_knowledge", "look through what editors write: drafts, reviews, what is in doubt")
policy.grant(
    "workbench.see_knowledge",
    Scope.ALL,
    ["KNOWLEDGE_EDITOR", "DUTY_LAWYER", "REVIEWER", "JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY"],
)
