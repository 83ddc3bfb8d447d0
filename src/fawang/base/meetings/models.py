"""The tables of what can be booked, of taken seats and of bookings."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fawang.base.meetings.values import Kind, State


class Bookable(models.Model):
    """A named window, person, room or online desk that people book (可预约资源)."""

    token = models.CharField(max_length=22, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    institution = models.ForeignKey("organisations.Institution", on_delete=models.PROTECT, related_name="+")
    window = models.OneToOneField("organisations.Window", null=True, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        "organisations.Practitioner", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True, default="")
    area = models.CharField(max_length=12, blank=True, default="", db_comment="division code of the institution")
    slot_minutes = models.PositiveSmallIntegerField()
    buffer_minutes = models.PositiveSmallIntegerField(default=0, db_comment="between one slot's end and the next start")
    seats = models.PositiveSmallIntegerField(default=1, db_comment="people served at once in one slot")
    notice_minutes = models.PositiveIntegerField(default=60, db_comment="latest booking before the start")
    horizon_days = models.PositiveSmallIntegerField(default=30, db_comment="earliest booking before the day")
    opening = models.JSONField(db_comment='stretches a weekday: {"1": [["09:00", "12:00"]], "makeup": […]}')
    works_on_holidays = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="bookable_has_room", condition=Q(slot_minutes__gte=5, seats__gte=1)),
            models.CheckConstraint(name="bookable_window_named", condition=~Q(kind="WINDOW") | Q(window__isnull=False)),
            models.CheckConstraint(
                name="bookable_person_named", condition=~Q(kind="PERSON") | Q(practitioner__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["institution", "is_open"], name="bookable_of_institution")]

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """One taken seat at one time. The row is the claim: a second one is refused by the database; freeing deletes it."""

    bookable = models.ForeignKey(Bookable, on_delete=models.PROTECT, related_name="slots")
    start = models.DateTimeField()
    end = models.DateTimeField()
    seat_no = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bookable", "start", "seat_no"], name="slot_taken_once"),
            models.CheckConstraint(name="slot_ends_after_start", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return f"{self.start.isoformat()} seat {self.seat_no}"


class Booking(models.Model):
    """Somebody's appointment (预约). It keeps its time when its slot has been freed."""

    token = models.CharField(max_length=22, unique=True)
    bookable = models.ForeignKey(Bookable, on_delete=models.PROTECT, related_name="bookings")
    slot = models.OneToOneField(Slot, null=True, on_delete=models.SET_NULL, related_name="booking")
    start = models.DateTimeField()
    end = models.DateTimeField()
    order_ref = models.CharField(max_length=40, blank=True, default="")
    party = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200, blank=True, default="")
    claim_sealed = models.CharField(max_length=120)
    claim_index = models.CharField(max_length=90)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    state_at = models.DateTimeField()
    changes = models.PositiveSmallIntegerField(default=0)
    booked_by = models.CharField(max_length=80, db_comment="reference of the actor")
    booked_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_ref", "purpose"],
                name="booking_once_per_order",
                condition=Q(state="BOOKED") & ~Q(order_ref=""),
            ),
            models.UniqueConstraint(
                fields=["party", "start"],
                name="booking_one_place_at_a_time",
                condition=Q(state="BOOKED", party__isnull=False),
            ),
            models.CheckConstraint(name="booking_holds_a_slot", condition=~Q(state="BOOKED") | Q(slot__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["bookable", "start"], name="booking_of_day"),
            models.Index(fields=["order_ref"], name="booking_of_order", condition=~Q(order_ref="")),
            models.Index(fields=["claim_index"], name="booking_by_claim"),
            models.Index(fields=["end"], name="booking_waiting", condition=Q(state="BOOKED")),
        ]

    def __str__(self) -> str:
        return f"booking {self.token}"
