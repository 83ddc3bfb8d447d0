"""The tables of messages and of what became of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fawang.base.notifications.values import Channel, State


class Message(models.Model):
    """Something told to one recipient (消息). Its text is rendered when read, from template version and sealed data.

    The recipient is exactly one of a party, an account, or a bare address (sealed, with a blind index). `state` is a
    copy of what the receipts say, rewritten by `services.settle` whenever a receipt is added.
    """

    token = models.CharField(max_length=22, unique=True)
    template = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10, blank=True, default="", db_comment="empty until it is known")
    party = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    address_sealed = models.TextField(blank=True, default="")
    address_index = models.CharField(max_length=90, blank=True, default="")
    order_ref = models.CharField(max_length=40, blank=True, default="")
    unit = models.ForeignKey("organisations.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=12, blank=True, default="", db_comment="division whose staff may see it")
    data_sealed = models.TextField(db_comment="JSON of the template's variables, sealed")
    is_urgent = models.BooleanField(default=False)
    cause = models.CharField(max_length=40)
    dedupe = models.CharField(max_length=64, unique=True)
    told_by = models.CharField(max_length=80, db_comment="reference of the actor")
    queued_at = models.DateTimeField()
    channels = models.CharField(max_length=40, db_comment="order of fall-back, separated by commas")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    attempt = models.PositiveSmallIntegerField(default=1, db_comment="counts on across channels")
    is_exhausted = models.BooleanField(default=False, db_comment="no channel is left")
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    state_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_has_one_recipient",
                condition=(
                    models.Q(party__isnull=False, account__isnull=True, address_index="")
                    | models.Q(party__isnull=True, account__isnull=False, address_index="")
                    | (models.Q(party__isnull=True, account__isnull=True) & ~models.Q(address_index=""))
                ),
            )
        ]
        indexes = [
            models.Index(fields=["party", "-id"], name="message_of_party"),
            models.Index(fields=["account", "-id"], name="message_of_account"),
            models.Index(fields=["party"], name="message_unread_party", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["account"], name="message_unread_account", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["order_ref"], name="message_of_order", condition=~models.Q(order_ref="")),
            models.Index(fields=["-id"], name="message_undelivered", condition=models.Q(state="UNDELIVERED")),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.token}"


class Receipt(models.Model):
    """One word about one attempt (回执). `at` is the teller's own time; the order of `at` decides, not of arrival."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="receipts")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    attempt = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=State.choices)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    detail = models.CharField(max_length=60, blank=True, default="", db_comment="a code, never an address")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "attempt", "channel", "state", "at"], name="receipt_once")
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.channel} {self.attempt}"
