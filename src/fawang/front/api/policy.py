"""Who may knock at which operation. The rooms behind the door ask again for the thing itself."""

from __future__ import annotations

from fawang.base.organisations.values import PARTNER_ROLES
from fawang.front.frame.policy import CITIZEN_ROLES, EVERYONE, STAFF_ROLES
from fawang.kernel.policy import Scope, declare, grant

PARTNERS = tuple(sorted(PARTNER_ROLES))
WORKERS = (
    "RECEPTIONIST", "DUTY_LAWYER", "DISPATCHER", "INSTITUTION_ADMIN", "HANDLER", "REVIEWER", "APPROVER", "SUPERVISOR",
    "CALLBACK_AGENT", "JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN",
)  # fmt: skip

declare("api.see_public", "read services, places, institutions and free times, and follow an order by its code")
grant("api.see_public", Scope.ANYONE, (*EVERYONE, *PARTNERS))

declare("api.log_in", "log in with a telephone number and a code")
grant("api.log_in", Scope.ANYONE, EVERYONE)

declare("api.deliver_receipts", "tell what became of a text message; the gateway proves itself with its signature")
grant("api.deliver_receipts", Scope.ANYONE, (*EVERYONE, *PARTNERS))

declare("api.use_session", "see who one is, choose as whom to act, and log out")
grant("api.use_session", Scope.OWN, (*CITIZEN_ROLES, *STAFF_ROLES))

declare("api.use_orders", "list, read and act on orders, each as far as one stands in a relation to it")
grant("api.use_orders", Scope.OWN, CITIZEN_ROLES)
grant("api.use_orders", Scope.UNIT, (*WORKERS, *PARTNERS))

declare("api.read_messages", "read what was told about an order")
grant("api.read_messages", Scope.OWN, CITIZEN_ROLES)
grant("api.read_messages", Scope.UNIT, WORKERS)

declare("api.follow_events", "follow what happens to the orders one may see, as names and states")
grant("api.follow_events", Scope.OWN, CITIZEN_ROLES)
grant("api.follow_events", Scope.UNIT, (*WORKERS, *PARTNERS))
