"""While a story is told nothing leaves the machine: a sender that delivers to nobody, and no letters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Letter, Sent, State
from fawang.kernel import clock

NAME = "demonstration"
_UNREACHABLE_PERCENT = 3


def send(letter: Letter) -> Sent:
    """Say it was delivered; for some numbers, always the same ones, that nobody has them."""
    drawn = int.from_bytes(hashlib.sha256(letter.address.encode()).digest()[:4], "big") % 100
    state = State.FAILED if drawn < _UNREACHABLE_PERCENT else State.DELIVERED
    return Sent(state, clock.now(), "no_such_number" if state == State.FAILED else "")


@contextmanager
def quietly() -> Iterator[None]:
    """Within the block messages go to the quiet sender."""
    notifications.register_sms(NAME, send)
    before = settings.FAWANG_SMS_SENDER, settings.EMAIL_BACKEND
    settings.FAWANG_SMS_SENDER, settings.EMAIL_BACKEND = NAME, "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.FAWANG_SMS_SENDER, settings.EMAIL_BACKEND = before
