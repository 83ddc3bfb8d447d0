"""Tables of the event log. The database refuses to change them (see `guards`)."""

from __future__ import annotations

from typing import Any

from django.db import models

from fawang.kernel.events.errors import refusals


class Guarded(models.QuerySet[Any]):
    """Says the same on both databases when a guard refuses."""

    def update(self, **changes: Any) -> int:
        """As always, or AppendOnly."""
        with refusals():
            return super().update(**changes)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As always, or AppendOnly."""
        with refusals():
            return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        with refusals():
            return super()._raw_delete(using)


class Kept(models.Model):
    """A row that can be added and, in one way only, changed."""

    objects = Guarded.as_manager()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        """As always, or AppendOnly."""
        with refusals():
            super().save(**options)

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """As always, or AppendOnly."""
        with refusals():
            return super().delete(using=using, keep_parents=keep_parents)


class Event(Kept):
    """One thing that happened. Its data lives in `Body`, so that erasing it breaks no digest."""

    stream = models.CharField(max_length=80, db_comment="what it is the history of, e.g. order:12")
    sequence = models.PositiveIntegerField(db_comment="1, 2, 3 … within the stream")
    name = models.CharField(max_length=80, db_comment="room.past_tense.vN")
    actor = models.CharField(max_length=80, db_comment="who acted; free of personal data")
    on_behalf = models.CharField(max_length=80, blank=True, default="", db_comment="for whom, if for another")
    at = models.DateTimeField(db_comment="kernel clock, UTC")
    cause = models.CharField(max_length=40, db_comment="one id for all that one act did")
    digest = models.CharField(max_length=64, db_comment="SHA-256 over salt and canonical bytes")
    position = models.BigIntegerField(null=True, unique=True, db_comment="commit order, given by the sequencer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "sequence"], name="event_once_in_stream")]
        indexes = [
            models.Index(fields=["id"], name="event_unnumbered", condition=models.Q(position__isnull=True)),
            models.Index(fields=["name", "at"], name="event_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.sequence} {self.name}"


class Body(Kept):
    """An event's data as stored canonical bytes, and the salt. The only legal change is erasure: both set to null."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="body")
    salt = models.CharField(max_length=32, null=True)  # noqa: DJ001 - null means erased
    data = models.TextField(null=True)  # noqa: DJ001 - null means erased

    def __str__(self) -> str:
        return f"body of {self.event_id}"
