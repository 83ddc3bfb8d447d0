"""What the worker does for the law at hand."""

from __future__ import annotations

from datetime import timedelta

from fawang.base.knowledge import services
from fawang.kernel.outbox.services import every
from fawang.kernel.policy import system

_WORKER = system("worker")


@every(timedelta(minutes=1), "knowledge.index")
def index() -> None:
    """Build the index where the corpus has none: after a load on another machine, or when the folder was lost."""
    services.index(_WORKER)


@every(timedelta(days=1), "knowledge.look_again")
def look_again() -> None:
    """A version that came into force today may put published pieces in doubt."""
    services.look_again(_WORKER)
