"""What every act on a chat is made of: the locked row, the next message, the rank in the queue."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fawang.kernel import clock, crypto, policy
from fawang.kernel.errors import Invalid, NotPermitted
from fawang.kernel.policy import Actor, Scope
from fawang.middle.intake import chat_policy, danger, events, sealing, writing
from fawang.middle.intake.errors import ChatEnded, ChatFull, NoSuchChat
from fawang.middle.intake.models import Chat, ChatGuest, ChatMessage, Contact
from fawang.middle.intake.values import MAX_WORDS, ChatSide, ChatState, ContactOutcome

SECRET = re.compile(r"[a-z0-9]{22,60}")
TEXT = "intake.chat"
# ranks of the queue: the smaller comes first
DANGER, RETURNED, DEADLINE, ORDINARY = range(4)
_RANK = {"U1": DANGER, "U2": DEADLINE}
_RUN = re.compile(r"(.)\1{29}")
_LONG_WORD = re.compile(r"[!-~]{200}")


def digest_of(secret: str) -> str:
    """What the row keeps of a visitor's secret. Raises NoSuchChat for what is none."""
    if not SECRET.fullmatch(secret):
        raise NoSuchChat
    return crypto.digest(secret.encode())


def said(text: str) -> str:
    """A message that can be taken. Raises Invalid, kindly, for nothing, too much, and what is no sentence."""
    most = chat_policy.current().longest
    if len(text) > 20 * most:
        raise Invalid({"text": _("粘贴的内容太长了。请用几句话说说是什么事，材料可以在办理时上传。")})
    clean = writing.text(text, "text", most=20 * most, required=True)
    if len(clean) > most:
        raise Invalid(
            {"text": _("一次最多 %(most)d 个字，现在是 %(now)d 个。可以分几次发。") % {"most": most, "now": len(clean)}}
        )
    if _RUN.search(clean) or _LONG_WORD.search(clean) or not any(c.isalnum() for c in clean):
        raise Invalid({"text": _("这段内容看不出是什么意思，像是误粘贴的。请用自己的话说一说。")})
    return clean


def of_visitor(actor: Actor, secret: str) -> QuerySet[Chat]:
    """The chat of whoever has the secret; one of a logged-in person only while that person is acting, and none that
    has been over for some hours: who finds the browser later reads nothing."""
    mine = Q(contact__party__isnull=True)
    if actor.party_id is not None:
        mine |= Q(contact__party_id=actor.party_id)
    since = clock.now() - timedelta(hours=chat_policy.current().open_hours)
    opens = ~Q(state=ChatState.ENDED) | Q(ended_at__gte=since)
    return Chat.objects.filter(mine, opens, secret_digest=digest_of(secret))


def within(actor: Actor, permission: str) -> Q:
    """The condition that a chat is in the actor's unit, area, or anywhere."""
    held = policy.require(actor, permission)
    if Scope.ALL in held:
        return Q()
    if actor.unit_id is None:
        return Q(pk__in=[])
    if Scope.AREA in held:
        return Q(contact__area__startswith=actor.area)
    return Q(unit_id=actor.unit_id)


def locked(found: QuerySet[Chat]) -> Chat:
    """The one chat, locked until the transaction ends. Raises NoSuchChat."""
    row = found.select_for_update().first()
    if row is None:
        raise NoSuchChat
    return row


def who(actor: Actor) -> int:
    """The account at work. Raises NotPermitted for partners and parts of the system."""
    if actor.account_id is None:
        raise NotPermitted
    return actor.account_id


def held(actor: Actor, token: str) -> Chat:
    """A chat that the actor has taken, locked. Raises NoSuchChat."""
    policy.require(actor, "intake.take_chats")
    return locked(Chat.objects.filter(token=token, agent_id=who(actor), unit_id=actor.unit_id))


def may_read(actor: Actor, row: Chat) -> bool:
    """Whether the actor may read what was said: its lawyer, who joined it, and once it is over `intake.read_chats`."""
    if actor.account_id is not None and row.agent_id == actor.account_id and row.unit_id == actor.unit_id:
        return bool(policy.scopes(actor, "intake.take_chats"))
    if row.state != ChatState.ENDED:
        return ChatGuest.objects.filter(chat=row, account_id=actor.account_id or 0).exists()
    if not policy.scopes(actor, "intake.read_chats"):
        return False
    return Chat.objects.filter(within(actor, "intake.read_chats"), pk=row.pk).exists()


def add(
    chat: Chat, side: str, text: str = "", *, account: int | None = None, happening: str = "", key: str = ""
) -> ChatMessage:
    """Write the next message; the chat is locked by the caller, so that positions appear in their order."""
    chat.last_position += 1
    return ChatMessage.objects.create(
        chat=chat, position=chat.last_position, side=side, account_id=account, happening=happening,
        text_sealed=crypto.seal(text, context=TEXT) if text else "", client_key=key, at=clock.now(),
    )  # fmt: skip


def is_repeat(chat: Chat, side: str, key: str) -> bool:
    """Whether a message with this key was taken already: a double click, or a send after a lost answer."""
    return bool(key) and ChatMessage.objects.filter(chat=chat, side=side, client_key=key).exists()


def notice_danger(chat: Chat, text: str) -> None:
    """Raise the place in the queue, and the contact's urgency, where words mean danger or a deadline."""
    found = danger.look(text).urgency
    if not found:
        return
    if chat.state == ChatState.WAITING:
        chat.rank = min(chat.rank, _RANK[found])
    Contact.objects.filter(pk=chat.contact_id).exclude(urgency="U1").update(urgency=found)


def put_back(chat: Chat, happening: str, note: str = "") -> None:
    """To the head of the queue, behind those in danger only; it keeps its time. The chat is locked."""
    chat.state, chat.agent_id, chat.taken_at, chat.is_answered = ChatState.WAITING, None, None, False
    chat.rank = DANGER if chat.rank == DANGER else RETURNED
    if note:
        add(chat, ChatSide.NOTE, note)
    add(chat, ChatSide.SYSTEM, happening=happening)
    chat.save()
    Contact.objects.filter(pk=chat.contact_id).update(agent=None)


def must_go_on(chat: Chat) -> None:
    """Raises ChatEnded."""
    if chat.state == ChatState.ENDED:
        raise ChatEnded


def must_have_room(chat: Chat) -> None:
    """Raises ChatFull once people have written as many messages as a chat may have. The chat is locked."""
    most = chat_policy.current().most
    # positions count what happened too: below the limit nothing needs to be counted
    if chat.last_position >= most and ChatMessage.objects.filter(chat=chat, happening="").count() >= most:
        raise ChatFull(most=most)


def finish(actor: Actor, chat: Chat, by: str) -> None:
    """End the chat, and its contact's conversation: answered where a lawyer wrote, else left. The chat is locked."""
    if chat.state == ChatState.ENDED:
        return
    was_answered = chat.first_reply_at is not None
    chat.state, chat.ended_at, chat.ended_by = ChatState.ENDED, clock.now(), by
    add(chat, ChatSide.SYSTEM, happening=f"ENDED_{by}")
    chat.save()
    contact = Contact.objects.select_for_update().get(pk=chat.contact_id)
    carry_over(chat, contact)
    contact.ended_at = contact.ended_at or clock.now()
    if contact.outcome == ContactOutcome.OPEN:
        contact.outcome = ContactOutcome.ANSWERED if was_answered else ContactOutcome.ABANDONED
    writing.save(contact)
    writing.log(actor, contact, events.CHAT_ENDED, {"by": by, "answered": was_answered})


def carry_over(chat: Chat, contact: Contact) -> None:
    """What the visitor said becomes the contact's words, sealed, unless the lawyer wrote notes of another kind."""
    before, now = sealing.open_words(contact.words), told(chat)
    # the same chat, some messages ago
    if not before or now.startswith(before):
        contact.words = sealing.seal_words(now)


def told(chat: Chat) -> str:
    """What the visitor said, one message a line, as long as an order's story may be."""
    rows = ChatMessage.objects.filter(chat=chat, side=ChatSide.VISITOR).exclude(text_sealed="").order_by("position")
    lines = [crypto.unseal(sealed, context=TEXT) for sealed in rows.values_list("text_sealed", flat=True)]
    return "\n".join(lines)[:MAX_WORDS]
