"""Verbs of the log: append, number, erase."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Max

from fawang.kernel import clock, crypto
from fawang.kernel.events.models import Body, Event
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor

_SEQUENCER_LOCK = 0x0FA7A46


def canonical(data: dict[str, Any]) -> str:
    """The one text form of JSON data that digests are taken over."""
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def commitment(salt: str, data: str) -> str:
    """The digest of an event's data: SHA-256 over the salt's bytes and the stored canonical bytes."""
    return crypto.digest(bytes.fromhex(salt) + data.encode())


def new_cause() -> str:
    """An id for everything that one act does."""
    return secrets.token_hex(12)


def append(
    *,
    actor: Actor,
    stream: str,
    facts: Sequence[Fact],
    first_sequence: int | None = None,
    cause: str | None = None,
    on_behalf: str = "",
) -> list[Event]:
    """Add facts to a stream, inside the caller's transaction.

    `first_sequence` is the number of the first fact where the caller holds the stream's lock and knows it (two
    statements); without it the stream's highest number is read first. Two writers of one stream at once: the second
    gets an IntegrityError from the unique constraint.
    """
    if not facts:
        return []
    if first_sequence is None:
        highest = Event.objects.filter(stream=stream).aggregate(top=Max("sequence"))["top"]
        first_sequence = (highest or 0) + 1
    return _write(stream, [(actor, fact) for fact in facts], first_sequence, cause or new_cause(), on_behalf)


def _write(
    stream: str, facts: Sequence[tuple[Actor, Fact]], first_sequence: int, cause: str, on_behalf: str
) -> list[Event]:
    _check_lengths(stream, facts, cause)
    moment = clock.now()
    events, bodies = [], []
    for offset, (actor, fact) in enumerate(facts):
        salt, data = secrets.token_hex(16), canonical(fact.data)
        events.append(
            Event(
                stream=stream,
                sequence=first_sequence + offset,
                name=fact.name,
                actor=actor.ref,
                on_behalf=on_behalf or (f"party:{actor.party_id}" if actor.represents_id else ""),
                at=moment,
                cause=cause,
                digest=commitment(salt, data),
            )
        )
        bodies.append(Body(salt=salt, data=data))
    Event.objects.bulk_create(events)
    for event, body in zip(events, bodies, strict=True):
        body.event_id = event.pk
    Body.objects.bulk_create(bodies)
    return events


def _check_lengths(stream: str, facts: Sequence[tuple[Actor, Fact]], cause: str) -> None:
    """SQLite would store what PostgreSQL refuses. These are names that code makes: too long is a fault in the code."""
    named = [(text, 80) for actor, fact in facts for text in (fact.name, actor.ref)]
    for text, most in [(stream, 80), (cause, 40), *named]:
        if len(text) > most:
            raise ValueError(f"too long for the log: {text[:most]}…")


def append_each(*, stream: str, facts: Sequence[tuple[Actor, Fact]], first_sequence: int) -> list[Event]:
    """Add facts that several actors caused in one act (two statements); the caller holds the stream's lock."""
    return _write(stream, facts, first_sequence, new_cause(), "")


def number_committed(limit: int = 5_000) -> int:
    """Give committed events their position, in one order for all readers; how many were numbered.

    Row numbers are not commit order on PostgreSQL, so one sequencer at a time runs, under an advisory lock. An event
    whose transaction commits late simply gets a later position.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER_LOCK])
                if not cursor.fetchone()[0]:
                    return 0
        waiting = list(Event.objects.filter(position__isnull=True).order_by("id").values_list("id", flat=True)[:limit])
        if not waiting:
            return 0
        last = Event.objects.aggregate(top=Max("position"))["top"] or 0
        numbered = [Event(pk=pk, position=last + offset) for offset, pk in enumerate(waiting, start=1)]
        Event.objects.bulk_update(numbered, ["position"], batch_size=400)
    return len(waiting)


def erase(*, actor: Actor, stream: str, reason: str, names: Iterable[str] | None = None) -> int:
    """Erase the data (not the digests) of a stream's events and record that; how many bodies were emptied."""
    with transaction.atomic():
        bodies = Body.objects.filter(event__stream=stream, data__isnull=False)
        if names is not None:
            bodies = bodies.filter(event__name__in=list(names))
        emptied = Body.objects.filter(pk__in=list(bodies.values_list("pk", flat=True))).update(salt=None, data=None)
        append(actor=actor, stream=stream, facts=[Fact("events.data_erased.v1", {"reason": reason, "bodies": emptied})])
    return emptied
