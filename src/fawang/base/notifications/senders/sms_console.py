"""SMS on standard output: for demonstrations and development. The number is masked, and nothing is logged."""

from __future__ import annotations

import sys

from fawang.base.identity.values import mask_phone
from fawang.base.notifications.values import Letter, Sent, State
from fawang.kernel import clock


def send(letter: Letter) -> Sent:
    """Write the text where the operator can see it."""
    sys.stdout.write(f"SMS {mask_phone(letter.address)} {letter.short}\n")
    sys.stdout.flush()
    return Sent(State.DELIVERED, clock.now())
