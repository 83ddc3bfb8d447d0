"""What lawyers and supervisors do in chats, and what the worker does when somebody is not there."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock, policy
from fawang.kernel.errors import Invalid, NotFound, NotPermitted
from fawang.kernel.policy import Actor
from fawang.middle.intake import chat_policy, chatting, events, writing
from fawang.middle.intake.errors import ChatTaken, NotOnDuty, NotThere, TooManyChats
from fawang.middle.intake.models import Chat, ChatGuest, ChatMessage, Contact, Seat
from fawang.middle.intake.services.contacts import answer_on_the_spot
from fawang.middle.intake.values import ChatSide, ChatState, SeatState

TAKE = "intake.take_chats"
LIFE_EVERY = timedelta(seconds=20)


def sign_in_to_chats(actor: Actor, *, is_on: bool) -> None:
    """Begin or end chat duty. Chats already taken go on. Raises NotPermitted."""
    policy.require(actor, TAKE)
    if actor.unit_id is None or actor.account_id is None:
        raise NotPermitted(reason=TAKE)
    now = clock.now()
    values = {"unit_id": actor.unit_id, "takes_chats": is_on, "chats_seen_at": now}
    Seat.objects.update_or_create(
        account_id=chatting.who(actor), defaults=values,
        create_defaults={**values, "state": SeatState.OFFLINE, "since": now},
    )  # fmt: skip


def show_life(actor: Actor) -> None:
    """A chat page of the lawyer is open; written at most every twenty seconds."""
    now = clock.now()
    Seat.objects.filter(account_id=chatting.who(actor), chats_seen_at__lt=now - LIFE_EVERY).update(chats_seen_at=now)


def take_chat(actor: Actor, *, chat: str) -> str:
    """Take a chat from the queue: of two lawyers one gets it. Taking one's own again is no error; its token.

    Raises NoSuchChat, NotOnDuty, ChatTaken, TooManyChats.
    """
    policy.require(actor, TAKE)
    with transaction.atomic():
        # the seat is locked first: two pages of one lawyer do not take one too many
        seat = Seat.objects.select_for_update().filter(account_id=chatting.who(actor), unit_id=actor.unit_id).first()
        row = chatting.locked(Chat.objects.filter(token=chat, unit_id=actor.unit_id))
        if row.state == ChatState.OPEN and row.agent_id == actor.account_id:
            return row.token
        if row.state != ChatState.WAITING:
            raise ChatTaken
        if seat is None or not seat.takes_chats:
            raise NotOnDuty
        if _open_chats(seat.account_id) >= chat_policy.current().at_once:
            raise TooManyChats(most=chat_policy.current().at_once)
        _give(actor, row, seat.account_id)
        seat.chats_seen_at = clock.now()
        seat.save(update_fields=["chats_seen_at"])
        return row.token


def _open_chats(account_id: int) -> int:
    return Chat.objects.filter(agent_id=account_id, state=ChatState.OPEN).count()


def _give(actor: Actor, row: Chat, account_id: int, event: str = events.CHAT_TAKEN) -> None:
    now = clock.now()
    row.state, row.agent_id, row.taken_at, row.is_answered = ChatState.OPEN, account_id, now, False
    row.first_taken_at = row.first_taken_at or now
    chatting.add(row, ChatSide.SYSTEM, happening="TAKEN", account=account_id)
    row.save()
    contact = Contact.objects.select_for_update().get(pk=row.contact_id)
    contact.agent_id = account_id
    writing.save(contact)
    writing.log(actor, contact, event, {"waited_seconds": int((now - row.queued_at).total_seconds())})


def answer_chat(actor: Actor, *, chat: str, text: str, key: str = "") -> None:
    """Write into a chat that one has taken, or joined as a supervisor. Twice with one `key` is one message.

    Raises NoSuchChat, ChatEnded, ChatFull, Invalid.
    """
    words = chatting.said(text)
    with transaction.atomic():
        if policy.scopes(actor, TAKE):
            row, side = chatting.held(actor, chat), ChatSide.LAWYER
        else:
            policy.require(actor, "intake.join_chats")
            mine = Chat.objects.filter(chatting.within(actor, "intake.join_chats"), token=chat)
            joined = ChatGuest.objects.filter(account_id=chatting.who(actor), is_open=True).values("chat_id")
            row, side = chatting.locked(mine.filter(pk__in=joined)), ChatSide.SUPERVISOR
        if chatting.is_repeat(row, side, key[:40]):
            return
        chatting.must_go_on(row)
        chatting.must_have_room(row)
        chatting.add(row, side, words, account=actor.account_id, key=key[:40])
        if side == ChatSide.LAWYER:
            row.first_reply_at, row.is_answered = row.first_reply_at or clock.now(), True
        row.save()


def transfer_chat(actor: Actor, *, chat: str, note: str, colleague: str = "", unit: str = "") -> None:
    """Hand a chat to a colleague on duty (token of the account), or to the head of another unit's queue (token).

    The note is read by staff only. Raises NoSuchChat, NotThere, Invalid.
    """
    words = writing.text(note, "note", most=500, required=True)
    if bool(colleague) == bool(unit):
        raise Invalid({"to": _("请选择转给谁。")})
    with transaction.atomic():
        row = chatting.held(actor, chat)
        chatting.must_go_on(row)
        if unit:
            _to_unit(actor, row, unit, words)
            return
        seat = Seat.objects.select_for_update().filter(account__token=colleague, unit_id=row.unit_id).first()
        if seat is None or not is_there(seat) or seat.account_id == actor.account_id:
            raise NotThere
        if _open_chats(seat.account_id) >= chat_policy.current().at_once:
            raise NotThere
        chatting.add(row, ChatSide.NOTE, words, account=actor.account_id)
        _give(actor, row, seat.account_id, events.CHAT_TRANSFERRED)


def _to_unit(actor: Actor, row: Chat, token: str, note: str) -> None:
    try:
        unit = organisations.institution_by_token(token)
    except NotFound:
        raise NotThere from None
    if unit.id == row.unit_id or not any(is_there(seat) for seat in Seat.objects.filter(unit_id=unit.id)):
        raise NotThere
    row.unit_id = unit.id
    chatting.add(row, ChatSide.NOTE, note, account=actor.account_id)
    chatting.put_back(row, "TO_UNIT")
    contact = Contact.objects.select_for_update().get(pk=row.contact_id)
    contact.unit_id, contact.area = unit.id, unit.division_code
    writing.save(contact)
    writing.log(actor, contact, events.CHAT_TRANSFERRED, {"unit": unit.id})


def is_there(seat: Seat) -> bool:
    """Whether somebody on chat duty gave a sign of life lately."""
    since = clock.now() - timedelta(minutes=chat_policy.current().vanished_minutes)
    return seat.takes_chats and seat.chats_seen_at is not None and seat.chats_seen_at >= since


def join_chat(actor: Actor, *, chat: str, is_open: bool = True) -> None:
    """Join as a supervisor: both sides see it. Reading along unseen only where the installation's policy, and so the
    notice before every chat, says so. Raises NoSuchChat, ChatEnded, NotPermitted.
    """
    if not is_open and not chat_policy.current().may_watch_silently:
        raise NotPermitted(reason="intake.join_chats")
    with transaction.atomic():
        found = Chat.objects.filter(chatting.within(actor, "intake.join_chats"), token=chat)
        row = chatting.locked(found)
        chatting.must_go_on(row)
        guest, made = ChatGuest.objects.get_or_create(
            chat=row, account_id=chatting.who(actor), defaults={"is_open": is_open, "at": clock.now()}
        )
        if not made and (guest.is_open or not is_open):
            return
        guest.is_open = is_open
        guest.save()
        if is_open:
            chatting.add(row, ChatSide.SYSTEM, happening="JOINED", account=actor.account_id)
            row.save()
        writing.log(actor, _contact(row), events.CHAT_JOINED, {"open": is_open})


def _contact(row: Chat) -> Contact:
    return Contact.objects.select_for_update().get(pk=row.contact_id)


def end_chat(actor: Actor, *, chat: str) -> None:
    """End a chat one has taken. Raises NoSuchChat."""
    with transaction.atomic():
        chatting.finish(actor, chatting.held(actor, chat), "STAFF")


def wrap_up_chat(
    actor: Actor, *, chat: str, answer: str, wrap_up: str, domain: str = "", key: str | None = None
) -> str:
    """End a chat where it goes on, and write down what was answered and of which kind it was; the number.

    Raises NoSuchChat, Invalid.
    """
    words = writing.text(answer, "answer", required=True)
    writing.code(wrap_up, "wrap_up", "wrap_up", required=True)
    about = writing.code(domain, "domain", "domain")
    with transaction.atomic():
        row = chatting.held(actor, chat)
        chatting.finish(actor, row, "STAFF")
        if about:
            Contact.objects.filter(pk=row.contact_id).update(domain=about)
        number = _contact(row).number
        answer_on_the_spot(actor, contact=number, answer=words, wrap_up=wrap_up, key=key)
    return number


def note_chat(actor: Actor, *, chat: str) -> str:
    """Carry what the visitor said so far into the contact, so that an order can be made of it; its number."""
    with transaction.atomic():
        row = chatting.held(actor, chat)
        contact = _contact(row)
        chatting.carry_over(row, contact)
        writing.save(contact)
        return contact.number


# --- the worker --------------------------------------------------------------------------------------------------
def return_chats() -> int:
    """Chats whose lawyer gives no sign of life, or has not written a first word in time (CO-01), go back; how many."""
    rules, now, count = chat_policy.current(), clock.now(), 0
    gone = now - timedelta(minutes=rules.vanished_minutes)
    late = now - timedelta(minutes=rules.first_reply_minutes)
    Seat.objects.filter(takes_chats=True, chats_seen_at__lt=gone).update(takes_chats=False)
    there = Seat.objects.filter(chats_seen_at__gte=gone).values("account_id")
    taken = Chat.objects.filter(state=ChatState.OPEN)
    lost = taken.exclude(agent_id__in=there) | taken.filter(is_answered=False, taken_at__lt=late)
    for pk in list(lost.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = Chat.objects.select_for_update().get(pk=pk)
            is_back = (
                row.agent_id is not None
                and Seat.objects.filter(account_id=row.agent_id, chats_seen_at__gte=gone).exists()
            )
            is_late = not row.is_answered and row.taken_at is not None and row.taken_at < late
            if row.state != ChatState.OPEN or (is_back and not is_late):
                continue
            chatting.put_back(row, "LAWYER_LOST")
            writing.log(policy.system("chat duty"), _contact(row), events.CHAT_RETURNED, {"late": is_late})
            count += 1
    return count


def end_left_chats() -> int:
    """End chats that their visitor left long ago; how many."""
    since, count = clock.now() - timedelta(minutes=chat_policy.current().gone_minutes), 0
    left = Chat.objects.exclude(state=ChatState.ENDED).filter(visitor_seen_at__lt=since)
    for pk in list(left.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = Chat.objects.select_for_update().get(pk=pk)
            if row.visitor_seen_at < since:
                chatting.finish(policy.system("chat duty"), row, "SILENCE")
                count += 1
    return count


def erase_old_chats() -> int:
    """Erase the words of chats that are older than they are kept; how many chats."""
    before, count = clock.now() - timedelta(days=chat_policy.current().keep_days), 0
    old = Chat.objects.filter(state=ChatState.ENDED, is_erased=False, ended_at__lt=before)
    for pk in list(old.order_by("pk").values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            row = Chat.objects.select_for_update().get(pk=pk)
            ChatMessage.objects.filter(chat=row).update(text_sealed="")
            row.is_erased = True
            row.save()
            Contact.objects.filter(pk=row.contact_id).update(words="")
            writing.log(policy.system("retention"), _contact(row), events.CHAT_ERASED, {})
            count += 1
    return count
