"""Tables of institutions, their people, roles, windows and keys."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fawang.base.organisations.values import (
    ADMINISTRATORS,
    INSTITUTION_TYPES,
    MEMBER_ROLES,
    PRACTITIONER_KINDS,
    ApplicationKind,
    ApplicationStatus,
    Level,
    Status,
)
from fawang.kernel import ids


class Institution(models.Model):
    """A body that serves, supervises or cooperates (机构)."""

    token = models.CharField(max_length=22, unique=True, default=ids.token, editable=False)
    type = models.CharField(max_length=30, choices=[(code, code) for code in INSTITUTION_TYPES])
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40, blank=True, default="")
    pinyin = models.CharField(max_length=200, db_comment="sort key, a-z and 0-9 only")
    search = models.CharField(max_length=500, db_comment="lower-case name, short name and pinyin")
    level = models.CharField(max_length=10, choices=[(level.value, level.value) for level in Level])
    division_code = models.CharField(max_length=12, db_comment="divisions are dated: no FK")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    uscc = models.CharField(max_length=18, null=True, unique=True)  # noqa: DJ001 - some have none
    licence_no = models.CharField(max_length=60, blank=True, default="")
    licence_valid_to = models.DateField(null=True, db_comment="last day; null = no end")
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Status], default=Status.ACTIVE)
    status_reason = models.CharField(max_length=200, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    lng = models.FloatField(null=True, db_comment="degrees, CGCS2000 (WGS-84)")
    lat = models.FloatField(null=True, db_comment="degrees, CGCS2000 (WGS-84)")
    source_crs = models.CharField(max_length=8, blank=True, default="", db_comment="in what they were given")
    phones = models.JSONField(default=list, blank=True)
    hours = models.JSONField(default=list, blank=True, db_comment="[{weekdays, begin, end}], Asia/Shanghai")
    scope = models.JSONField(default=list, blank=True, db_comment="business scope as licensed")
    lines = models.JSONField(default=list, blank=True, db_comment="line codes; ServedLine is the indexed copy")
    domains = models.JSONField(default=list, blank=True, db_comment="legal domains it is good at")
    languages = models.JSONField(default=list, blank=True)
    capacity = models.PositiveIntegerField(default=0, db_comment="open orders it can hold; 0 = no limit stated")
    accepts_legal_aid = models.BooleanField(default=False)
    annual_assessment = models.CharField(max_length=40, blank=True, default="")
    penalties = models.JSONField(default=list, blank=True, db_comment="[{date, body, kind, text}], public")
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_as = models.BigIntegerField(default=0, db_comment="number of its last change in the register")

    class Meta:
        indexes = [
            models.Index(fields=["changed_as"], name="institution_by_change"),
            models.Index(fields=["pinyin", "id"], name="institution_by_pinyin"),
            models.Index(fields=["type", "pinyin", "id"], name="institution_by_type"),
            models.Index(fields=["division_code", "type"], name="institution_by_division"),
        ]

    def __str__(self) -> str:
        return self.name


class Register(models.Model):
    """How often the register was changed (one row). Changes wait for each other here, so their numbers are seen in
    order; `epoch` tells one register from another in the same place."""

    epoch = models.CharField(max_length=22, default=ids.token)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"register at {self.number}"


class ServedLine(models.Model):
    """That an institution serves a line, with its division: dispatch finds candidates in one indexed statement."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="served")
    line = models.CharField(max_length=40)
    division_code = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "line"], name="line_served_once")]
        indexes = [models.Index(fields=["line", "division_code"], name="served_by_line_and_area")]

    def __str__(self) -> str:
        return f"{self.line} of {self.institution_id}"


class Practitioner(models.Model):
    """A person who serves in an institution (从业人员), with a licence where the law asks for one."""

    token = models.CharField(max_length=22, unique=True, default=ids.token, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="practitioners")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="practitioners"
    )
    name = models.CharField(max_length=100)
    pinyin = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(code, code) for code in PRACTITIONER_KINDS])
    licence_no = models.CharField(max_length=40, blank=True, default="")
    is_legacy_licence = models.BooleanField(default=False)
    licensed_on = models.DateField(null=True, db_comment="first licence: years of practice count from here")
    licence_valid_to = models.DateField(null=True, db_comment="last day; null = no end")
    domains = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    capacity = models.PositiveIntegerField(default=0, db_comment="open orders; 0 = no limit stated")
    penalties = models.JSONField(default=list, blank=True)
    left_on = models.DateField(null=True, db_comment="first day no longer there")
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            # a lawyer practises in one firm only (律师法 art. 10)
            models.UniqueConstraint(
                fields=["kind", "licence_no"],
                condition=models.Q(left_on__isnull=True) & ~models.Q(licence_no=""),
                name="licence_in_one_place",
            )
        ]
        indexes = [models.Index(fields=["institution", "pinyin", "id"], name="practitioner_by_place")]

    def __str__(self) -> str:
        return f"practitioner {self.pk}"


class Leave(models.Model):
    """Days on which a practitioner is given no work, both ends included."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="leave")
    begin = models.DateField()
    end = models.DateField()
    reason = models.CharField(max_length=100, blank=True, default="")
    cancelled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gte=models.F("begin")), name="leave_ends_after_it_begins")
        ]
        indexes = [models.Index(fields=["practitioner", "begin"], name="leave_by_person")]

    def __str__(self) -> str:
        return f"leave {self.pk}"


class Membership(models.Model):
    """One role of one account in one institution."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(code, code) for code in sorted(MEMBER_ROLES)])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, db_comment="last day; null = until ended")
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "institution", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_once_at_a_time",
            ),
            # the three administrators are separate people (GB/T 22239-2019)
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(ended_at__isnull=True, role__in=sorted(ADMINISTRATORS)),
                name="one_administrator_role",
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class Window(models.Model):
    """A named window of a centre (窗口), where people are received and can book a time."""

    token = models.CharField(max_length=22, unique=True, default=ids.token, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="windows")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, default="WINDOW")
    lines = models.JSONField(default=list, blank=True)
    is_accessible = models.BooleanField(default=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "name"], name="window_named_once")]

    def __str__(self) -> str:
        return self.name


class Application(models.Model):
    """What somebody asks a justice administrator to put into the register: a new institution, or changes of one."""

    token = models.CharField(max_length=22, unique=True, default=ids.token, editable=False)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ApplicationKind])
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications")
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="applications")
    name = models.CharField(max_length=100, db_comment="of the institution")
    contact = models.CharField(max_length=100, blank=True, default="", db_comment="who asks, for the approver")
    division_code = models.CharField(max_length=12)
    said = models.JSONField(default=dict, db_comment="fields of the record as asked for")
    before = models.JSONField(default=dict, db_comment="the same fields when it was asked for; empty for a new one")
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ApplicationStatus], default=ApplicationStatus.WAITING
    )
    reason = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"],
                condition=models.Q(status=ApplicationStatus.WAITING, institution__isnull=True),
                name="asked_to_join_once",
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=models.Q(status=ApplicationStatus.WAITING, institution__isnull=False),
                name="one_change_waits",
            ),
        ]
        indexes = [models.Index(fields=["status", "division_code", "id"], name="application_by_area")]

    def __str__(self) -> str:
        return f"application {self.pk}"


class ApiKey(models.Model):
    """A key with which another system acts for an institution. Only a keyed digest is kept."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True, db_comment="shown, to tell keys apart")
    digest = models.CharField(max_length=90, unique=True)
    roles = models.JSONField(default=list)
    valid_to = models.DateField(null=True, db_comment="last day; null = until revoked")
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key {self.prefix}"
