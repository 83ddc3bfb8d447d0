"""The tables of what can be booked, of taken seats and of bookings."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fawang.base.meetings.values import ClosureKind, Kind, Priority, State, TicketState, WaitState


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
    service_code = models.CharField(max_length=40, blank=True, default="")
    timed_at = models.DateTimeField(null=True, db_comment="when this time was chosen; reminders count from here")
    reminded = models.PositiveSmallIntegerField(default=0, db_comment="reminders sent for this time")
    closure = models.ForeignKey(
        "Closure", null=True, on_delete=models.SET_NULL, related_name="displaced", db_comment="closes this time"
    )

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
            models.Index(fields=["party", "state"], name="booking_of_party", condition=Q(party__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"booking {self.token}"


class Closure(models.Model):
    """A desk that is closed for a while (停办). It takes times away; bookings inside are told and stay until moved."""

    bookable = models.ForeignKey(Bookable, on_delete=models.PROTECT, related_name="closures")
    begin = models.DateTimeField()
    end = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=ClosureKind.choices)
    closed_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="closure_ends_after_begin", condition=Q(end__gt=F("begin")))]
        indexes = [models.Index(fields=["bookable", "end"], name="closure_of_bookable")]

    def __str__(self) -> str:
        return f"closed {self.begin.isoformat()}"


class Wait(models.Model):
    """Somebody who waits for the first free time in a span (候补). An offered time is a slot held for them."""

    token = models.CharField(max_length=22, unique=True)
    bookable = models.ForeignKey(Bookable, on_delete=models.PROTECT, related_name="waits")
    party = models.ForeignKey("identity.Party", on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    purpose = models.CharField(max_length=200, blank=True, default="")
    service_code = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, choices=WaitState.choices, default=WaitState.WAITING)
    state_at = models.DateTimeField()
    slot = models.OneToOneField(Slot, null=True, on_delete=models.SET_NULL, related_name="wait")
    offered_until = models.DateTimeField(null=True)
    booking = models.OneToOneField(Booking, null=True, on_delete=models.PROTECT, related_name="wait")
    waits_since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "bookable"], name="wait_once", condition=Q(state__in=["WAITING", "OFFERED"])
            ),
            models.CheckConstraint(
                name="wait_offer_has_a_slot",
                condition=~Q(state="OFFERED") | Q(slot__isnull=False, offered_until__isnull=False),
            ),
            models.CheckConstraint(name="wait_span", condition=Q(last_day__gte=F("first_day"))),
        ]
        indexes = [
            models.Index(fields=["bookable", "id"], name="wait_line", condition=Q(state="WAITING")),
            models.Index(fields=["offered_until"], name="wait_offered", condition=Q(state="OFFERED")),
        ]

    def __str__(self) -> str:
        return f"wait {self.token}"


class Pardon(models.Model):
    """The desk lifted the limit on somebody who had missed bookings: what was missed before does not count."""

    party = models.ForeignKey("identity.Party", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    pardoned_by = models.CharField(max_length=80)
    pardoned_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["party", "-pardoned_at"], name="pardon_of_party")]

    def __str__(self) -> str:
        return f"pardon {self.pk}"


class Line(models.Model):
    """The queue of one kind of window on one day in one hall: its letter and its counters."""

    institution = models.ForeignKey("organisations.Institution", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    line = models.CharField(max_length=40, db_comment="line code of the windows that serve it")
    letter = models.CharField(max_length=1)
    given = models.PositiveIntegerField(default=0, db_comment="numbers given today")
    called = models.PositiveIntegerField(default=0, db_comment="calls today, to bring back those passed over")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "day", "line"], name="line_once_a_day"),
            models.UniqueConstraint(fields=["institution", "day", "letter"], name="line_letter_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.day}"


class Ticket(models.Model):
    """A number in the hall (排队号). Its token opens the live page; nobody else's is told."""

    token = models.CharField(max_length=22, unique=True)
    institution = models.ForeignKey("organisations.Institution", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="tickets")
    number = models.CharField(max_length=6)
    day = models.DateField()
    party = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    booking = models.OneToOneField(Booking, null=True, on_delete=models.PROTECT, related_name="ticket")
    service_code = models.CharField(max_length=40, blank=True, default="")
    priority = models.CharField(max_length=10, choices=Priority.choices, blank=True, default="")
    state = models.CharField(max_length=10, choices=TicketState.choices, default=TicketState.WAITING)
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    calls = models.PositiveSmallIntegerField(default=0, db_comment="calls and recalls")
    skips = models.PositiveSmallIntegerField(default=0)
    back_at = models.PositiveIntegerField(default=0, db_comment="comes back when the line has called so many")
    window = models.ForeignKey("organisations.Window", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "day", "number"], name="ticket_number_once_a_day"),
            models.UniqueConstraint(
                fields=["window"], name="ticket_one_a_window", condition=Q(state="CALLED", window__isnull=False)
            ),
            models.CheckConstraint(name="ticket_called_by", condition=~Q(state="CALLED") | Q(window__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["institution", "day", "state"], name="ticket_of_day"),
            models.Index(fields=["day"], name="ticket_open", condition=Q(state__in=["WAITING", "CALLED"])),
        ]

    def __str__(self) -> str:
        return f"ticket {self.number}"
