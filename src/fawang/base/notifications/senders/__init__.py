"""Ways out: one sender a channel, found by name. A sender answers with what happened and never raises for it."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from fawang.base.notifications.senders import email, in_app, sms_console, sms_http
from fawang.base.notifications.values import Channel, Letter, Sent


class Sender(Protocol):
    """What every sender can do. The same `letter.key` may come twice: the second must not reach the person again
    where the other side can tell."""

    def __call__(self, letter: Letter) -> Sent:
        """Send; ACCEPTED, DELIVERED, FAILED_TEMPORARY or FAILED."""


_sms: dict[str, Sender] = {"console": sms_console.send, "http": sms_http.send}


def register_sms(name: str, sender: Sender) -> None:
    """Add an SMS gateway under the name that `FAWANG_SMS_SENDER` chooses. Raises ValueError for a taken name."""
    if _sms.get(name, sender) is not sender:
        raise ValueError(f"the SMS sender {name} is taken")
    _sms[name] = sender


def of(channel: str) -> Sender:
    """The sender of a channel. Raises KeyError for an SMS sender that is not registered: set FAWANG_SMS_SENDER."""
    if channel == Channel.SMS:
        return _sms[settings.FAWANG_SMS_SENDER]
    return email.send if channel == Channel.EMAIL else in_app.send
