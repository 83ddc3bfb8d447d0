"""Who oversees: everybody only within their area."""

from fawang.kernel import policy
from fawang.kernel.policy import Scope

JUSTICE = ("JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN")

policy.declare("oversight.view", "see what is late, urged, supervised and rated in one's area")
policy.grant("oversight.view", Scope.AREA, ["SUPERVISOR", *JUSTICE])
policy.declare("oversight.call_back", "see whom to call back, and record what they said")
policy.grant("oversight.call_back", Scope.AREA, ["CALLBACK_AGENT", "SUPERVISOR", *JUSTICE])
