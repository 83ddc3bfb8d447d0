"""The verbs: tell somebody something, record what became of it, mark it read."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction

from fawang.base.notifications import addresses, delivery, senders, wording
from fawang.base.notifications.errors import BadSignature, NoRecipient, ReceiptRefused
from fawang.base.notifications.models import Message, Receipt
from fawang.base.notifications.senders import sms_http
from fawang.base.notifications.values import Channel, Data, Recipient, State
from fawang.base.notifications.wording import Template
from fawang.kernel import clock, crypto, ids, policy
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.events.services import new_cause
from fawang.kernel.outbox.services import queue
from fawang.kernel.policy import Actor

# what the outside may say; QUEUED, SENT and READ are ours, UNDELIVERED is a conclusion
FROM_OUTSIDE = frozenset(
    {State.ACCEPTED, State.DELIVERED, State.FAILED_TEMPORARY, State.FAILED, State.BOUNCED},
)
_CLOCK_SKEW = timedelta(minutes=10)


def _check(to: Recipient, order_ref: str) -> None:
    if len(order_ref) > 40 or "\0" in order_ref:
        raise Invalid({"order_ref": Invalid.message})
    kinds = [to.party_id is not None, to.account_id is not None, bool(to.phone or to.email)]
    if sum(kinds) != 1:
        raise NoRecipient


def _channels(template: Template, to: Recipient, wanted: Sequence[str] | None) -> list[str]:
    order = [Channel(name) for name in wanted] if wanted is not None else list(template.channels)
    if to.phone or to.email:
        has = {Channel.SMS: bool(to.phone), Channel.EMAIL: bool(to.email), Channel.IN_APP: False}
        order = [name for name in order if has[name]]
    if not order:
        raise NoRecipient
    return [str(name.value) for name in dict.fromkeys(order)]


def _dedupe(template: Template, to: Recipient, order_ref: str, cause: str) -> str:
    who = f"party:{to.party_id}" if to.party_id is not None else f"account:{to.account_id}"
    if to.phone or to.email:
        # a plain digest of a telephone number could be guessed back
        who = crypto.derive("notifications.dedupe").hex() + to.phone + to.email
    return crypto.digest("|".join([order_ref, template.code, str(template.version), who, cause]).encode())


def register_sms(name: str, sender: senders.Sender) -> None:
    """Add an SMS gateway under the name that `FAWANG_SMS_SENDER` chooses. Raises ValueError for a taken name."""
    senders.register_sms(name, sender)


def tell(
    *,
    actor: Actor,
    to: Recipient,
    template: str,
    data: Data,
    order_ref: str = "",
    channels: Sequence[str] | None = None,
    cause: str = "",
    unit_id: int | None = None,
    area: str = "",
) -> str:
    """Tell a recipient something, in the caller's transaction; returns the message's token.

    The latest version of the template is used. `data` gives exactly its variables: text (or a zh/en pair), a whole
    number, a date or an aware moment. `channels` replaces the template's order of fall-back. The same
    (order, template, version, recipient, cause) is told once: a repeated call returns the first message. Without a
    `cause` every call is its own. Staff of `unit_id` (the actor's unit by default) and of `area` (division code) see
    whether it arrived. Raises NoSuchTemplate, DataDoesNotFit, PersonalDataInMessage, NoRecipient.
    """
    _check(to, order_ref)
    chosen = wording.find(template)
    fitting = json.dumps(wording.clean(chosen, data), ensure_ascii=False)
    order = _channels(chosen, to, channels)
    cause = cause or new_cause()
    sealed, index = addresses.seal(to) if to.phone or to.email else ("", "")
    moment = clock.now()
    message = Message(
        token=ids.token(),
        template=chosen.code,
        version=chosen.version,
        language=to.language,
        party_id=to.party_id,
        account_id=to.account_id,
        address_sealed=sealed,
        address_index=index,
        order_ref=order_ref,
        unit_id=unit_id if unit_id is not None else actor.unit_id,
        area=area or (actor.area if actor.unit_id is not None else ""),
        data_sealed=crypto.seal(fitting, context=delivery.DATA_CONTEXT),
        is_urgent=chosen.urgency == "URGENT",
        cause=cause[:40],
        dedupe=_dedupe(chosen, to, order_ref, cause),
        told_by=actor.ref,
        queued_at=moment,
        channels=",".join(order),
        channel=order[0],
        state_at=moment,
    )
    with transaction.atomic():
        Message.objects.bulk_create([message], ignore_conflicts=True)
        stored = Message.objects.get(dedupe=message.dedupe)
        if stored.token != message.token:
            return stored.token
        Receipt.objects.create(
            message=stored, channel=order[0], attempt=1, state=State.QUEUED, at=moment, received_at=moment
        )
        queue([delivery.job(stored)])
    return stored.token


def record_receipt(
    *,
    actor: Actor,
    message_token: str,
    state: str,
    at: datetime,
    attempt: int | None = None,
    detail: str = "",
) -> None:
    """Record what a channel says became of an attempt (the latest by default), at the teller's own time `at`.

    Receipts may come twice, late, and in any order. A failure leads to another attempt or the next channel. Raises
    NotFound for an unknown message, ReceiptRefused for a state only we may say, an attempt that never was, a naive
    moment, or one more than ten minutes ahead.
    """
    policy.require(actor, "notifications.record_receipt")
    if state not in FROM_OUTSIDE or at.tzinfo is None or at > clock.now() + _CLOCK_SKEW:
        raise ReceiptRefused
    with transaction.atomic():
        message = delivery.locked(message_token)
        if message is None:
            raise NotFound
        number = message.attempt if attempt is None else attempt
        sent = Receipt.objects.filter(message=message, attempt=number).values_list("channel", flat=True).first()
        if sent is None:
            raise ReceiptRefused
        delivery.add_receipt(message, State(state), at=at, attempt=number, channel=sent, detail=detail)


def receive_gateway_receipt(*, timestamp: str, signature: str, body: bytes) -> None:
    """Take a receipt that the SMS gateway posts: JSON `{"id", "status", "at", "code"}`, signed like our requests.

    `id` is the key we sent, `status` one of accepted, delivered, failed_temporary, failed, bounced, `at` ISO 8601 with
    offset. Raises BadSignature (also for a timestamp more than ten minutes off), ReceiptRefused, NotFound.
    """
    expected = sms_http.signature(timestamp, body)
    is_fresh = timestamp.isdecimal() and len(timestamp) < 12 and _is_near(int(timestamp))
    if not hmac.compare_digest(expected, signature) or not is_fresh:
        raise BadSignature
    try:
        content = json.loads(body)
        token, _, attempt = str(content["id"]).rpartition("-")
        at, number = datetime.fromisoformat(str(content["at"])), int(attempt)
        state, detail = str(content["status"]).upper(), str(content.get("code", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ReceiptRefused from None
    record_receipt(
        actor=policy.system("sms-gateway"), message_token=token, state=state, at=at, attempt=number, detail=detail
    )


def _is_near(seconds: int) -> bool:
    return abs(clock.now() - datetime.fromtimestamp(seconds, UTC)) <= _CLOCK_SKEW


def mark_read(*, actor: Actor, token: str) -> None:
    """Mark a message of one's own read; a second time changes nothing. Raises NotFound for anybody else's."""
    policy.require(actor, "notifications.inbox")
    with transaction.atomic():
        message = delivery.locked(token)
        if message is None or not is_own(actor, message):
            raise NotFound
        if message.read_at is not None:
            return
        message.read_at = clock.now()
        message.save(update_fields=["read_at"])
        delivery.add_receipt(message, State.READ, at=message.read_at, attempt=message.attempt, channel=Channel.IN_APP)


def is_own(actor: Actor, message: Message) -> bool:
    """Whether the message is addressed to the actor: as the party acting or represented, or to the account."""
    if message.party_id is not None:
        return message.party_id == actor.party_id
    return message.account_id is not None and message.account_id == actor.account_id
