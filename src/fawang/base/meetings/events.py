"""What the room announces, in the stream `booking:<token>`. No event holds a code, a name or a purpose."""

from __future__ import annotations

BOOKED = "meetings.booked.v1"
CHANGED = "meetings.booking_changed.v1"
CANCELLED = "meetings.booking_cancelled.v1"
SHOWN_UP = "meetings.person_shown_up.v1"
NO_SHOW = "meetings.person_not_shown_up.v1"
DONE = "meetings.meeting_done.v1"
DISPLACED = "meetings.booking_displaced.v1"
WAIT_BEGUN = "meetings.wait_begun.v1"
OFFERED = "meetings.time_offered.v1"
WAIT_ENDED = "meetings.wait_ended.v1"


def wait_stream(token: str) -> str:
    """The stream of one wait."""
    return f"wait:{token}"


def stream(token: str) -> str:
    """The stream of one booking."""
    return f"booking:{token}"
