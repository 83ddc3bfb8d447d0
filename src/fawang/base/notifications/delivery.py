"""Carrying a message out: one attempt after another, one channel after another, until it arrives or none is left.

Every step reads the message's row under its lock and writes a receipt; what comes next follows from all receipts.
Retries are new attempts with their own queued effect, not failures of the worker: a receipt must survive the failure
it tells of.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import transaction

from fawang.base.notifications import addresses, events, senders, wording
from fawang.base.notifications.identifiers import holds_identifier
from fawang.base.notifications.models import Message, Receipt
from fawang.base.notifications.ordering import Standing, stand
from fawang.base.notifications.values import ARRIVED, FAILURES, Channel, Data, Letter, Sent, State, Word
from fawang.kernel import clock, crypto, policy
from fawang.kernel.events import services as log
from fawang.kernel.outbox.services import Job, listeners, queue

JOB = "notifications.deliver"
DATA_CONTEXT = "notifications.message.data"
# how long after a temporary failure the same channel is tried again; after the last one comes the next channel
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
URGENT_RETRY_AFTER = (timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=1))
_POST = policy.system("notifications")


def data_of(message: Message) -> Data:
    """The template's variables."""
    opened: Data = json.loads(crypto.unseal(message.data_sealed, context=DATA_CONTEXT))
    return opened


def job(message: Message, *, run_after: datetime | None = None) -> Job:
    """The effect that carries out the message's present attempt."""
    payload = {"message": message.token, "attempt": message.attempt}
    return Job(JOB, subject=events.stream(message.token), payload=payload, run_after=run_after)


def quiet_until(channel: str, moment: datetime) -> datetime | None:
    """When the channel's quiet hours (as `moment` lies in them) end; None outside them."""
    hours = wording.quiet_hours().get(Channel(channel))
    if hours is None:
        return None
    begin, end = hours
    there = clock.local(moment)
    after_begin, before_end = there.time() >= begin, there.time() < end
    overnight = begin > end
    if not (after_begin or before_end if overnight else after_begin and before_end):
        return None
    day = there.date() + timedelta(days=1) if overnight and after_begin else there.date()
    return datetime.combine(day, end, tzinfo=clock.SHANGHAI)


def _code(detail: str) -> str:
    """What a channel gives as its reason, without what does not belong there."""
    text = " ".join(detail.replace("\0", "").split())
    return "withheld" if holds_identifier(text) else text[:60]


def add_receipt(message: Message, state: State, *, at: datetime, attempt: int, channel: str, detail: str = "") -> None:
    """Add a receipt (a repeated one changes nothing) and let the message follow. The caller holds the row's lock."""
    Receipt.objects.bulk_create(
        [
            Receipt(
                message=message,
                channel=channel,
                attempt=attempt,
                state=state,
                at=at,
                received_at=clock.now(),
                detail=_code(detail),
            )
        ],
        ignore_conflicts=True,
    )
    settle(message)


def standing(message: Message) -> Standing:
    """What the message's receipts say together."""
    rows = Receipt.objects.filter(message=message).values_list("attempt", "state", "at")
    words = [Word(attempt, state, at) for attempt, state, at in rows]
    return stand(words, latest_attempt=message.attempt, is_exhausted=message.is_exhausted)


def settle(message: Message) -> None:
    """Rewrite the message's state from its receipts and do what follows from it."""
    before = message.state
    now_stands = standing(message)
    if now_stands.state not in ARRIVED:
        if now_stands.latest == State.FAILED_TEMPORARY and not message.is_exhausted:
            _try_again(message)
        elif now_stands.latest in FAILURES and not message.is_exhausted:
            _next_channel(message)
        elif now_stands.latest == State.QUEUED and before in ARRIVED:
            queue([job(message)])  # it had arrived, then bounced: the attempt that was called off is needed after all
        now_stands = standing(message)
    message.state, message.state_at = now_stands.state, now_stands.at
    message.save(update_fields=["state", "state_at", "channel", "attempt", "is_exhausted"])


def _begin_attempt(message: Message, channel: str, run_after: datetime | None) -> None:
    message.attempt += 1
    message.channel = channel
    moment = clock.now()
    Receipt.objects.create(
        message=message, channel=channel, attempt=message.attempt, state=State.QUEUED, at=moment, received_at=moment
    )
    queue([job(message, run_after=run_after)])


def _try_again(message: Message) -> None:
    waits = URGENT_RETRY_AFTER if message.is_urgent else RETRY_AFTER
    tried = Receipt.objects.filter(message=message, channel=message.channel).values("attempt").distinct().count()
    if tried > len(waits):
        _next_channel(message)
    else:
        _begin_attempt(message, message.channel, clock.now() + waits[tried - 1])


def _next_channel(message: Message) -> None:
    order = message.channels.split(",")
    left = order[order.index(message.channel) + 1 :]
    if left:
        _begin_attempt(message, left[0], None)
        return
    message.is_exhausted = True
    fact = events.undelivered(template=message.template, order_ref=message.order_ref, channels=message.channels)
    stream = events.stream(message.token)
    log.append(actor=_POST, stream=stream, facts=[fact])
    queue(listeners(events.UNDELIVERED, stream, {**fact.data, "message": message.token}))


def locked(token: str) -> Message | None:
    """The message's row under its lock, inside the caller's transaction."""
    return Message.objects.select_for_update(of=("self",)).filter(token=token).first()


def _prepare(token: str, attempt: int) -> tuple[str, Letter] | None:
    with transaction.atomic():
        message = locked(token)
        if message is None or message.attempt != attempt or message.state in ARRIVED:
            return None
        if standing(message).latest not in {State.QUEUED, State.SENT}:
            return None  # this attempt has been answered: the effect runs a second time
        wakes = None if message.is_urgent else quiet_until(message.channel, clock.now())
        if wakes is not None:
            queue([job(message, run_after=wakes)])
            return None
        contact = addresses.find(message)
        address = addresses.on(message.channel, contact)
        if not message.language:
            message.language = contact.language
            message.save(update_fields=["language"])
        state, detail = (State.SENT, "") if address else (State.FAILED, "no_address")
        add_receipt(message, state, at=clock.now(), attempt=attempt, channel=message.channel, detail=detail)
        if not address:
            return None
        text = wording.render(wording.find(message.template, message.version), data_of(message), message.language)
        letter = Letter(
            key=f"{message.token}-{attempt}",
            address=address,
            subject=text.subject,
            short=text.short,
            long=text.long,
            language=message.language,
            is_urgent=message.is_urgent,
        )
        return message.channel, letter


def deliver(*, token: str, attempt: int) -> None:
    """Carry out one attempt; safe to run twice. The network is used between two transactions, never inside one."""
    ready = _prepare(token, attempt)
    if ready is None:
        return
    channel, letter = ready
    sent: Sent = senders.of(channel)(letter)
    with transaction.atomic():
        message = locked(token)
        if message is not None:
            add_receipt(message, sent.state, at=sent.at, attempt=attempt, channel=channel, detail=sent.detail)
