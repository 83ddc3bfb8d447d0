"""The room's effect, and its gateway lent to log-in codes."""

from __future__ import annotations

from typing import Any

from fawang.base.identity.services import register_sender
from fawang.base.notifications import delivery
from fawang.base.notifications.senders.phone_codes import GatewaySender
from fawang.kernel.outbox.services import handles


@handles(delivery.JOB, in_transaction=False)
def deliver(payload: dict[str, Any]) -> None:
    """Carry out one attempt of one message."""
    delivery.deliver(token=payload["message"], attempt=payload["attempt"])


register_sender("http", GatewaySender())
