"""The registry of named rules. Lines register guards here at start-up; the engine looks names up.

A guard takes the engine's context (a read-only view of the order, the actor, the action's data) and raises
RefusedByRule with a sentence when its rule stands against the act. Its docstring names the source (law and article).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from fawang.kernel.policy import Actor


class Context(Protocol):
    """What a rule may look at."""

    actor: Actor
    data: dict[str, Any]

    @property
    def order(self) -> Any:
        """The order's row (read it, never write to it)."""

    @property
    def answers(self) -> dict[str, Any]:
        """The order's answers, opened."""

    def may_extend(self) -> bool:
        """Whether a running limit of the order may still be extended."""


Guard = Callable[[Context], None]
_guards: dict[str, Guard] = {}


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register a guard under `room.rule`. Raises ValueError for a second one of that name."""

    def register(function: Guard) -> Guard:
        if name in _guards and _guards[name] is not function:
            raise ValueError(f"two rules are named {name}")
        _guards[name] = function
        return function

    return register


def find(name: str) -> Guard | None:
    """The guard of that name; None when its line is gone."""
    return _guards.get(name)


def names() -> list[str]:
    """All registered names."""
    return sorted(_guards)
