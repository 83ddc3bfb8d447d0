"""Tables of the calendar."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class CalendarYear(models.Model):
    """A year that can be counted in."""

    class Status(models.TextChoices):
        """Announced by the State Council, or computed until it is."""

        OFFICIAL = "OFFICIAL"
        PROVISIONAL = "PROVISIONAL"

    year = models.PositiveSmallIntegerField(primary_key=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    source = models.CharField(max_length=80, db_comment="package and version, or who set it")
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.year} {self.status}"


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a make-up working day (调休上班)."""

    class Basis(models.TextChoices):
        """Where the row comes from; what was set by hand survives a load."""

        ANNOUNCED = "ANNOUNCED"
        COMPUTED = "COMPUTED"
        BY_HAND = "BY_HAND"

    date = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True, default="")
    name_en = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    basis = models.CharField(max_length=12, choices=Basis.choices)

    def __str__(self) -> str:
        return f"{self.date} {'working' if self.is_working else 'off'}"


class OfficeHours(models.Model):
    """A named schedule of office hours."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True, default="")

    def __str__(self) -> str:
        return self.code


class OfficeStretch(models.Model):
    """One stretch of a weekday's office hours, in minutes after midnight."""

    hours = models.ForeignKey(OfficeHours, on_delete=models.CASCADE, related_name="stretches")
    weekday = models.PositiveSmallIntegerField(db_comment="0 Monday … 6 Sunday")
    begins = models.PositiveSmallIntegerField(db_comment="minutes after midnight")
    ends = models.PositiveSmallIntegerField(db_comment="minutes after midnight, at most 1440")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hours", "weekday", "begins"], name="stretch_once_a_day"),
            models.CheckConstraint(condition=Q(begins__lt=F("ends")), name="stretch_runs_forward"),
            models.CheckConstraint(condition=Q(ends__lte=1440, weekday__lte=6), name="stretch_within_day"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.begins}-{self.ends}"


class Revision(models.Model):
    """The one row that says which state the calendar is in; `stamp` tells apart equal numbers after a rollback."""

    number = models.PositiveIntegerField(db_comment="grows by one with every change")
    stamp = models.CharField(max_length=22)

    def __str__(self) -> str:
        return f"revision {self.number}"
