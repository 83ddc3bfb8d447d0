"""Who receives people at a window."""

from fawang.kernel import policy
from fawang.kernel.policy import Scope

policy.declare("window.receive", "receive people at a window: today's bookings, applying with them, receipts")
policy.grant("window.receive", Scope.UNIT, ["RECEPTIONIST"])
