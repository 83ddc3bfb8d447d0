"""The table of the queue."""

from __future__ import annotations

from django.db import models


class Effect(models.Model):
    """Something to do after the transaction that caused it: at least once, in order for each subject."""

    kind = models.CharField(max_length=80, db_comment="names the handler, e.g. notifications.deliver")
    subject = models.CharField(max_length=80, db_comment="effects of one subject run one after another")
    payload = models.TextField(db_comment="canonical JSON, without personal data")
    run_after = models.DateTimeField()
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=40, blank=True, default="")
    done_at = models.DateTimeField(null=True)
    is_stuck = models.BooleanField(default=False, db_comment="gave up: a person must look")
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["run_after", "id"],
                name="effect_waiting",
                condition=models.Q(done_at__isnull=True, is_stuck=False),
            ),
            models.Index(fields=["subject", "id"], name="effect_in_order", condition=models.Q(done_at__isnull=True)),
            models.Index(fields=["done_at"], name="effect_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
