"""What a visitor does in a chat. The secret in the visitor's cookie opens it; no log-in is needed."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from fawang.base.identity.services import throttle
from fawang.base.identity.values import check_phone
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock, crypto, ids
from fawang.kernel.errors import Invalid, TooMany
from fawang.kernel.policy import Actor
from fawang.middle.intake import chat_policy, chatting, events, sealing, writing
from fawang.middle.intake.errors import NoSuchChat
from fawang.middle.intake.models import Chat, ChatMessage, Contact, Seat
from fawang.middle.intake.services import callbacks
from fawang.middle.intake.services.callbacks import rate_contact
from fawang.middle.intake.values import ChatSide, ChatState, ContactOutcome

# a hall or a village shares one address
STARTS = throttle.Rule("chat_starts", 20, timedelta(hours=1), timedelta(minutes=15))
# nobody has a stranger rung up again and again
CALLS = throttle.Rule("chat_calls", 3, timedelta(days=1), timedelta(days=1))
SEEN_EVERY = timedelta(seconds=20)


def start_chat(
    actor: Actor, *, secret: str, words: str, domain: str = "", channel: str = "01", address: str = ""
) -> None:
    """Join the queue with a first message. `secret` (22 random characters or more) opens the chat from now on; a
    repeat with the same secret is the same chat. Raises Invalid, TooMany.
    """
    digest = chatting.digest_of(secret)
    if Chat.objects.filter(secret_digest=digest).exists():
        return
    text, about = chatting.said(words), writing.code(domain, "domain", "domain")
    throttle.spend(STARTS, address)
    unit_id = _unit()
    try:
        with transaction.atomic():
            contact = writing.make(actor, unit_id=unit_id, channel=channel, domain=about, party_id=actor.party_id)
            now = clock.now()
            chat = Chat.objects.create(
                token=ids.token(), secret_digest=digest, contact=contact, unit_id=unit_id, rank=chatting.ORDINARY,
                queued_at=now, visitor_seen_at=now,
            )  # fmt: skip
            chatting.add(chat, ChatSide.VISITOR, text)
            chatting.notice_danger(chat, text)
            chat.save()
    except IntegrityError:
        if not Chat.objects.filter(secret_digest=digest).exists():
            raise


def _unit() -> int:
    """Whose queue: the unit with the most lawyers on duty for those who wait, else the first hotline centre."""
    alive = clock.now() - timedelta(minutes=chat_policy.current().vanished_minutes)
    on_duty = Seat.objects.filter(takes_chats=True, chats_seen_at__gte=alive)
    lawyers: dict[int, int] = dict(on_duty.order_by().values_list("unit_id").annotate(n=Count("pk")))
    if lawyers:
        waiting = Chat.objects.filter(state=ChatState.WAITING, unit_id__in=lawyers).order_by().values_list("unit_id")
        load = dict(waiting.annotate(n=Count("pk")))
        return min(lawyers, key=lambda unit: ((load.get(unit, 0) + 1) / lawyers[unit], unit))
    centres = organisations.institutions(types=["HOTLINE_CENTRE"], only_active=True, limit=1).rows
    if not centres:
        raise Invalid({"words": _("现在没有开通在线咨询。请拨打 12348，或者写下问题由律师书面答复。")})
    return centres[0].id


def say(actor: Actor, *, secret: str, text: str, key: str = "") -> None:
    """Send a message; twice with the same `key` is one message.

    Raises NoSuchChat, ChatEnded, ChatFull, Invalid, TooMany.
    """
    words = chatting.said(text)
    with transaction.atomic():
        chat = chatting.locked(chatting.of_visitor(actor, secret))
        if chatting.is_repeat(chat, ChatSide.VISITOR, key[:40]):
            return
        chatting.must_go_on(chat)
        chatting.must_have_room(chat)
        minute = Q(chat=chat, side=ChatSide.VISITOR, at__gte=clock.now() - timedelta(minutes=1))
        if ChatMessage.objects.filter(minute).count() >= chat_policy.current().per_minute:
            raise TooMany(wait_seconds=60, wait_minutes=1)
        chatting.add(chat, ChatSide.VISITOR, words, key=key[:40])
        chat.visitor_seen_at = clock.now()
        chatting.notice_danger(chat, words)
        chat.save()


def show_visitor(actor: Actor, *, secret: str) -> None:
    """The visitor's page is open: a sign of life, written at most every twenty seconds."""
    stale = chatting.of_visitor(actor, secret).filter(visitor_seen_at__lt=clock.now() - SEEN_EVERY)
    Chat.objects.filter(pk__in=stale.values("pk")).update(visitor_seen_at=clock.now())


def leave_chat(actor: Actor, *, secret: str) -> None:
    """End the chat. Raises NoSuchChat."""
    with transaction.atomic():
        chatting.finish(actor, chatting.locked(chatting.of_visitor(actor, secret)), "VISITOR")


def rate_chat(actor: Actor, *, secret: str, grade: int, text: str = "") -> None:
    """Rate it after the end, once, 1-5. Raises as `rate_contact`, NoSuchChat."""
    chat = chatting.of_visitor(actor, secret).select_related("contact").first()
    if chat is None:
        raise NoSuchChat
    rate_contact(chat.contact.number, crypto.unseal(chat.contact.query_code, context=sealing.CODE), grade, text)


def call_me_back(
    actor: Actor, *, phone: str, words: str = "", domain: str = "", secret: str = "", channel: str = "01",
    address: str = "", key: str = "",
) -> None:  # fmt: skip
    """Ask to be called: within the hour, or when duty begins. A chat that waits is left for it.

    Twice with the same `key` is one call. A number is asked for three times a day at most, and rung up once where a
    call to it is planned already. Raises Invalid, TooMany, NoSuchChat.
    """
    try:
        number = check_phone(phone)
    except ValueError as error:
        raise Invalid({"phone": str(error)}) from None
    mine = chatting.of_visitor(actor, secret or key)
    if mine.filter(contact__callback_due_at__isnull=False).exists():
        return
    if not secret:
        chatting.said(words)
    _spend_call(number)
    due = chat_policy.next_duty() + timedelta(minutes=chat_policy.current().call_back_minutes)
    if not secret:
        # the call is a chat that was left at once, so that a repeat is known by its secret
        start_chat(actor, secret=key, words=words, domain=domain, channel=channel, address=address)
    with transaction.atomic():
        chat = chatting.locked(chatting.of_visitor(actor, secret or key))
        if chat.state == ChatState.OPEN:
            raise Invalid({"phone": _("律师正在和您说话。需要电话，请直接告诉律师。")})
        chatting.finish(actor, chat, "VISITOR")
        row = Contact.objects.select_for_update().get(pk=chat.contact_id)
        if row.callback_due_at is not None:
            return
        is_merged = callbacks.hasten(actor, number, due)
        row.phone_sealed, row.phone_index = sealing.seal_phone(number)
        row.outcome, row.callback_due_at = ContactOutcome.CALLBACK, due
        # looks the same for whoever asked: that somebody is being called is not told
        row.callback_done_at = clock.now() if is_merged else None
        writing.save(row)
        reason = "merged" if is_merged else "asked"
        writing.log(actor, row, events.CALLBACK_PLANNED, {"due": due.isoformat(), "reason": reason})


def _spend_call(number: str) -> None:
    try:
        throttle.spend(CALLS, number)
    except TooMany:
        sentence = _("这个号码今天请求回电的次数已经用完。请等律师来电，或者直接拨打 12348。")
        raise Invalid({"phone": sentence}) from None
