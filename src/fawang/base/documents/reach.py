"""Who may see the order a file belongs to, as the rooms above know it.

This room does not know orders. A room that does registers a question here: may this actor see the order of that
number (or draft token)? Without a yes, a file is like one that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fawang.kernel.policy import Actor

Reach = Callable[[Actor, str], bool]
_reaches: dict[str, Reach] = {}


@dataclass(frozen=True)
class Lending:
    """What a room knows of files that orders took over from another one (the parts of a bundle, a split order).

    `to(order_ref, token)` are the orders that took the file over; `of(order_ref)` what an order took over, as (the
    order it belongs to, token).
    """

    to: Callable[[str, str], Iterable[str]]
    of: Callable[[str], Iterable[tuple[str, str]]]


_lendings: dict[str, Lending] = {}


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


def register_lending(name: str, lending: Lending) -> None:
    """Add what a room knows of files taken over, once, at start-up."""
    _lendings[name] = lending


def reaches_file(actor: Actor, order_ref: str, token: str) -> bool:
    """Whether the actor may see the order a file belongs to, or one that took this file over."""
    if reaches(actor, order_ref):
        return True
    return any(reaches(actor, ref) for lending in _lendings.values() for ref in lending.to(order_ref, token))


def taken_over(order_ref: str) -> set[tuple[str, str]]:
    """What an order has from another one: (the order the file belongs to, token)."""
    return {pair for lending in _lendings.values() for pair in lending.of(order_ref)}
