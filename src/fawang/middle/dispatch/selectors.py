"""Questions to the dispatch centre."""

from __future__ import annotations

from fawang.base.workorders import selectors as orders
from fawang.kernel import policy
from fawang.kernel.policy import Actor
from fawang.middle.dispatch import services
from fawang.middle.dispatch.values import Suggestion


def suggestion(actor: Actor, number: str) -> Suggestion:
    """The ranked candidates for an order the actor may dispatch. Raises NoSuchOrder, NotPermitted."""
    policy.require(actor, "dispatch.board")
    return services.suggest(orders.demand(actor, number))
