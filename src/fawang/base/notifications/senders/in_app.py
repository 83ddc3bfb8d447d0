"""The inbox on the site: there as soon as it is written."""

from __future__ import annotations

from fawang.base.notifications.values import Letter, Sent, State
from fawang.kernel import clock


def send(letter: Letter) -> Sent:
    """Nothing travels: the message's row is the delivery."""
    return Sent(State.DELIVERED, clock.now())
