"""Where phone codes go: a port with a sender by name (`FAWANG_SMS_SENDER`)."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from fawang.kernel.errors import PartnerUnavailable

_TIMEOUT_SECONDS = 5


class Sender(Protocol):
    """Sends one short text to one phone."""

    def send(self, phone: str, text: str) -> None:
        """Send, or raise PartnerUnavailable. The text is secret: never log it."""


class ConsoleSender:
    """Prints the text on the server's own output, in a demonstration or while developing only."""

    def send(self, phone: str, text: str) -> None:
        """Print it. Raises PartnerUnavailable on a real installation: nobody would receive it."""
        if not (settings.DEBUG or settings.FAWANG_IS_DEMONSTRATION):
            raise PartnerUnavailable(_("短信服务还没有配置。请改用其他登录方式,或拨打 12348。"))
        sys.stdout.write(f"[SMS {phone}] {text}\n")
        sys.stdout.flush()


class HttpSender:
    """Posts `{"phone", "text"}` as JSON to `FAWANG_SMS_GATEWAY_URL` with the bearer `FAWANG_SMS_GATEWAY_TOKEN`."""

    def send(self, phone: str, text: str) -> None:
        """Post it; anything but a 2xx answer within five seconds is PartnerUnavailable."""
        url = getattr(settings, "FAWANG_SMS_GATEWAY_URL", "")
        failed = PartnerUnavailable(_("短信暂时发不出去,请过几分钟再试,或拨打 12348。"))
        if not url.startswith(("https://", "http://127.0.0.1")):
            raise failed
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            url,
            data=json.dumps({"phone": phone, "text": text}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {getattr(settings, 'FAWANG_SMS_GATEWAY_TOKEN', '')}",
            },
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                if not 200 <= answer.status < 300:
                    raise failed
        except (urllib.error.URLError, TimeoutError, OSError):
            raise failed from None


_senders: dict[str, Sender] = {"console": ConsoleSender(), "http": HttpSender()}


def register_sender(name: str, sender: Sender) -> None:
    """Add a province's own gateway under a name for `FAWANG_SMS_SENDER`."""
    _senders[name] = sender


def sender() -> Sender:
    """The configured sender. Raises KeyError for a name nobody registered: a wiring error."""
    return _senders[settings.FAWANG_SMS_SENDER]
