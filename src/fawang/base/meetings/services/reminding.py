"""Reminders: a day and two hours before, never at night, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from fawang.base.meetings import rules, selectors
from fawang.base.meetings.models import Booking
from fawang.base.meetings.rules import Rules
from fawang.base.meetings.telling import tell
from fawang.base.meetings.values import State
from fawang.kernel import clock, crypto, policy

_MOST_AT_ONCE = 500


def _due(start: datetime, hours: int, limits: Rules) -> datetime:
    """When a reminder is sent: so many hours before, or when the night is over."""
    moment = start - timedelta(hours=hours)
    return rules.night_ends(moment, limits.night) or moment


def _level(booking: Booking, now: datetime, limits: Rules) -> int:
    """How many of the reminders of this time should have been sent by now (only the last of them is)."""
    level = 0
    chosen = booking.timed_at or booking.booked_at
    for number, hours in enumerate(limits.remind_hours, start=1):
        due = _due(booking.start, hours, limits)
        if due <= now and chosen <= due and due < booking.start:
            level = number
    return level


def send_reminders() -> int:
    """Remind those whose time comes near; how many. The stored level is raised by compare-and-set with the message in
    one transaction: run twice or killed in the middle, nobody hears it twice or never."""
    limits, now = rules.today(), clock.now()
    if rules.night_ends(now, limits.night) is not None:
        return 0
    actor = policy.system("meetings")
    ahead = timedelta(hours=max(limits.remind_hours) + 1)
    near = Booking.objects.filter(
        state=State.BOOKED, closure=None, party__isnull=False, start__gt=now, start__lte=now + ahead,
        reminded__lt=len(limits.remind_hours),
    ).select_related("bookable")  # fmt: skip
    sent = 0
    for booking in near.order_by("start", "id")[:_MOST_AT_ONCE]:
        level = _level(booking, now, limits)
        if level <= booking.reminded:
            continue
        with transaction.atomic():
            same = Booking.objects.filter(
                pk=booking.pk, state=State.BOOKED, changes=booking.changes, reminded=booking.reminded, closure=None
            )
            if not same.update(reminded=level):
                continue  # moved, cancelled, closed, or reminded by another worker in this moment
            code = crypto.unseal(booking.claim_sealed, context=selectors.CLAIM_CONTEXT)
            tell(actor, booking, "booking_reminder", {"code": code}, why=f"R{level}")
            sent += 1
    return sent
