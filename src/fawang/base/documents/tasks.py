"""What the worker does for files."""

from __future__ import annotations

from datetime import timedelta

from fawang.base.documents import services
from fawang.kernel.outbox.services import every


@every(timedelta(minutes=10), "documents.scan_waiting")
def scan_waiting() -> None:
    """Files kept while no scanner answered are shown to it when it does."""
    services.scan_waiting()
