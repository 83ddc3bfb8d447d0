"""Frozen data that other rooms pass to and get from bookings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What can be booked."""

    WINDOW = "WINDOW", _("窗口")
    PERSON = "PERSON", _("人员")
    ROOM = "ROOM", _("房间")
    ONLINE = "ONLINE", _("在线")


class State(models.TextChoices):
    """What became of a booking."""

    BOOKED = "BOOKED", _("已预约")
    CANCELLED = "CANCELLED", _("已取消")
    SHOWN_UP = "SHOWN_UP", _("已到场")
    NO_SHOW = "NO_SHOW", _("没有到场")
    DONE = "DONE", _("已办完")


class WaitState(models.TextChoices):
    """What became of waiting for a time."""

    WAITING = "WAITING", _("等候中")
    OFFERED = "OFFERED", _("有空位等您确认")
    SERVED = "SERVED", _("已约上")
    LEFT = "LEFT", _("已退出")
    LAPSED = "LAPSED", _("没有按时确认")
    ENDED = "ENDED", _("到期没有空位")


class ClosureKind(models.TextChoices):
    """Why a desk is closed."""

    TRAINING = "TRAINING", _("培训")
    ILLNESS = "ILLNESS", _("生病")
    REPAIR = "REPAIR", _("检修")
    OTHER = "OTHER", _("临时有事")


class TicketState(models.TextChoices):
    """What became of a number in the hall."""

    WAITING = "WAITING", _("等候中")
    CALLED = "CALLED", _("正在办理")
    DONE = "DONE", _("已办完")
    MISSED = "MISSED", _("过号")
    LEFT = "LEFT", _("已离开")
    CLOSED = "CLOSED", _("当天没有叫到")


class Priority(models.TextChoices):
    """Who is called first in a hall (无障碍环境建设法 art. 40; 未成年人保护法; 退役军人保障法)."""

    NONE = "", _("没有")
    ELDERLY = "ELDERLY", _("老年人")
    DISABLED = "DISABLED", _("残疾人")
    PREGNANT = "PREGNANT", _("孕妇或带婴幼儿")
    MINOR = "MINOR", _("未成年人")
    MILITARY = "MILITARY", _("军人、退役军人和军属")


@dataclass(frozen=True)
class BookableValue:
    """Something that can be booked. Minutes are minutes; `opening` maps "1"…"7" (Monday first) and "makeup"."""

    id: int
    token: str
    kind: str
    institution_id: int
    window_id: int | None
    practitioner_id: int | None
    name: str
    slot_minutes: int
    buffer_minutes: int
    seats: int
    notice_minutes: int
    horizon_days: int
    opening: dict[str, list[list[str]]]
    is_open: bool

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(Kind(self.kind).label)


@dataclass(frozen=True)
class FreeSlot:
    """A time that can still be booked; `left` seats of `seats` are free."""

    bookable_id: int
    bookable_token: str
    name: str
    kind: str
    start: datetime
    end: datetime
    left: int
    seats: int


@dataclass(frozen=True)
class BookingView:
    """A booking as its reader sees it. `claim_code` is shown only to the one who booked."""

    token: str
    bookable_id: int
    bookable_name: str
    kind: str
    institution_id: int
    start: datetime
    end: datetime
    order_ref: str
    party_id: int | None
    purpose: str
    state: str
    state_label: str
    changes: int
    claim_code: str = field(default="", repr=False)
    bookable_token: str = ""
    service_code: str = ""
    is_displaced: bool = False


@dataclass(frozen=True)
class DayOffer:
    """A day on which something can be booked at all: its free times, none when it is full."""

    day: date
    slots: tuple[FreeSlot, ...]

    @property
    def is_full(self) -> bool:
        """Whether every time of the day is taken."""
        return not self.slots


@dataclass(frozen=True)
class WaitView:
    """Somebody waiting for a time in a span of days. `place` is theirs in the line (1 is next), 0 when it is over."""

    token: str
    institution_id: int
    bookable_name: str
    first_day: date
    last_day: date
    state: str
    state_label: str
    place: int
    offer_start: datetime | None
    offer_end: datetime | None
    offered_until: datetime | None
    booking_token: str
    purpose: str
    bookable_token: str = ""


@dataclass(frozen=True)
class ClosureView:
    """A desk closed for a while."""

    id: int
    bookable_id: int
    bookable_name: str
    begin: datetime
    end: datetime
    kind: str
    kind_label: str


@dataclass(frozen=True)
class TicketView:
    """A number in the hall. `ahead` people are called before; `wait_minutes` is None while nobody can say."""

    token: str
    number: str
    institution_id: int
    line: str
    state: str
    state_label: str
    priority: str
    taken_at: datetime
    called_at: datetime | None
    window_name: str
    ahead: int
    wait_minutes: int | None
    booked_start: datetime | None
    calls: int
    service_code: str = ""


@dataclass(frozen=True)
class CalledNumber:
    """What the hall's screen says: a number and where to go. Never a name."""

    number: str
    window_name: str
    called_at: datetime
    calls: int
