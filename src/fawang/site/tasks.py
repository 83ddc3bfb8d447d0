"""Housekeeping of the whole installation: what may be forgotten is forgotten, once a day."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command

from fawang.kernel.outbox.services import every, forget_done
from fawang.kernel.replies.services import forget_old


@every(timedelta(days=1), "site.forget")
def forget() -> None:
    """Delete carried-out effects, old first answers and ended sessions; never an order, an event or a message."""
    forget_done()
    forget_old()
    call_command("clearsessions", verbosity=0)
