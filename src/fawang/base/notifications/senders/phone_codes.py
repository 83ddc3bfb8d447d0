"""Log-in codes over the same gateway as every other SMS: one protocol, one key, one place that can fail."""

from __future__ import annotations

from fawang.base.notifications.senders import sms_http
from fawang.base.notifications.values import Letter, State
from fawang.kernel import ids
from fawang.kernel.errors import PartnerUnavailable


class GatewaySender:
    """What the room of accounts calls when `FAWANG_SMS_SENDER` is `http`: at once, because somebody waits."""

    def send(self, phone: str, text: str) -> None:
        """Send, or raise PartnerUnavailable. A code is not a message: it is in no inbox and is not sent again."""
        sent = sms_http.send(Letter(key=f"code-{ids.token()}", address=phone, short=text, is_urgent=True))
        if sent.state not in {State.ACCEPTED, State.DELIVERED}:
            raise PartnerUnavailable
