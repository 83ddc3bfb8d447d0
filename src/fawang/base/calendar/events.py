"""What the calendar announces, all in the stream `calendar`. It listens to nothing."""

from __future__ import annotations

STREAM = "calendar"
YEAR_LOADED = "calendar.year_loaded.v1"
DAY_CHANGED = "calendar.day_changed.v1"
HOURS_CHANGED = "calendar.hours_changed.v1"

# The effect queued with each of them: whoever keeps clocks recomputes the open ones and tells.
CHANGED_JOB = "calendar.changed"
