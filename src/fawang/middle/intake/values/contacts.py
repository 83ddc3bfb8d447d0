"""Words of the room, and the frozen data that goes in and out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from fawang.base.identity.values import PartyCard
from fawang.base.workorders.values import OrderRow

HOTLINE = "11"
MAX_WORDS = 4000
MAX_ANSWER = 4000
# rating stays open for six months (work-order standard §4)
RATABLE_FOR = timedelta(days=183)


class ContactOutcome(models.TextChoices):
    """What became of a contact (接触记录). It may become an order at any time."""

    OPEN = "OPEN", _("进行中")
    ANSWERED = "ANSWERED", _("当场答复")
    ORDER_MADE = "ORDER_MADE", _("已转工单")
    CALLBACK = "CALLBACK", _("待回拨")
    REFERRED = "REFERRED", _("已转介")
    ABANDONED = "ABANDONED", _("未接通或中断")


class CallState(models.TextChoices):
    """Where a call is."""

    RINGING = "RINGING", _("响铃")
    TALKING = "TALKING", _("通话中")
    ENDED = "ENDED", _("已挂断")
    ABANDONED = "ABANDONED", _("未接来电")


class CallKind(models.TextChoices):
    """What the telephone system tells."""

    RING = "RING", _("响铃")
    ANSWER = "ANSWER", _("接听")
    HANGUP = "HANGUP", _("挂断")
    ABANDON = "ABANDON", _("放弃")


class SeatState(models.TextChoices):
    """Whether calls may come to a seat (organisations §3; the ringing and talking states follow from the calls)."""

    READY = "READY", _("就绪")
    WRAP_UP = "WRAP_UP", _("整理")
    BREAK = "BREAK", _("小休")
    OFFLINE = "OFFLINE", _("签出")


@dataclass(frozen=True)
class CallEvent:
    """One event of one call as the telephone system tells it. `at` is that system's aware moment.

    `caller` may be empty (withheld), `seat` is the extension it rings at, `hangup_side` CALLER or AGENT where known.
    """

    call_id: str
    event: str
    at: datetime
    caller: str = field(default="", repr=False)
    dnis: str = ""
    seat: str = ""
    hangup_side: str = ""


@dataclass(frozen=True)
class CallView:
    """A call as an agent sees it, its number masked."""

    token: str
    state: str
    caller_masked: str
    dnis: str
    seat: str
    queue_enter_at: datetime | None
    ring_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    hangup_side: str
    contact: str


@dataclass(frozen=True)
class SeatView:
    """Where an agent sits and whether calls may come."""

    code: str
    state: str
    since: datetime | None

    @property
    def is_ready(self) -> bool:
        """Whether calls may come."""
        return self.state == SeatState.READY


@dataclass(frozen=True)
class ContactRow:
    """A contact in a list."""

    number: str
    channel: str
    caller: str
    phone_masked: str
    domain: str
    outcome: str
    outcome_label: str
    wrap_up: str
    words_short: str
    orders: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    callback_due_at: datetime | None
    callback_attempts: int
    grade: int | None
    key: str


@dataclass(frozen=True)
class ContactPage:
    """A keyset page of contacts, newest first; `next_key` goes back as `before`."""

    rows: tuple[ContactRow, ...]
    next_key: str
    has_previous: bool


@dataclass(frozen=True)
class ContactView:
    """One contact as an actor may see it. `about` says, for a chat only, that it was one and of what.

    `is_hidden`: its words were said in a chat that the actor may not read.
    """

    number: str
    channel: str
    unit_id: int
    agent_id: int | None
    party_id: int | None
    caller_name: str = field(repr=False)
    phone_masked: str
    has_phone: bool
    domain: str
    urgency: str
    words: str = field(repr=False)
    about: str
    is_hidden: bool
    answer: str = field(repr=False)
    outcome: str
    outcome_label: str
    wrap_up: str
    orders: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    callback_due_at: datetime | None
    callback_done_at: datetime | None
    callback_attempts: int
    grade: int | None
    rating_text: str
    version: int

    @property
    def is_open(self) -> bool:
        """Whether the conversation is still going on."""
        return self.ended_at is None


@dataclass(frozen=True)
class PublicContact:
    """What somebody with the number and the code may see of a contact."""

    number: str
    outcome: str
    outcome_label: str
    answer: str
    started_at: datetime
    grade: int | None
    may_rate: bool


@dataclass(frozen=True)
class CallerHistory:
    """Who a number may be and what came before: the people known under it, their orders and earlier contacts."""

    phone_masked: str
    cards: tuple[PartyCard, ...]
    orders: tuple[OrderRow, ...]
    contacts: tuple[ContactRow, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything is known."""
        return bool(self.cards or self.orders or self.contacts)

    @property
    def open_orders(self) -> tuple[OrderRow, ...]:
        """The orders still being worked on."""
        return tuple(row for row in self.orders if row.is_open)


@dataclass(frozen=True)
class Ringing:
    """A ringing call with what is known of its caller."""

    call: CallView
    history: CallerHistory


@dataclass(frozen=True)
class Danger:
    """The urgency that the words suggest, and the words that did; empty when none did."""

    urgency: str = ""
    words: tuple[str, ...] = ()

    @property
    def is_now(self) -> bool:
        """Whether 110 or 120 comes first."""
        return self.urgency == "U1"


def spoken(number: str) -> str:
    """A contact's or order's number, or a query code, in groups for reading aloud and for print."""
    contact = re.fullmatch(r"(CT)(\d{8})(\w{4})(\w{4})", number)
    order = re.fullmatch(r"(PLS)(\d{8})(\d{6})(\d{2})(\w{3})(\w+)", number)
    match = contact or order
    if match:
        return " ".join(match.groups())
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
