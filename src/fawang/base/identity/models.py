"""Tables of accounts, parties, representations, consents and log-in attempts.

A field that ends in `_sealed` holds what `kernel.crypto.seal` wrote, a field that ends in `_index` its blind index.
Look up by an index with `__in=crypto.indexes(...)`, so that values sealed under an older key are found as well.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from fawang.base.identity.values import ConsentChannel, PartyKind, RepresentationKind, RepresentationStatus
from fawang.kernel import ids


class Party(models.Model):
    """Who a service is for (当事人): a person, an organisation, an agency, or somebody who stays unnamed."""

    token = models.CharField(max_length=22, unique=True, default=ids.token, editable=False)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in PartyKind])
    name = models.CharField(max_length=100, blank=True, default="", db_comment="personal; normalised")
    pinyin = models.CharField(max_length=200, blank=True, default="", db_comment="sort key, a-z and 0-9 only")
    id_type = models.CharField(max_length=20, blank=True, default="")
    id_no_sealed = models.TextField(blank=True, default="")
    # null, not blank: many parties have no number, and the column is unique
    id_no_index = models.CharField(max_length=90, null=True, unique=True)  # noqa: DJ001
    uscc_sealed = models.TextField(blank=True, default="")
    uscc_index = models.CharField(max_length=90, null=True, unique=True)  # noqa: DJ001
    phone_sealed = models.TextField(blank=True, default="")
    phone_index = models.CharField(max_length=90, blank=True, default="", db_index=True)
    # keyed digest of phone and name of a party without a number: two receptionists at once make one party
    contact_index = models.CharField(max_length=90, null=True, unique=True)  # noqa: DJ001
    email_sealed = models.TextField(blank=True, default="")
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=6, blank=True, default="")
    nationality = models.CharField(max_length=3, blank=True, default="", db_comment="ISO 3166-1 alpha-3")
    division_code = models.CharField(max_length=12, blank=True, default="", db_comment="divisions are dated: no FK")
    address_sealed = models.TextField(blank=True, default="")
    level = models.PositiveSmallIntegerField(default=0, db_comment="identity level 0-4, compliance §8")
    special_groups = models.JSONField(default=list, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(condition=models.Q(level__lte=4), name="party_level_0_to_4"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="party_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"party {self.pk}"


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts; only services create them."""


class Account(AbstractBaseUser):
    """A log-in (账号). What it may do comes from memberships and representations, never from the account itself."""

    last_login = None  # ours is `last_login_at`, by the kernel's clock
    token = models.CharField(max_length=22, unique=True, default=ids.token, editable=False)
    username = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - citizens have none
    display_name = models.CharField(max_length=100, blank=True, default="")
    phone_sealed = models.TextField(blank=True, default="")
    phone_index = models.CharField(max_length=90, null=True, unique=True)  # noqa: DJ001
    email_sealed = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10, default="zh-hans")
    elder_mode = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False, db_comment="works here: needs a second factor at every log-in")
    is_active = models.BooleanField(default=True)
    one_time_until = models.DateTimeField(null=True, db_comment="the password was issued: good once, until then")
    is_demonstration = models.BooleanField(default=False)
    totp_sealed = models.TextField(blank=True, default="")
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0, db_comment="the last accepted step: no code works twice")
    party = models.OneToOneField(Party, null=True, on_delete=models.PROTECT, related_name="account")
    created_at = models.DateTimeField()
    last_login_at = models.DateTimeField(null=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def ref(self) -> str:
        """The stable name in the event log, free of personal data."""
        return f"account:{self.pk}"


class Representation(models.Model):
    """That one party may act for another (代理): proxy, guardian, near relative, legal representative, handler."""

    token = models.CharField(max_length=22, unique=True, default=ids.token, editable=False)
    principal = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="represented_by")
    agent = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="represents")
    kind = models.CharField(max_length=14, choices=[(k.value, k.value) for k in RepresentationKind])
    scope = models.JSONField(default=list, blank=True, db_comment="line codes; empty = everything")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, db_comment="last day; null = until ended")
    evidence = models.TextField(blank=True, default="")
    status = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RepresentationStatus])
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("agent")), name="representation_not_of_oneself"
            ),
            models.UniqueConstraint(
                fields=["principal", "agent", "kind"],
                condition=models.Q(status__in=["PENDING", "ACTIVE"]),
                name="representation_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"representation {self.pk}"


class Consent(models.Model):
    """A consent given (同意), by purpose and version of the text (PIPL art. 14–17). Withdrawn, never deleted."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    text_digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=20, choices=[(c.value, c.value) for c in ConsentChannel])
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "purpose", "version"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_once_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class LoginCode(models.Model):
    """A code that was sent to a phone: kept as a keyed digest, five minutes, one use, five tries."""

    phone_index = models.CharField(max_length=90, db_index=True)
    digest = models.CharField(max_length=90)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"log-in code {self.pk}"


class Throttle(models.Model):
    """How often something was tried in the present window. The key is a keyed digest."""

    key = models.CharField(max_length=120, unique=True)
    window_started_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"throttle {self.pk}"
