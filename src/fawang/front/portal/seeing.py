"""Answers to a lower room that cannot know orders: whose files an actor may open."""

from __future__ import annotations

from fawang.base.documents import services as documents
from fawang.base.workorders import selectors as orders
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor


def sees_order(actor: Actor, reference: str) -> bool:
    """Whether the actor sees the order (or draft) that a file belongs to."""
    try:
        orders.get(actor, reference)
    except NotFound:
        return False
    return True


def wire() -> None:
    """Register the answer (once, at start-up)."""
    documents.register_reach("portal", sees_order)
