"""What the room announces, in the stream `message:<token>`. No event holds an address or a text."""

from __future__ import annotations

from fawang.kernel.events.values import Fact

UNDELIVERED = "notifications.message_undelivered.v1"


def stream(token: str) -> str:
    """The stream of one message."""
    return f"message:{token}"


def undelivered(*, template: str, order_ref: str, channels: str) -> Fact:
    """Every channel has failed: a person must reach the recipient in another way."""
    return Fact(UNDELIVERED, {"template": template, "order_ref": order_ref, "channels": channels})
