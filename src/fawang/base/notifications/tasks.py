"""The room's effect."""

from __future__ import annotations

from typing import Any

from fawang.base.notifications import delivery
from fawang.kernel.outbox.services import handles


@handles(delivery.JOB)
def deliver(payload: dict[str, Any]) -> None:
    """Carry out one attempt of one message."""
    delivery.deliver(token=payload["message"], attempt=payload["attempt"])
