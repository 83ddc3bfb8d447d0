"""How chats are run here, as data: `definitions/chat.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fawang.base.calendar import selectors as calendar
from fawang.base.calendar.errors import CalendarMissing
from fawang.kernel import clock
from fawang.middle.intake.values import Phrase

_FILE = Path(__file__).with_name("definitions") / "chat.yaml"


@dataclass(frozen=True)
class ChatPolicy:
    """The figures of live chat; each is explained in the file."""

    at_once: int
    vanished_minutes: int
    first_reply_minutes: int
    gone_minutes: int
    longest: int
    per_minute: int
    most: int
    enough: int
    call_back_minutes: int
    open_hours: int
    keep_days: int
    may_watch_silently: bool
    duty: dict[str, str]
    phrases: tuple[Phrase, ...]


def read(data: dict[str, Any]) -> ChatPolicy:
    """The policy of a file's content. Raises TypeError for an unknown or missing key."""
    return ChatPolicy(**{**data, "phrases": tuple(Phrase(**row) for row in data["phrases"])})


@cache
def current() -> ChatPolicy:
    """The installation's policy."""
    return read(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def _works(day: date) -> bool:
    if current().duty["days"] == "every":
        return True
    try:
        return calendar.is_working(day)
    except CalendarMissing:
        return day.weekday() < 5


def _at(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), tzinfo=clock.SHANGHAI)


def is_duty_time(moment: datetime | None = None) -> bool:
    """Whether lawyers are on duty at the moment (now by default)."""
    now = clock.local(moment or clock.now())
    duty = current().duty
    return _works(now.date()) and _at(now.date(), duty["from"]) <= now < _at(now.date(), duty["to"])


def next_duty(moment: datetime | None = None) -> datetime:
    """When duty begins next; the moment itself while it lasts."""
    now = clock.local(moment or clock.now())
    if is_duty_time(now):
        return now
    for ahead in range(31):
        begin = _at(now.date() + timedelta(days=ahead), current().duty["from"])
        if begin >= now and _works(begin.date()):
            return begin
    return now + timedelta(days=1)
