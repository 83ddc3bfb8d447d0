"""The table of divisions."""

from __future__ import annotations

from django.db import models


class Division(models.Model):
    """An administrative division, present or abolished. Codes are never reused for another place while it is open."""

    class Level(models.TextChoices):
        """How deep it lies."""

        PROVINCE = "PROVINCE"
        CITY = "CITY"
        COUNTY = "COUNTY"
        TOWNSHIP = "TOWNSHIP"
        VILLAGE = "VILLAGE"

    code = models.CharField(primary_key=True, max_length=12, db_comment="6 digits; 9 for townships, 12 for villages")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    level = models.CharField(max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    pinyin = models.CharField(max_length=120, db_comment="sort key: a-z of the whole name")
    initials = models.CharField(max_length=40, db_comment="first letters, for look-up by keyboard")
    valid_from = models.DateField(null=True, db_comment="first day, where the history knows it")
    valid_to = models.DateField(null=True, db_comment="last day, null while it exists")
    superseded_by = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["parent", "pinyin"], name="division_children"),
            models.Index(fields=["pinyin"], name="division_pinyin"),
            models.Index(fields=["name"], name="division_name"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
