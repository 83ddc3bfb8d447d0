"""The SQLite backend: writers of all processes and threads line up at a lock file before they begin.

SQLite itself has no queue: who finds the database busy sleeps ever longer (up to 100 ms) and tries again, while a
process that has just committed takes the lock again at once. Under load some requests then wait for seconds. Here a
writer asks every half millisecond, so everybody gets a turn. The lock only orders; what keeps the data right is still
SQLite's own lock, so a writer that got no turn within `timeout` simply goes to SQLite, and a killed process leaves
nothing behind (the kernel drops its lock).
"""

from __future__ import annotations

import fcntl
import os
import time
from typing import Any

from django.db.backends.sqlite3 import base

_FIRST_SECONDS, _LATER_SECONDS = 0.000_5, 0.002
_SOON = 0.02


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection, with its own place in the queue."""

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        self._queue: int | None = None
        self._has_turn = False

    def _wait_for_turn(self) -> None:
        name = str(self.settings_dict["NAME"])
        if not name.startswith("/") or self._has_turn:
            return
        if self._queue is None:
            self._queue = os.open(f"{name}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        began = time.monotonic()
        while True:
            try:
                fcntl.flock(self._queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waited = time.monotonic() - began
                if waited > self.settings_dict["OPTIONS"].get("timeout", 5):
                    return
                time.sleep(_FIRST_SECONDS if waited < _SOON else _LATER_SECONDS)
            else:
                self._has_turn = True
                return

    def _let_next(self) -> None:
        if self._has_turn and self._queue is not None:
            self._has_turn = False
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django has it, its stubs do not
        except BaseException:
            self._let_next()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # Django has it, its stubs do not
        finally:
            if not (self.connection is not None and self.connection.in_transaction):
                self._let_next()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # Django has it, its stubs do not
        finally:
            self._let_next()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # Django has it, its stubs do not
        finally:
            self._let_next()
            if self._queue is not None:
                os.close(self._queue)
                self._queue = None
