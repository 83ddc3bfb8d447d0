"""The one source of "now". Due times, stamps and demonstrations all read this clock.

Every moment is aware and in UTC; dates that people see are those of Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; the moved moment while a demonstration or a test moves time."""
    return _moved.get() or datetime.now(UTC)


def today() -> date:
    """Today's date as people in Asia/Shanghai have it."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on Asia/Shanghai's wall clock. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(SHANGHAI)


def is_moved() -> bool:
    """Whether time is being moved in this context (never in a served request)."""
    return _moved.get() is not None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block, time stands at `moment` (aware). Blocks nest; `move_to` and `advance` move it on."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    token = _moved.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def move_to(moment: datetime) -> None:
    """Move the standing clock of the surrounding `at` block. Raises RuntimeError outside one."""
    if _moved.get() is None:
        raise RuntimeError("time moves only inside clock.at(...)")
    _moved.set(moment.astimezone(UTC))


def advance(by: timedelta) -> None:
    """Move the standing clock of the surrounding `at` block forward by `by`."""
    move_to(now() + by)
