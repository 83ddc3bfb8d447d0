"""The table of uploaded files. What is in them lies in the file store, under a random name."""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """An uploaded file (材料)."""

    token = models.CharField(max_length=22, unique=True)
    owner = models.ForeignKey(
        "identity.Party", null=True, on_delete=models.PROTECT, related_name="+", db_comment="for whom it was handed in"
    )
    order_ref = models.CharField(max_length=40, blank=True, default="", db_comment="an order's number or draft token")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100, db_comment="decided by the content, never by the name")
    size = models.PositiveBigIntegerField(db_comment="bytes")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, unique=True, db_comment="in the file store")
    uploaded_by = models.CharField(max_length=60, db_comment="the actor's ref")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["order_ref"], name="document_of_order")]

    def __str__(self) -> str:
        return self.token
