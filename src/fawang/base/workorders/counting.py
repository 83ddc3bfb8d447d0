"""Limits that count from a day the act names: an agreement takes effect when signed, not when it is written down.

A line registers the day for a limit of its own at start-up; a limit nobody registered counts from the act itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from fawang.kernel import clock

Day = Callable[[Mapping[str, Any]], date | None]
_days: dict[str, Day] = {}


def counted_from(limit_id: str) -> Callable[[Day], Day]:
    """Register the day from which a limit counts, given the data of the action that starts it; None: it does not apply.

    Raises ValueError for a second one of that limit.
    """

    def register(function: Day) -> Day:
        if limit_id in _days and _days[limit_id] is not function:
            raise ValueError(f"two days for {limit_id}")
        _days[limit_id] = function
        return function

    return register


def begin(limit_id: str, data: Mapping[str, Any], moment: datetime) -> datetime | None:
    """When the clock of a limit begins for an act at `moment` with this data; None when it does not run at all."""
    function = _days.get(limit_id)
    if function is None:
        return moment
    day = function(data)
    return None if day is None else datetime.combine(day, time(), clock.SHANGHAI)


def registered() -> list[str]:
    """The limits with a day of their own."""
    return sorted(_days)
