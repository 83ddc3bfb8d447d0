"""Whom to call back, and when a rating is bad (work-order standard §7).

All of: bad ratings (grades 1–2), complaints, emergencies and urgent orders (U1, U2). Of the rest a fixed share: 30 % of
requests for help, 5 % of all others. The share is drawn by a keyed digest of the order's number, so the same order is
always in or always out, nobody can tell which in advance, and nobody can choose.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from fawang.base.calendar import selectors as calendar
from fawang.kernel import clock, crypto

BAD_GRADES = frozenset({1, 2})
ALWAYS_URGENT = frozenset({"U1", "U2"})
ALWAYS_TYPES = frozenset({"COMPLAINT"})
SHARE_OF_HELP = 0.30
SHARE_OF_OTHERS = 0.05
LATE_AFTER_WORKING_DAYS = 2
SECOND_URGE = 2
_STEPS = 10_000


def share(demand_type: str, urgency: str, grade: int | None) -> float:
    """The part of such orders that is called back, 0…1."""
    if grade in BAD_GRADES or urgency in ALWAYS_URGENT or demand_type in ALWAYS_TYPES:
        return 1.0
    return SHARE_OF_HELP if demand_type == "HELP" else SHARE_OF_OTHERS


def draw(number: str) -> float:
    """A number's fixed place in 0…1, known only with the installation's key."""
    digest = hmac.new(crypto.derive("oversight.callback"), number.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") % _STEPS / _STEPS


def is_called_back(number: str, *, demand_type: str, urgency: str, grade: int | None) -> bool:
    """Whether this order is called back."""
    return draw(number) < share(demand_type, urgency, grade)


def long_overdue_since() -> datetime:
    """What was due before this moment is overdue by more than two working days: the same time of day, so many
    working days ago. Raises CalendarMissing."""
    now = clock.now()
    day, left = clock.local(now).date(), LATE_AFTER_WORKING_DAYS
    while left:
        day -= timedelta(days=1)
        left -= calendar.is_working(day)
    return now - timedelta(days=(clock.local(now).date() - day).days)
