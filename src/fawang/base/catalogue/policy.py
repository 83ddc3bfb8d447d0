"""Who may do what with the catalogue."""

from fawang.kernel import policy
from fawang.kernel.policy import Scope

policy.declare("catalogue.read", "read the published services and their guides")
policy.grant("catalogue.read", Scope.ANYONE, ["VISITOR", "CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY"])
policy.declare("catalogue.publish", "publish, close and reopen a service")
policy.grant("catalogue.publish", Scope.ALL, ["SYSTEM", "JUSTICE_ADMIN_PROV"])
