"""Verbs of the law at hand: load laws, teach the search, and the editors' work."""

from __future__ import annotations

from fawang.base.knowledge.services.learning import learn, unlearn
from fawang.base.knowledge.services.loading import index, load, load_wheel, look_again
from fawang.base.knowledge.services.writing import Basis, confirm, publish, revise, send_back, submit, withdraw, write

__all__ = [
    "Basis", "confirm", "index", "learn", "load", "load_wheel", "look_again", "publish", "revise", "send_back",
    "submit", "unlearn", "withdraw", "write",
]  # fmt: skip
