"""Who may see the order a file belongs to, as the rooms above know it.

This room does not know orders. A room that does registers a question here: may this actor see the order of that
number (or draft token)? Without a yes, a file is like one that is not there.
"""

from __future__ import annotations

from collections.abc import Callable

from fawang.kernel.policy import Actor

Reach = Callable[[Actor, str], bool]
_reaches: dict[str, Reach] = {}


def register_reach(name: str, reach: Reach) -> None:
    """Add a room's question, once, at start-up. `reach(actor, order_ref)` says whether the actor sees the order."""
    if _reaches.get(name, reach) is not reach:
        raise ValueError(f"two reaches named {name}")
    _reaches[name] = reach


def forget_reach(name: str) -> None:
    """Take a question out again (a room that is switched off, a test)."""
    _reaches.pop(name, None)


def reaches(actor: Actor, order_ref: str) -> bool:
    """Whether any room says that the actor may see the order."""
    return bool(order_ref) and any(reach(actor, order_ref) for reach in _reaches.values())
