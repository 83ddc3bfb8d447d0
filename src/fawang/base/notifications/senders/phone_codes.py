"""Log-in codes over the same gateway as every other SMS: one protocol, one key, one place that can fail."""

from __future__ import annotations

import logging

from django.core.exceptions import ImproperlyConfigured

from fawang.base.notifications.senders import sms_http
from fawang.base.notifications.values import Letter, State
from fawang.kernel import ids
from fawang.kernel.errors import PartnerUnavailable

log = logging.getLogger("fawang.notifications")


class GatewaySender:
    """What the room of accounts calls when `FAWANG_SMS_SENDER` is `http`: at once, because somebody waits."""

    def send(self, phone: str, text: str) -> None:
        """Send, or raise PartnerUnavailable. A code is not a message: it is in no inbox and is not sent again."""
        letter = Letter(key=f"code-{ids.token()}", address=phone, short=text, is_urgent=True)
        try:
            sent = sms_http.send(letter)
        except ImproperlyConfigured as error:
            # whoever waits for a code is told that it cannot come; the operator reads why
            log.exception("the SMS gateway is not set up")
            raise PartnerUnavailable from error
        if sent.state not in {State.ACCEPTED, State.DELIVERED}:
            raise PartnerUnavailable
