"""The table of uploaded files. What is in them lies in the file store, under a random name."""

from __future__ import annotations

from django.db import models

from fawang.base.documents.values import Scan


class Document(models.Model):
    """A version of an uploaded file (材料). A token always means the same bytes: another version is another row."""

    token = models.CharField(max_length=22, unique=True)
    lineage = models.CharField(max_length=22, db_comment="the token of the first version")
    version = models.PositiveIntegerField(default=1, db_default=1)
    is_current = models.BooleanField(default=True, db_default=True)
    owner = models.ForeignKey(
        "identity.Party", null=True, on_delete=models.PROTECT, related_name="+", db_comment="for whom it was handed in"
    )
    order_ref = models.CharField(max_length=40, blank=True, default="", db_comment="an order's number or draft token")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100, db_comment="decided by the content, never by the name")
    size = models.PositiveBigIntegerField(db_comment="bytes")
    sha256 = models.CharField(max_length=64, db_comment="of what is kept")
    original_sha256 = models.CharField(max_length=64, db_comment="of what was handed in")
    pages = models.PositiveIntegerField(default=0, db_default=0, db_comment="0: a kind without pages")
    removed = models.CharField(max_length=80, blank=True, default="", db_comment="what was taken out, by commas")
    scan = models.CharField(max_length=12, default=Scan.NOT_SCANNED, db_default=str(Scan.NOT_SCANNED))
    scanned_at = models.DateTimeField(null=True)
    path = models.CharField(max_length=80, unique=True, db_comment="in the file store")
    uploaded_by = models.CharField(max_length=60, db_comment="the actor's ref")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["order_ref"], name="document_of_order"),
            models.Index(fields=["original_sha256"], name="document_handed_in_before"),
            models.Index(
                fields=["id"], condition=models.Q(scan__in=["NOT_SCANNED", "UNREACHED"]), name="document_not_scanned"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lineage", "version"], name="document_version_once"),
            models.UniqueConstraint(
                fields=["lineage"], condition=models.Q(is_current=True), name="document_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return self.token
