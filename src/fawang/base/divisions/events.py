"""What this room announces, in the stream `divisions`. It listens to nothing."""

from __future__ import annotations

STREAM = "divisions"
LOADED = "divisions.loaded.v1"
