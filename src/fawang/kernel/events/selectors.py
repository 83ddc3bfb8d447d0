"""Questions to the log. Who may see a stream is decided by the room that owns it, before it asks here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from fawang.kernel.events.models import Event
from fawang.kernel.events.services import commitment
from fawang.kernel.events.values import Found, Recorded


def _read(events: QuerySet[Event]) -> list[Recorded]:
    return [
        Recorded(
            id=e.pk,
            stream=e.stream,
            sequence=e.sequence,
            name=e.name,
            actor=e.actor,
            on_behalf=e.on_behalf,
            at=e.at,
            cause=e.cause,
            digest=e.digest,
            position=e.position,
            data=json.loads(e.body.data) if e.body.data is not None else None,
        )
        for e in events.select_related("body")
    ]


def stream(name: str, *, names: Iterable[str] | None = None) -> list[Recorded]:
    """A stream's history, oldest first."""
    events = Event.objects.filter(stream=name).order_by("sequence")
    return _read(events.filter(name__in=list(names)) if names is not None else events)


def after(position: int, *, limit: int = 500) -> list[Recorded]:
    """Numbered events behind `position`, in commit order: what followers (SSE resume, insight, ledger) read."""
    return _read(Event.objects.filter(position__gt=position).order_by("position")[:limit])


def recent(*, prefix: str, limit: int = 100) -> list[Recorded]:
    """The newest events whose name begins with `prefix`, newest first."""
    return _read(Event.objects.filter(name__startswith=prefix).order_by("-id")[:limit])


def search(
    *,
    names: Iterable[str],
    about: str = "",
    mentioning: tuple[str, int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int = 0,
    limit: int = 50,
    counted_to: int = 1_000,
) -> Found:
    """A page of the events with exactly these names, newest first, and how many there are (counting stops at
    `counted_to`).

    `about` narrows to those of a stream or by an actor of that reference, or whose data has the number of
    `mentioning` under its key; `since` is included, `until` is not; `before` is the id behind which the page begins.
    """
    events = Event.objects.filter(name__in=list(names))
    concerns = Q(stream=about) | Q(actor=about) if about else Q(pk__in=[])
    if mentioning is not None:
        # canonical data has no blanks: a number ends at a comma or at the end of its object
        key, number = mentioning
        concerns |= Q(body__data__contains=f'"{key}":{number},') | Q(body__data__contains=f'"{key}":{number}}}')
    if about or mentioning is not None:
        events = events.filter(concerns)
    if since is not None:
        events = events.filter(at__gte=since)
    if until is not None:
        events = events.filter(at__lt=until)
    count = events.order_by().values("pk")[:counted_to].count()
    if before:
        events = events.filter(pk__lt=before)
    return Found(tuple(_read(events.order_by("-id")[:limit])), count)


def broken(name: str) -> Iterator[int]:
    """The sequence numbers of a stream whose stored data no longer matches its digest (erased ones are not broken)."""
    for event in Event.objects.filter(stream=name).select_related("body").order_by("sequence"):
        body = event.body
        if body.data is not None and body.salt is not None and commitment(body.salt, body.data) != event.digest:
            yield event.sequence
