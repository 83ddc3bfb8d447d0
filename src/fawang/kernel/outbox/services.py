"""Queue effects in the caller's transaction; carry them out with leases, back-off and order for each subject.

A killed worker's lease runs out and another takes the effect up again: handlers must be safe to run twice. A failing
effect is retried after 2, 4, 8 … seconds up to an hour; after `MAX_ATTEMPTS` it is stuck and `doctor` asks for a
person.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from fawang.kernel import clock
from fawang.kernel.events.services import canonical
from fawang.kernel.outbox.models import Effect

LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 12
MAX_BACKOFF = timedelta(hours=1)
KEPT_FOR = timedelta(days=14)

log = logging.getLogger("fawang.outbox")
Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
_outside: set[str] = set()
_recurring: dict[str, tuple[timedelta, Callable[[], object]]] = {}


@dataclass(frozen=True)
class Job:
    """An effect to queue. `subject` orders it among its like; `payload` is JSON and free of personal data."""

    kind: str
    subject: str
    payload: dict[str, Any] = field(default_factory=dict)
    run_after: datetime | None = None


def handles(kind: str, *, in_transaction: bool = True) -> Callable[[Handler], Handler]:
    """Register the handler of a kind (once; a second one is an error at start-up).

    A handler that talks to the network says `in_transaction=False`, so that no lock is held while it waits; it keeps
    its own short transactions and must be safe to run twice.
    """

    def register(handler: Handler) -> Handler:
        if kind in _handlers and _handlers[kind] is not handler:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = handler
        if not in_transaction:
            _outside.add(kind)
        return handler

    return register


_listeners: dict[str, list[tuple[str, str | None]]] = {}


def listens(event: str, kind: str, *, in_state: str | None = None) -> None:
    """Queue `kind` whenever the event is announced (only if the announcer then stands in `in_state`, when given).

    This is how talk goes up: an upper room listens, the announcer does not know who.
    """
    if (kind, in_state) not in _listeners.setdefault(event, []):
        _listeners[event].append((kind, in_state))


def listeners(event: str, subject: str, payload: dict[str, Any], *, state: str = "") -> list[Job]:
    """The jobs of all who listen to an event; each gets the payload and the event's name."""
    return [
        Job(kind, f"{subject}:{kind}", {**payload, "event": event})
        for kind, in_state in _listeners.get(event, [])
        if in_state is None or in_state == state
    ]


def listening() -> dict[str, list[str]]:
    """Every event that somebody listens to, with the kinds it queues."""
    return {event: [kind for kind, _ in rows] for event, rows in sorted(_listeners.items())}


def every(interval: timedelta, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register recurring work for the worker's tick; it must be safe to run twice and at the same time."""

    def register(work: Callable[[], object]) -> Callable[[], object]:
        _recurring[name] = (interval, work)
        return work

    return register


def recurring() -> dict[str, tuple[timedelta, Callable[[], object]]]:
    """All recurring work by name."""
    return dict(_recurring)


def kinds() -> list[str]:
    """Every kind that has a handler."""
    return sorted(_handlers)


def queue(jobs: Sequence[Job]) -> None:
    """Write the jobs (one statement). Raises KeyError for a kind nobody handles: wiring errors show at once."""
    moment = clock.now()
    for job in jobs:
        if job.kind not in _handlers:
            raise KeyError(f"no handler for {job.kind}")
    Effect.objects.bulk_create(
        Effect(
            kind=job.kind,
            subject=job.subject,
            payload=canonical(job.payload),
            run_after=job.run_after or moment,
            created_at=moment,
        )
        for job in jobs
    )


class LeaseLost(Exception):
    """The effect is another worker's by now."""


def _claim(limit: int) -> list[Effect]:
    """Take up to `limit` due effects by compare-and-set: `SKIP LOCKED` does nothing on SQLite."""
    moment, lease = clock.now(), secrets.token_hex(16)
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=moment)
    # an earlier effect of the subject comes first if it is due or being retried; one that was put off does not hold up
    # what is due before it (the alarm of a date that has moved since)
    comes_first = Q(run_after__lte=moment) | Q(attempts__gt=0)
    earlier = Effect.objects.filter(
        comes_first, subject=OuterRef("subject"), id__lt=OuterRef("id"), done_at__isnull=True, is_stuck=False
    )
    due = (
        Effect.objects.filter(free, done_at__isnull=True, is_stuck=False, run_after__lte=moment)
        .filter(~Exists(earlier))
        .order_by("run_after", "id")
        .values_list("id", flat=True)[:limit]
    )
    ids = list(due)
    if not ids:
        return []
    Effect.objects.filter(free, id__in=ids, done_at__isnull=True).update(lease=lease, leased_until=moment + LEASE)
    return list(Effect.objects.filter(id__in=ids, lease=lease).order_by("id"))


def _carry_out(effect: Effect) -> bool:
    attempts = effect.attempts + 1
    mine = Effect.objects.filter(pk=effect.pk, lease=effect.lease)
    try:
        with nullcontext() if effect.kind in _outside else transaction.atomic():
            _handlers[effect.kind](json.loads(effect.payload))
            if not mine.update(done_at=clock.now(), attempts=attempts, leased_until=None, last_error=""):
                raise LeaseLost
        return True
    except LeaseLost:
        # another worker took it up after our lease had run out: what we did is rolled back, theirs counts
        log.warning("effect %s %s outlived its lease", effect.kind, effect.pk)
        return False
    except Exception as error:  # noqa: BLE001 - the worker's outer loop: log, back off, go on
        log.exception("effect %s %s failed, attempt %s", effect.kind, effect.pk, attempts)
        wait = min(timedelta(seconds=2**attempts), MAX_BACKOFF)
        mine.update(
            attempts=attempts,
            leased_until=None,
            lease="",
            run_after=clock.now() + wait,
            is_stuck=attempts >= MAX_ATTEMPTS,
            last_error=type(error).__name__,
        )
        return False


def run_due(limit: int = 50) -> int:
    """Carry out up to `limit` due effects; how many succeeded."""
    return sum(_carry_out(effect) for effect in _claim(limit))


def drain(rounds: int = 1_000) -> int:
    """Carry out everything that is due now, in rounds; how many succeeded. For demonstrations, tests and `--once`."""
    total = 0
    for _ in range(rounds):
        claimed = _claim(200)
        if not claimed:
            break
        total += sum(_carry_out(effect) for effect in claimed)
    return total


def release(effect_id: int) -> bool:
    """Let a stuck effect try again (an operator's reset)."""
    return bool(
        Effect.objects.filter(pk=effect_id, is_stuck=True).update(is_stuck=False, attempts=0, run_after=clock.now())
    )


def forget_done() -> int:
    """Delete effects done longer ago than `KEPT_FOR`; how many."""
    return Effect.objects.filter(done_at__lt=clock.now() - KEPT_FOR).delete()[0]
