"""Who may use the dispatch centre."""

from fawang.kernel import policy
from fawang.kernel.policy import Scope

policy.declare("dispatch.board", "see the dispatch board and its suggestions")
policy.grant("dispatch.board", Scope.AREA, ["DISPATCHER", "SUPERVISOR"])
