"""Tables of the event log. The database refuses to change them (see `guards`)."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
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


class Body(models.Model):
    """An event's data as stored canonical bytes, and the salt. The only legal change is erasure: both set to null."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="body")
    salt = models.CharField(max_length=32, null=True)  # noqa: DJ001 - null means erased
    data = models.TextField(null=True)  # noqa: DJ001 - null means erased

    def __str__(self) -> str:
        return f"body of {self.event_id}"
