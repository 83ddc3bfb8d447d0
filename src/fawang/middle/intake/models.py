"""Tables of contacts and calls. Only this room's services write to them."""

from __future__ import annotations

from django.db import models

from fawang.middle.intake.values import (
    CallKind,
    CallState,
    ChatSide,
    ChatState,
    ContactOutcome,
    PublicationState,
    SeatState,
)


class Seat(models.Model):
    """Where an agent sits now (坐席): the extension, and whether calls may come."""

    account = models.OneToOneField("identity.Account", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organisations.Institution", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, blank=True, default="", db_comment="extension; empty: rings for everybody")
    state = models.CharField(max_length=8, choices=SeatState, default=SeatState.OFFLINE)
    since = models.DateTimeField()
    takes_chats = models.BooleanField(default=False, db_comment="signed in to chat duty")
    chats_seen_at = models.DateTimeField(null=True, db_comment="last sign of life of the chat pages")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "code"], name="seat_of_unit"),
            models.Index(
                fields=["unit", "chats_seen_at"], name="seat_on_chat_duty", condition=models.Q(takes_chats=True)
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.code}"


class Contact(models.Model):
    """A call, visit or message and what became of it (接触记录): an answer, an order, several, or none."""

    number = models.CharField(max_length=18, unique=True, db_comment="CT, date, 8 random characters; never a counter")
    channel = models.CharField(max_length=2)
    unit = models.ForeignKey("organisations.Institution", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=12, db_index=True, db_comment="division of the unit")
    agent = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    phone_sealed = models.CharField(max_length=200, blank=True, default="")
    phone_index = models.CharField(max_length=90, blank=True, default="")
    caller_name = models.CharField(max_length=100, blank=True, default="")
    domain = models.CharField(max_length=6, blank=True, default="")
    urgency = models.CharField(max_length=2, blank=True, default="")
    words = models.TextField(blank=True, default="", db_comment="sealed; what the person said, as the agent wrote it")
    answer = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=10, choices=ContactOutcome, default=ContactOutcome.OPEN)
    wrap_up = models.CharField(max_length=20, blank=True, default="", db_comment="code table wrap_up")
    query_code = models.CharField(max_length=200, db_comment="sealed")
    grade = models.PositiveSmallIntegerField(null=True)
    rating_text = models.TextField(blank=True, default="")
    rated_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    callback_due_at = models.DateTimeField(null=True)
    callback_done_at = models.DateTimeField(null=True)
    callback_attempts = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, db_comment="optimistic lock")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(grade__isnull=True) | models.Q(grade__range=(1, 5)), name="contact_grade_1_to_5"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="contact_of_unit"),
            models.Index(fields=["unit", "outcome", "-started_at"], name="contact_by_outcome"),
            models.Index(fields=["phone_index", "-id"], name="contact_of_phone", condition=~models.Q(phone_index="")),
            models.Index(fields=["party", "-id"], name="contact_of_party", condition=models.Q(party__isnull=False)),
            models.Index(
                fields=["callback_due_at", "id"],
                name="contact_to_call_back",
                condition=models.Q(callback_due_at__isnull=False, callback_done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ContactOrder(models.Model):
    """An order that came of a contact."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="orders")
    order_number = models.CharField(max_length=26, db_index=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "order_number"], name="contact_order_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.order_number}"


class Call(models.Model):
    """A telephone call (来电) as the telephone system tells it."""

    system = models.CharField(max_length=80, db_comment="who announced it")
    call_id = models.CharField(max_length=80, db_comment="unique within that system")
    token = models.CharField(max_length=30, unique=True, db_comment="names it in pages")
    unit = models.ForeignKey("organisations.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    caller_sealed = models.CharField(max_length=200, blank=True, default="")
    caller_index = models.CharField(max_length=90, blank=True, default="")
    dnis = models.CharField(max_length=20, blank=True, default="")
    seat = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=9, choices=CallState, default=CallState.RINGING)
    queue_enter_at = models.DateTimeField(null=True)
    ring_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    hangup_side = models.CharField(max_length=6, blank=True, default="")
    agent = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="calls")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "call_id"], name="call_once_in_its_system")]
        indexes = [
            models.Index(fields=["unit", "id"], name="call_ringing", condition=models.Q(state="RINGING")),
            models.Index(fields=["caller_index", "-id"], name="call_of_caller", condition=~models.Q(caller_index="")),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class CallSignal(models.Model):
    """One event of a call as it was told; the call's state is reckoned from all of them in the order of `at`."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=7, choices=CallKind)
    at = models.DateTimeField()
    seat = models.CharField(max_length=20, blank=True, default="")
    hangup_side = models.CharField(max_length=6, blank=True, default="")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "kind", "at", "seat"], name="call_signal_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.call_id}"


class Chat(models.Model):
    """A conversation in writing with a duty lawyer (在线咨询). Its contact is what becomes of it."""

    token = models.CharField(max_length=30, unique=True, db_comment="names it in staff's pages")
    secret_digest = models.CharField(max_length=64, unique=True, db_comment="of the secret in the visitor's cookie")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="chat")
    unit = models.ForeignKey("organisations.Institution", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=ChatState, default=ChatState.WAITING)
    rank = models.PositiveSmallIntegerField(db_comment="0 danger, 1 put back, 2 deadline, 3 ordinary")
    last_position = models.PositiveIntegerField(default=0, db_comment="of its messages; given under the row's lock")
    queued_at = models.DateTimeField(db_comment="since when it waits; kept when it is put back")
    taken_at = models.DateTimeField(null=True, db_comment="when the present lawyer took it")
    first_taken_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True, db_comment="CO-01")
    is_answered = models.BooleanField(default=False, db_comment="the present lawyer has written")
    visitor_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=7, blank=True, default="", db_comment="VISITOR, STAFF or SILENCE")
    is_erased = models.BooleanField(default=False, db_comment="the messages' words are gone")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "rank", "queued_at"], name="chat_queue", condition=models.Q(state="WAITING")),
            models.Index(fields=["agent", "state"], name="chat_of_agent"),
            models.Index(fields=["unit", "first_taken_at"], name="chat_taken"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="OPEN") | models.Q(agent__isnull=False), name="chat_open_has_an_agent"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ENDED") | models.Q(ended_at__isnull=False), name="chat_ended_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"chat {self.pk}"


class ChatMessage(models.Model):
    """What somebody said in a chat, or what happened in it; in the order of `position`."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="messages")
    position = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=ChatSide)
    account = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    happening = models.CharField(max_length=20, blank=True, default="", db_comment="of a message of the system")
    text_sealed = models.TextField(blank=True, default="")
    client_key = models.CharField(max_length=40, blank=True, default="", db_comment="a repeated send is one message")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chat", "position"], name="chat_message_position_once"),
            models.UniqueConstraint(
                fields=["chat", "side", "client_key"], name="chat_message_once", condition=~models.Q(client_key="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id} {self.position}"


class ChatGuest(models.Model):
    """A supervisor in a chat: joined openly, or reading only where the installation's notice says so."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="guests")
    account = models.ForeignKey("identity.Account", on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField(db_comment="both sides see it")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chat", "account"], name="chat_guest_once")]

    def __str__(self) -> str:
        return f"{self.chat_id} {self.account_id}"


class Publication(models.Model):
    """An answered question whose asker agreed to an anonymised version; nothing public leads back to this row."""

    order_number = models.CharField(max_length=26, unique=True)
    party = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=PublicationState)
    handler = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(max_length=6, blank=True, default="")
    piece = models.CharField(max_length=40, blank=True, default="", db_comment="key of the piece of knowledge")
    drafted_by = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["piece"], name="publication_of_piece")]

    def __str__(self) -> str:
        return f"publication {self.pk}"
