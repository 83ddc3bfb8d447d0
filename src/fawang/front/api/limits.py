"""How fast one key, person or address may ask: a token bucket a subject, in the memory of the process.

With several processes each grants this much, so the numbers are for protection and not for billing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from threading import Lock

from fawang.front.api.errors import TooFast
from fawang.kernel import clock

MOST_SUBJECTS = 20_000


@dataclass(frozen=True)
class Rate:
    """`per_second` requests on average, `burst` at once."""

    per_second: float
    burst: int


OF_KEYS = Rate(per_second=500, burst=1_000)
OF_PEOPLE = Rate(per_second=10, burst=100)
# a hall, a school or a village shares one address
OF_ADDRESSES = Rate(per_second=20, burst=200)


class Buckets:
    """The buckets of one process. The lock guards the table; nothing slow happens under it."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def spend(self, subject: str, rate: Rate) -> None:
        """Take one request of `subject`. Raises TooFast with the wait in whole seconds."""
        now = clock.now().timestamp()
        with self._lock:
            if len(self._left) > MOST_SUBJECTS:
                self._left.clear()
            left, since = self._left.get(subject, (float(rate.burst), now))
            left = min(rate.burst, left + max(0.0, now - since) * rate.per_second)
            if left >= 1:
                self._left[subject] = (left - 1, now)
                return
            self._left[subject] = (left, now)
        wait = math.ceil((1 - left) / rate.per_second)
        raise TooFast(wait_seconds=wait, wait_minutes=1)

    def forget(self) -> None:
        """Begin anew (for tests)."""
        with self._lock:
            self._left.clear()


buckets = Buckets()
