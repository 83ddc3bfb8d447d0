"""When things happen: the profile of days and hours, and time as people at work have it."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from functools import cache

from fawang.base.calendar import selectors as calendar
from fawang.kernel import clock

# of the same day's demands, by hour 0…23: people on the web write in the evening, halls keep office hours
_WEB = (1, 1, 0, 0, 0, 1, 2, 4, 8, 14, 15, 12, 9, 8, 11, 12, 11, 9, 8, 10, 13, 12, 8, 3)
_HALL = (0, 0, 0, 0, 0, 0, 0, 0, 0, 18, 20, 14, 0, 8, 16, 14, 9, 0, 0, 0, 0, 0, 0, 0)
_LINE = (1, 1, 1, 0, 0, 1, 2, 3, 10, 18, 18, 13, 6, 7, 14, 15, 12, 8, 5, 5, 5, 4, 3, 2)
_HOURS = {"11": _LINE, "12": _LINE, "21": _HALL, "31": _HALL}
_WEEKDAYS = (1.35, 1.1, 1.05, 1.0, 0.95)
_FREE_DAY = {"11": 0.45, "12": 0.4, "21": 0.0, "31": 0.1}
OPEN = ((time(9), time(12)), (time(13), time(17)))


@cache
def is_working(day: date) -> bool:
    """Whether offices work that day."""
    return calendar.is_working(day)


def _day_weight(day: date, channel: str) -> float:
    if not is_working(day):
        return _FREE_DAY.get(channel, 0.6)
    return _WEEKDAYS[min(day.weekday(), 4)]


class Profile:
    """Draws moments between two others for a channel."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        self.begin, self.end = begin, end
        self._slots: dict[str, tuple[list[datetime], list[float]]] = {}

    def _of(self, channel: str) -> tuple[list[datetime], list[float]]:
        if channel not in self._slots:
            hours, weights = [], []
            hour = clock.local(self.begin).replace(minute=0, second=0, microsecond=0)
            shape = _HOURS.get(channel, _WEB)
            while hour < self.end:
                hours.append(hour)
                weights.append(_day_weight(hour.date(), channel) * shape[hour.hour] / sum(shape))
                hour += timedelta(hours=1)
            self._slots[channel] = (hours, weights)
        return self._slots[channel]

    def draw(self, chance: random.Random, channel: str) -> datetime:
        """A moment by the profile; without an open hour in the stretch, any moment of it."""
        hours, weights = self._of(channel)
        if not sum(weights):
            weights = [1.0] * len(hours)
        moment = chance.choices(hours, weights)[0] + timedelta(seconds=chance.randrange(3600))
        return min(max(moment, self.begin), self.end - timedelta(minutes=1))


def at_work(moment: datetime, minutes: float) -> datetime:
    """`minutes` of office time after `moment`: what is done when somebody sits there."""
    there = clock.local(moment)
    left = timedelta(minutes=minutes)
    while True:
        if is_working(there.date()):
            for begin, end in OPEN:
                opens = there.replace(hour=begin.hour, minute=0, second=0, microsecond=0)
                closes = there.replace(hour=end.hour, minute=0, second=0, microsecond=0)
                start = max(there, opens)
                if start < closes:
                    if closes - start > left:
                        return start + left
                    left -= closes - start
        there = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def awake(moment: datetime) -> datetime:
    """The moment, or the next morning where it lies in the night: when people write and answer."""
    there = clock.local(moment)
    if there.hour < 7:
        return there.replace(hour=8) + timedelta(minutes=there.minute % 50)
    if there.hour >= 23:
        return (there + timedelta(days=1)).replace(hour=8)
    return there
