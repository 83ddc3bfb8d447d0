"""Who may load divisions. Reading them is open to everyone."""

from __future__ import annotations

from fawang.kernel import policy
from fawang.kernel.policy import Scope

LOAD = "divisions.load"

policy.declare(LOAD, "load administrative divisions from a data source")
policy.grant(LOAD, Scope.ALL, ["SYS_ADMIN", "SYSTEM"])
