"""The portal's rows of the permission table."""

from __future__ import annotations

from fawang.front.frame.policy import CITIZEN_ROLES, EVERYONE
from fawang.kernel.policy import Scope, declare, grant

declare("portal.see", "read the citizen's site: services, institutions, help, the state of a matter by its code")
grant("portal.see", Scope.ANYONE, EVERYONE)

declare("portal.apply", "fill in and send an application")
grant("portal.apply", Scope.OWN, CITIZEN_ROLES)

declare("portal.see_matters", "follow one's own matters and act on them, read one's messages")
grant("portal.see_matters", Scope.OWN, CITIZEN_ROLES)

declare("portal.see_me", "see and change one's own details")
grant("portal.see_me", Scope.OWN, CITIZEN_ROLES)
