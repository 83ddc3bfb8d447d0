"""Frozen data that other rooms pass to and get from messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a message travels."""

    IN_APP = "IN_APP", _("站内消息")
    EMAIL = "EMAIL", _("电子邮件")
    SMS = "SMS", _("短信")


class State(models.TextChoices):
    """What is known of a message. `UNDELIVERED` is only a message's state: every channel has failed."""

    QUEUED = "QUEUED", _("等待发送")
    SENT = "SENT", _("已发出")
    ACCEPTED = "ACCEPTED", _("对方系统已接收")
    FAILED_TEMPORARY = "FAILED_TEMPORARY", _("暂时没有送到，将自动重试")
    DELIVERED = "DELIVERED", _("已送达")
    FAILED = "FAILED", _("没有送到")
    BOUNCED = "BOUNCED", _("被退回")
    READ = "READ", _("已读")
    UNDELIVERED = "UNDELIVERED", _("各种方式都没有送到")


ARRIVED = frozenset({State.DELIVERED, State.READ})
FAILURES = frozenset({State.FAILED, State.BOUNCED})


@dataclass(frozen=True)
class Recipient:
    """Whom to tell: a party, an account, or a bare address (phone and/or e-mail of somebody not on file).

    Exactly one of the three. `language` overrides the recipient's own preference (`zh-hans` or `en`).
    """

    party_id: int | None = None
    account_id: int | None = None
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    language: str = ""


@dataclass(frozen=True)
class Word:
    """One receipt as the rule of ordering sees it."""

    attempt: int
    state: str
    at: datetime


@dataclass(frozen=True)
class ReceiptView:
    """One receipt as staff see it."""

    channel: str
    attempt: int
    state: str
    state_label: str
    at: datetime
    received_at: datetime
    detail: str


@dataclass(frozen=True)
class MessageView:
    """A message as its reader sees it. Secrets in it are shown to the recipient only."""

    token: str
    template: str
    subject: str
    body: str
    order_ref: str
    queued_at: datetime
    state: str
    state_label: str
    state_at: datetime
    channel: str
    is_read: bool
    is_urgent: bool
    receipts: tuple[ReceiptView, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page of messages, newest first; pass `next` back as `before` for the following page (empty at the end)."""

    messages: tuple[MessageView, ...]
    next: str


@dataclass(frozen=True)
class Letter:
    """What a sender gets. `key` is the same whenever the same attempt is sent again."""

    key: str
    address: str = field(repr=False)
    subject: str = ""
    short: str = field(default="", repr=False)
    long: str = field(default="", repr=False)
    language: str = "zh-hans"
    is_urgent: bool = False


@dataclass(frozen=True)
class Sent:
    """What a sender answers: ACCEPTED or DELIVERED, FAILED_TEMPORARY (try again) or FAILED (never will)."""

    state: State
    at: datetime
    detail: str = ""


Data = dict[str, Any]
