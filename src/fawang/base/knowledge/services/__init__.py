"""Verbs of the law at hand: load laws, teach the search, and the editors' work."""

from __future__ import annotations

from fawang.base.knowledge.services.drafting import drafted
from fawang.base.knowledge.services.learning import learn, unlearn
from fawang.base.knowledge.services.loading import index, load, load_wheel, look_again
from fawang.base.knowledge.services.seeding import load_guides, publish_guides
from fawang.base.knowledge.services.writing import (
    Basis,
    confirm,
    erase,
    publish,
    revise,
    send_back,
    submit,
    withdraw,
    write,
)

__all__ = [
    "Basis", "confirm", "drafted", "erase", "index", "learn", "load", "load_guides", "load_wheel", "look_again",
    "publish", "publish_guides", "revise", "send_back", "submit", "unlearn", "withdraw", "write",
]  # fmt: skip
