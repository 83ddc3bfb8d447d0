"""Tables of the work order. Only `engine` writes to them."""

from __future__ import annotations

from django.db import models

OPEN = models.Q(is_open=True)
# what queues of an area are narrowed by: with these the index alone answers which orders, how many, and in what order
NARROWED = ("id", "is_open", "state", "line", "urgency", "unit", "secrecy", "title_key")


class Order(models.Model):
    """One demand for one service by one applicant, with a holder (工单)."""

    number = models.CharField(max_length=26, null=True, unique=True)  # noqa: DJ001 - a draft has none yet
    draft_token = models.CharField(max_length=30, unique=True, db_comment="names a draft in URLs")
    query_code = models.CharField(max_length=200, blank=True, default="", db_comment="sealed")
    service_code = models.CharField(max_length=40)
    line = models.CharField(max_length=40)
    item_version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=2)
    source = models.CharField(max_length=80, blank=True, default="", db_comment="hall, device, campaign or partner")
    demand_type = models.CharField(max_length=12)
    domain = models.CharField(max_length=6, default="D99")
    urgency = models.CharField(max_length=2, default="U3")
    complexity = models.CharField(max_length=8, default="GENERAL")
    secrecy = models.CharField(max_length=10, default="NORMAL")
    sensitive_flags = models.JSONField(default=list)
    people_count = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=50)
    title_key = models.CharField(max_length=200, blank=True, default="", db_comment="the title as searches compare it")
    description = models.TextField(blank=True, default="")
    answers = models.JSONField(default=dict, db_comment="by the item's questions; sealed where a question says so")
    assessment = models.JSONField(default=dict, db_comment="what the item's rules said: verdict, flags, materials, fee")

    applicant = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf_by = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    registrar = models.CharField(max_length=80, blank=True, default="", db_comment="actor who entered it for another")
    registrar_unit = models.ForeignKey(
        "organisations.Institution", null=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=10, default="zh-hans")

    area = models.CharField(max_length=12, db_comment="division code")
    province = models.CharField(max_length=6, default="")
    city = models.CharField(max_length=6, default="")
    county = models.CharField(max_length=6, default="")

    state = models.CharField(max_length=20)
    inner = models.CharField(max_length=30, blank=True, default="")
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0, db_comment="optimistic lock; equals the stream's last sequence")
    unit = models.ForeignKey("organisations.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    offered_unit = models.ForeignKey("organisations.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    offered_until = models.DateTimeField(null=True)
    dispatch_mode = models.CharField(max_length=10, blank=True, default="")
    desk_unit = models.ForeignKey("organisations.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    is_offline = models.BooleanField(default=False)

    returns = models.PositiveSmallIntegerField(default=0)
    returned_by = models.JSONField(default=list, db_comment="ids of units whose return was agreed")
    return_refused = models.BooleanField(default=False, db_comment="the present unit may not ask again")
    suspended_for = models.CharField(max_length=4, blank=True, default="")
    is_extended = models.BooleanField(default=False)
    redo_count = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1, db_comment="counts results told; one rating each")
    urged_count = models.PositiveSmallIntegerField(default=0)
    last_urged_at = models.DateTimeField(null=True)
    urge_is_open = models.BooleanField(default=False)
    supervision_level = models.PositiveSmallIntegerField(default=0)
    contact_count = models.PositiveSmallIntegerField(default=0)
    unreached_count = models.PositiveSmallIntegerField(default=0)
    callback_tries = models.PositiveSmallIntegerField(default=0, db_comment="call-backs nobody answered")
    callback_tried_on = models.DateField(null=True)
    objected = models.BooleanField(default=False)
    result_code = models.CharField(max_length=24, blank=True, default="")
    result_text = models.TextField(blank=True, default="")
    proposed_by = models.CharField(max_length=80, blank=True, default="")
    grade = models.PositiveSmallIntegerField(null=True)
    rated_round = models.PositiveSmallIntegerField(default=0)

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_comment="earliest running duty clock")
    due_is_provisional = models.BooleanField(default=False)
    breached_count = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "due_at", "id"], name="order_queue_of_unit", condition=OPEN),
            models.Index(fields=["handler", "due_at", "id"], name="order_queue_of_handler", condition=OPEN),
            models.Index(fields=["county", "due_at", *NARROWED], name="order_queue_of_county", condition=OPEN),
            models.Index(fields=["city", "due_at", *NARROWED], name="order_queue_of_city", condition=OPEN),
            models.Index(fields=["province", "due_at", *NARROWED], name="order_queue_of_province", condition=OPEN),
            models.Index(fields=["desk_unit", "id"], name="order_at_desk", condition=models.Q(desk_unit__isnull=False)),
            models.Index(fields=["offered_unit"], name="order_offered", condition=models.Q(offered_unit__isnull=False)),
            models.Index(fields=["applicant", "-id"], name="order_of_applicant"),
            models.Index(fields=["registrar_unit", "-id"], name="order_of_registrar"),
            models.Index(
                fields=["state", "due_at", "id", "is_open", "province", "city", "county", "secrecy"],
                name="order_by_state",
                condition=OPEN,
            ),
            models.Index(fields=["due_at", "id"], name="order_urged", condition=OPEN & models.Q(urge_is_open=True)),
            models.Index(
                fields=["due_at", "id"], name="order_supervised", condition=OPEN & models.Q(supervision_level__gt=0)
            ),
            models.Index(fields=["unit", "grade"], name="order_rated_of_unit", condition=models.Q(grade__isnull=False)),
            models.Index(
                fields=["due_at", "id", "grade", "state", "province", "city", "county"],
                name="order_rated",
                condition=models.Q(grade__isnull=False),
            ),
            models.Index(fields=["registrar", "-id"], name="order_of_registering_actor"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class Participant(models.Model):
    """Somebody else who takes part: an agent, the opposite party, a co-unit."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="participants")
    part = models.CharField(max_length=12, db_comment="AGENT, OPPOSITE, CO_UNIT, FOLLOWER")
    party = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisations.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    has_answered = models.BooleanField(default=False, db_comment="for a co-unit: its part is done")
    since = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["party", "order"], name="participant_by_party"),
            models.Index(fields=["unit", "order"], name="participant_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.order_id}"


class Clock(models.Model):
    """A running time limit of an order; its ledger says why it is due when it is due."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="clocks")
    limit_id = models.CharField(max_length=20)
    limit = models.JSONField(db_comment="the limit as it was when the clock started (T10: law changes do not move it)")
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=10)
    duty = models.CharField(max_length=8)
    state = models.CharField(max_length=8, db_comment="RUNNING, PAUSED, WAITING, MET, VOID")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    calendar_revision = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["order", "id"], name="clock_of_order"),
            models.Index(
                fields=["calendar_revision", "id"],
                name="clock_open",
                condition=models.Q(state__in=["RUNNING", "PAUSED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.limit_id} of {self.order_id}"


class ClockEntry(models.Model):
    """A line of a clock's ledger: what moved it, when, why, and where it stood afterwards."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, db_comment="START PAUSE RESUME RESTART EXTEND RECALCULATE MEET VOID BREACH")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, default="")
    basis = models.CharField(max_length=200, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    value = models.PositiveIntegerField(null=True, db_comment="of an extension")
    unit = models.CharField(max_length=10, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.kind} of {self.clock_id}"


class Link(models.Model):
    """How two orders belong together."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, db_comment="DUPLICATE, DERIVED, BUNDLE, RELATED")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "other", "kind"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind} {self.other_id}"


class Task(models.Model):
    """A to-do inside an order (待办), with its own due date."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    unit = models.ForeignKey("organisations.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.title


class Rating(models.Model):
    """One rating for each time a result was told (评价)."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    grade = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "round"], name="rating_once_a_round")]

    def __str__(self) -> str:
        return f"{self.grade} for {self.order_id}"
