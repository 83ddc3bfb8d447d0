"""Where phone codes go: a port with a sender by name (`FAWANG_SMS_SENDER`)."""

from __future__ import annotations

import sys
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from fawang.kernel.errors import PartnerUnavailable


class Sender(Protocol):
    """Sends one short text to one phone."""

    def send(self, phone: str, text: str) -> None:
        """Send, or raise PartnerUnavailable. The text is secret: never log it."""


class ConsoleSender:
    """Prints the text on the server's own output, in a demonstration or while developing only."""

    def send(self, phone: str, text: str) -> None:
        """Print it. Raises PartnerUnavailable on a real installation: nobody would receive it."""
        if not (settings.DEBUG or settings.FAWANG_IS_DEMONSTRATION):
            raise PartnerUnavailable(_("短信服务还没有配置。请改用其他登录方式，或拨打 12348。"))
        sys.stdout.write(f"[SMS {phone}] {text}\n")
        sys.stdout.flush()


_senders: dict[str, Sender] = {"console": ConsoleSender()}


def register_sender(name: str, sender: Sender) -> None:
    """Add a province's own gateway under a name for `FAWANG_SMS_SENDER`."""
    _senders[name] = sender


def sender() -> Sender:
    """The configured sender. Raises KeyError for a name nobody registered: a wiring error."""
    return _senders[settings.FAWANG_SMS_SENDER]
