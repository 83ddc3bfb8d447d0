"""Recurring work: who did not come, who waits, who is to be reminded, numbers of days that are over."""

from __future__ import annotations

from datetime import timedelta

from fawang.base.meetings.services import send_reminders, sweep_no_shows, sweep_queues, sweep_waiting
from fawang.kernel.outbox.services import every

every(timedelta(minutes=10), "meetings.sweep_no_shows")(sweep_no_shows)
every(timedelta(minutes=1), "meetings.sweep_waiting")(sweep_waiting)
every(timedelta(minutes=5), "meetings.send_reminders")(send_reminders)
every(timedelta(minutes=10), "meetings.sweep_queues")(sweep_queues)
