"""Recurring work: bookings nobody came to."""

from __future__ import annotations

from datetime import timedelta

from fawang.base.meetings.services import sweep_no_shows
from fawang.kernel.outbox.services import every

every(timedelta(minutes=10), "meetings.sweep_no_shows")(sweep_no_shows)
