"""How far a staff member's view of parties reaches, as the rooms above know it.

This room does not know orders. A room that does (work orders, contacts) registers a question here: may this actor,
through the work it holds, see this party? Without an answer of yes, a party outside is like one that is not there. In
the same way the room of institutions says whose accounts an administrator of people may look after.
"""

from __future__ import annotations

from collections.abc import Callable

from fawang.kernel.policy import Actor

Reach = Callable[[Actor, int], bool]
_reaches: dict[str, Reach] = {}
_account_reach: dict[str, Reach] = {}


def register_reach(name: str, reach: Reach) -> None:
    """Add a room's question, once, at start-up. `reach(actor, party_id)` says whether the actor's work names it."""
    if _reaches.get(name, reach) is not reach:
        raise ValueError(f"two reaches named {name}")
    _reaches[name] = reach


def forget_reach(name: str) -> None:
    """Take a question out again (a room that is switched off, a test)."""
    _reaches.pop(name, None)


def reaches(actor: Actor, party_id: int) -> bool:
    """Whether any room says that the actor's work names the party."""
    return any(reach(actor, party_id) for reach in _reaches.values())


def register_account_reach(reach: Reach) -> None:
    """Say how far UNIT and AREA reach over accounts: the room of institutions does, once, at start-up."""
    _account_reach["organisations"] = reach


def reaches_account(actor: Actor, account_id: int) -> bool:
    """Whether the account is one of the people whom the actor administers."""
    return any(reach(actor, account_id) for reach in _account_reach.values())
