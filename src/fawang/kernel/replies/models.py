"""The table of first answers."""

from __future__ import annotations

from django.db import models


class Reply(models.Model):
    """The answer that a request with an idempotency key got the first time, scoped to its actor."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=200)
    answer = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="reply_once_per_key")]
        indexes = [models.Index(fields=["at"], name="reply_by_age")]

    def __str__(self) -> str:
        return f"reply to {self.actor}"
