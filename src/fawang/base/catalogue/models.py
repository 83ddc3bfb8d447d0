"""Tables of the catalogue."""

from __future__ import annotations

from django.db import models


class ItemVersion(models.Model):
    """A published version of a service item with its resolved process: immutable, pinned by orders."""

    code = models.CharField(max_length=40)
    line = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    shared_version = models.PositiveIntegerField(
        default=1, db_comment="sum of the versions of what it shares: process, envelope, bank, parts of a bundle"
    )
    digest = models.CharField(max_length=64, db_comment="SHA-256 of `definition`")
    definition = models.TextField(db_comment="canonical JSON: item and resolved process")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version", "shared_version"], name="item_version_once")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Item(models.Model):
    """Which version of a service is offered now, and whether it is open."""

    code = models.CharField(max_length=40, primary_key=True)
    current = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    closed_reason = models.CharField(max_length=200, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.code
