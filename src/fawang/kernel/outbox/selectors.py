"""How the queue is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q

from fawang.kernel import clock
from fawang.kernel.outbox.models import Effect


@dataclass(frozen=True)
class Depth:
    """`waiting` effects are due, `lag` is the age of the oldest of them, `stuck` ones need a person."""

    waiting: int
    lag: timedelta
    stuck: int


def depth() -> Depth:
    """The queue's depth now."""
    moment = clock.now()
    row = Effect.objects.filter(done_at__isnull=True).aggregate(
        waiting=Count("id", filter=Q(is_stuck=False, run_after__lte=moment)),
        oldest=Min("run_after", filter=Q(is_stuck=False, run_after__lte=moment)),
        stuck=Count("id", filter=Q(is_stuck=True)),
    )
    return Depth(row["waiting"], moment - row["oldest"] if row["oldest"] else timedelta(0), row["stuck"])
