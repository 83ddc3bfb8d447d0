"""Recurring work: forget log-in codes and throttle windows that are over."""

from __future__ import annotations

from datetime import timedelta

from fawang.base.identity.services.throttle import forget_old
from fawang.kernel.outbox.services import every

every(timedelta(hours=1), "identity.forget_old_attempts")(forget_old)
