"""Who makes a device a kiosk, and who uses one."""

from fawang.front.frame.policy import EVERYONE
from fawang.kernel import policy
from fawang.kernel.policy import Scope

policy.declare("kiosk.use", "use a kiosk: its first page, and ending the visit")
policy.grant("kiosk.use", Scope.ANYONE, EVERYONE)
policy.declare("kiosk.enrol", "make a device a kiosk of one's unit, or an ordinary browser again")
policy.grant("kiosk.enrol", Scope.UNIT, ["RECEPTIONIST", "INSTITUTION_ADMIN"])
