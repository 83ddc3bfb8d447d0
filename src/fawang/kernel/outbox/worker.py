"""The worker's loop: number events, carry out effects, run recurring work. Killed at any point, nothing is lost."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import datetime

from django.db import close_old_connections

from fawang.kernel import clock
from fawang.kernel.events.services import number_committed
from fawang.kernel.outbox.services import recurring, run_due

log = logging.getLogger("fawang.worker")


def tick(last: dict[str, datetime]) -> None:
    """Run what recurs and is due by `last` (name → when it last ran); failures are logged and tried next time."""
    for name, (interval, work) in recurring().items():
        moment = clock.now()
        if name in last and moment - last[name] < interval:
            continue
        last[name] = moment
        try:
            work()
        except Exception:
            log.exception("recurring work %s failed", name)


def run(*, pause_seconds: float = 0.5, stop: threading.Event | None = None) -> None:
    """Loop until TERM or INT (the effect in hand is finished) or until `stop` is set."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    last: dict[str, datetime] = {}
    while not stop.is_set():
        busy = 0
        try:
            close_old_connections()
            number_committed()
            busy = run_due()
            tick(last)
        except Exception:
            log.exception("the worker's round failed; trying again")
            stop.wait(2)
        if not busy:
            stop.wait(pause_seconds)
