"""Frozen data that other rooms pass to and get from bookings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

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
