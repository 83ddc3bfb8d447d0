"""Background work: missed calls become call-backs."""

from __future__ import annotations

from typing import Any

from fawang.kernel.outbox.services import handles
from fawang.middle.intake import services


@handles("intake.missed_call")
def missed_call(payload: dict[str, Any]) -> None:
    """Nobody took the call: somebody is to call back, unless it was answered after all."""
    services.take_missed_call(payload["call"])
