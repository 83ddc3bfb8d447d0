"""Runs the web server and the worker side by side; when one ends, or TERM or INT comes, both end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from django.conf import settings

GRACE_SECONDS = 10


def web_command(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """granian over WSGI: about three times the requests of ASGI for pages and API (docs/adr/0006)."""
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    words += ["--workers", str(workers), "--blocking-threads", str(threads), "--workers-kill-timeout", "5s"]
    return [*words, "--respawn-failed-workers", "--no-ws", "--log-level", "warning", "fawang.site.wsgi:application"]


def default_threads() -> int:
    """One writing thread a process on SQLite (its busy wait is not fair), several on PostgreSQL."""
    return 1 if "sqlite" in settings.DATABASES["default"]["ENGINE"] else 4


def run(commands: dict[str, list[str]]) -> int:
    """Start all commands and wait; the first one to end ends all. Its exit code, 0 after TERM or INT."""
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    running = {name: subprocess.Popen(words, env=os.environ) for name, words in commands.items()}
    code = 0
    while not stopping:
        ended = next((process for process in running.values() if process.poll() is not None), None)
        if ended is not None:
            code = ended.returncode or 1
            break
        time.sleep(0.2)
    for process in running.values():
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    return code
