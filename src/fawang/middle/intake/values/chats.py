"""Words of chats and of published answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fawang.middle.intake.masking import Masked


class ChatState(models.TextChoices):
    """Where a chat is."""

    WAITING = "WAITING", _("排队中")
    OPEN = "OPEN", _("进行中")
    ENDED = "ENDED", _("已结束")


class ChatSide(models.TextChoices):
    """Who says something in a chat; a note is between staff."""

    VISITOR = "VISITOR", _("咨询人")
    LAWYER = "LAWYER", _("值班律师")
    SUPERVISOR = "SUPERVISOR", _("监督人员")
    SYSTEM = "SYSTEM", _("系统")
    NOTE = "NOTE", _("内部备注")


# what happens in a chat, as both sides read it
HAPPENINGS: dict[str, str | Promise] = {
    "TAKEN": _("%(name)s律师来了。"),
    "LAWYER_LOST": _("律师那边断线了。您排在最前面，马上换一位，说过的都还在。"),
    "TO_UNIT": _("转给更合适的单位，您排在最前面，说过的都还在。"),
    "JOINED": _("监督人员%(name)s加入了这次咨询，双方都能看到。"),
    "ENDED_VISITOR": _("咨询人结束了这次咨询。"),
    "ENDED_STAFF": _("律师结束了这次咨询。"),
    "ENDED_SILENCE": _("很久没有收到您的消息，这次咨询先结束了。还有问题，可以再开始一次。"),
}


class PublicationState(models.TextChoices):
    """Where the anonymised version of an answered question is."""

    AGREED = "AGREED", _("同意匿名公开，待答复")
    ANSWERED = "ANSWERED", _("已答复，待写匿名稿")
    DRAFTED = "DRAFTED", _("已写匿名稿")
    PUBLISHED = "PUBLISHED", _("已公开")
    WITHDRAWN = "WITHDRAWN", _("已撤回同意")


@dataclass(frozen=True)
class Phrase:
    """A quick phrase of the lawyers, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class ChatLine:
    """A message as it is shown. `happening` names what happened, for a message of the system."""

    position: int
    side: str
    name: str
    text: str = field(repr=False)
    happening: str
    at: datetime
    is_erased: bool


@dataclass(frozen=True)
class Waiting:
    """How long it will take, as honestly as can be told: `minutes` is None where nobody can say."""

    place: int
    minutes: int | None
    lawyers: int
    is_duty_time: bool
    next_duty: datetime


@dataclass(frozen=True)
class ChatView:
    """A chat. For the visitor `number` and `code` open its contact later; for staff `code` is empty."""

    token: str
    state: str
    number: str
    code: str = field(repr=False)
    unit_id: int
    domain: str
    urgency: str
    agent: str
    is_mine: bool
    guests: tuple[str, ...]
    lines: tuple[ChatLine, ...] = field(repr=False)
    last: int
    queued_at: datetime
    ended_at: datetime | None
    ended_by: str
    grade: int | None
    may_rate: bool
    wrap_up: str
    callback_due_at: datetime | None
    orders: tuple[str, ...]
    is_returned: bool

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has taken it."""
        return self.state == ChatState.WAITING

    @property
    def is_open(self) -> bool:
        """Whether a lawyer is in it."""
        return self.state == ChatState.OPEN

    @property
    def is_ended(self) -> bool:
        """Whether it is over."""
        return self.state == ChatState.ENDED


@dataclass(frozen=True)
class ChatRow:
    """A chat in a list of the desk."""

    token: str
    state: str
    number: str
    domain: str
    urgency: str
    words_short: str
    agent: str
    queued_at: datetime
    waited_minutes: int
    is_late: bool
    is_returned: bool
    is_gone: bool
    is_unread: bool


@dataclass(frozen=True)
class ChatDesk:
    """What a lawyer (or supervisor) on chat duty has before them."""

    is_signed_in: bool
    may_take: bool
    may_join: bool
    at_once: int
    waiting: tuple[ChatRow, ...]
    mine: tuple[ChatRow, ...]
    others: tuple[ChatRow, ...]
    to_wrap_up: tuple[ChatRow, ...]
    lawyers: int


@dataclass(frozen=True)
class Colleague:
    """Somebody to hand a chat to: a lawyer on chat duty, or another unit with some."""

    token: str
    name: str
    free: int


@dataclass(frozen=True)
class Publishable:
    """An answered question whose asker agreed to an anonymised version, as it stands. Texts are masked."""

    number: str
    domain: str
    state: str
    piece: str
    piece_state: str
    title: str
    question: Masked
    answer: Masked
    articles: str
