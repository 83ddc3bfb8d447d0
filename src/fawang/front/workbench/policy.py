"""Who may open the workbench. What is on its pages is decided by the rooms that own it."""

from fawang.front.frame.policy import STAFF_ROLES
from fawang.kernel import policy
from fawang.kernel.policy import Scope

policy.declare("workbench.enter", "open the workbench; its pages show what the other rooms allow")
policy.grant("workbench.enter", Scope.SELF, STAFF_ROLES)
policy.declare("workbench.see_machine", "see how much background work is waiting or stuck")
policy.grant("workbench.see_machine", Scope.ALL, ["SYS_ADMIN"])
