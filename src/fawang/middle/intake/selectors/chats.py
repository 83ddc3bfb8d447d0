"""Questions about chats: the visitor's page, the desk of chat duty, and how long it will take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock, crypto, policy
from fawang.kernel.policy import Actor
from fawang.middle.intake import chat_policy, chatting, events, sealing, seeing, writing
from fawang.middle.intake.chat_policy import ChatPolicy
from fawang.middle.intake.errors import NoSuchChat
from fawang.middle.intake.models import Chat, ChatGuest, ChatMessage, Seat
from fawang.middle.intake.services.callbacks import RATABLE
from fawang.middle.intake.values import (
    HAPPENINGS,
    ChatDesk,
    ChatLine,
    ChatRow,
    ChatSide,
    ChatState,
    ChatView,
    Colleague,
    ContactOutcome,
    Waiting,
)

MOST_ROWS = 50
LATE_AFTER = timedelta(minutes=3)  # CO-01
UNSEEN_FOR = timedelta(minutes=2)
# how long a visitor finds a chat that is over under the log-in, without the cookie
FOUND_FOR = timedelta(hours=24)
# a wait is told from chats of today that ended or were taken, the newest of them
LOOKED_AT = 200


def chat_rules() -> ChatPolicy:
    """The figures by which chats are run here."""
    return chat_policy.current()


# --- the visitor -------------------------------------------------------------------------------------------------
def _of_visitor(actor: Actor, secret: str) -> Chat | None:
    rows = Chat.objects.select_related("contact")
    if secret:
        found = chatting.of_visitor(actor, secret).select_related("contact").first()
        if found is not None:
            return found
    if actor.party_id is None:
        return None
    since = clock.now() - FOUND_FOR
    mine = rows.filter(contact__party_id=actor.party_id, queued_at__gte=since)
    return mine.exclude(state=ChatState.ENDED).order_by("-pk").first()


def is_chatting(actor: Actor, secret: str) -> bool:
    """Whether the visitor has a chat that is not over."""
    if secret and not chatting.SECRET.fullmatch(secret):
        return False
    found = _of_visitor(actor, secret)
    return found is not None and found.state != ChatState.ENDED


def chat_of(actor: Actor, secret: str) -> ChatView:
    """The visitor's chat with every message. A logged-in person finds theirs on any device. Raises NoSuchChat."""
    found = _of_visitor(actor, secret)
    if found is None:
        raise NoSuchChat
    return _view(found, _lines(found, 0), for_staff=False)


def visitor_update(actor: Actor, secret: str, after: int) -> ChatView:
    """The visitor's chat with the messages after a position: three statements at most. Raises NoSuchChat."""
    found = _of_visitor(actor, secret)
    if found is None:
        raise NoSuchChat
    return _view(found, _lines(found, after) if found.last_position > after else (), for_staff=False)


def _lines(chat: Chat, after: int, *, for_staff: bool = False) -> tuple[ChatLine, ...]:
    rows = ChatMessage.objects.filter(chat=chat, position__gt=after)
    if not for_staff:
        rows = rows.exclude(side=ChatSide.NOTE)
    messages = list(rows.order_by("position"))
    names = identity.account_names({m.account_id for m in messages if m.account_id})
    return tuple(
        ChatLine(
            position=m.position,
            side=m.side,
            name=names.get(m.account_id or 0, ""),
            text=_text(m, names.get(m.account_id or 0, "")),
            happening=m.happening,
            at=m.at,
            is_erased=not m.text_sealed and not m.happening,
        )
        for m in messages
    )


def _text(message: ChatMessage, name: str) -> str:
    if message.happening:
        return str(HAPPENINGS.get(message.happening, "")) % {"name": name}
    return crypto.unseal(message.text_sealed, context=chatting.TEXT) if message.text_sealed else ""


def _view(chat: Chat, lines: tuple[ChatLine, ...], *, for_staff: bool, account_id: int | None = None) -> ChatView:
    contact = chat.contact
    is_over = chat.state == ChatState.ENDED
    # one that was merged with another's is done for the list of calls, and still awaited by its visitor
    is_awaited = contact.callback_done_at is None or contact.outcome == ContactOutcome.CALLBACK
    guests = {} if is_over else dict(chat.guests.filter(is_open=True).values_list("account_id", "pk"))
    names = identity.account_names({*guests, chat.agent_id} - {None})  # type: ignore[arg-type]
    return ChatView(
        token=chat.token if for_staff else "",
        state=chat.state,
        number=contact.number,
        code="" if for_staff or not is_over else crypto.unseal(contact.query_code, context=sealing.CODE),
        unit_id=chat.unit_id,
        domain=contact.domain,
        urgency=contact.urgency,
        agent=names.get(chat.agent_id or 0, ""),
        is_mine=account_id is not None and chat.agent_id == account_id,
        guests=tuple(names[one] for one in guests if one in names),
        lines=lines,
        last=chat.last_position,
        queued_at=chat.queued_at,
        ended_at=chat.ended_at,
        ended_by=chat.ended_by,
        grade=contact.grade,
        may_rate=is_over and contact.grade is None and contact.outcome in RATABLE,
        wrap_up=contact.wrap_up,
        callback_due_at=contact.callback_due_at if is_awaited else None,
        orders=seeing.orders_of([contact]).get(contact.pk, ()) if is_over or for_staff else (),
        is_returned=chat.state == ChatState.WAITING and chat.first_taken_at is not None,
    )


# --- the wait ----------------------------------------------------------------------------------------------------
def _on_duty() -> QuerySet[Seat]:
    since = clock.now() - timedelta(minutes=chat_policy.current().vanished_minutes)
    return Seat.objects.filter(takes_chats=True, chats_seen_at__gte=since)


def units_on_duty() -> dict[int, int]:
    """How many lawyers are signed in to chat duty, by unit."""
    return dict(_on_duty().order_by().values_list("unit_id").annotate(n=Count("pk")))


def waiting_time(actor: Actor, secret: str | None = None) -> Waiting:
    """How many wait before, and how long it will take by what today's chats really took and who is there.

    `minutes` is None when nobody is there, or today has too few chats to tell from. Without a chat it is the wait of
    somebody who came now.
    """
    mine = _of_visitor(actor, secret or "") if secret or actor.party_id is not None else None
    units = units_on_duty()
    waiting = Chat.objects.filter(state=ChatState.WAITING)
    if mine is not None and mine.state == ChatState.WAITING:
        before = Q(rank__lt=mine.rank) | Q(rank=mine.rank, queued_at__lt=mine.queued_at)
        place = waiting.filter(before, unit_id=mine.unit_id).count() + 1
        lawyers, unit_ids = units.get(mine.unit_id, 0), [mine.unit_id]
    else:
        unit_ids = list(units)
        place, lawyers = waiting.filter(unit_id__in=unit_ids).count() + 1, sum(units.values())
    return Waiting(
        place, _minutes(place, lawyers, unit_ids), lawyers, chat_policy.is_duty_time(), chat_policy.next_duty()
    )


def _minutes(place: int, lawyers: int, units: list[int]) -> int | None:
    rules = chat_policy.current()
    today = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    of_today = Chat.objects.filter(unit_id__in=units, first_taken_at__gte=today).order_by("-first_taken_at")
    took: list[float] = []
    waited: list[float] = []
    for queued, taken, ended in of_today.values_list("queued_at", "first_taken_at", "ended_at")[:LOOKED_AT]:
        waited.append((taken - queued).total_seconds() if taken else 0)
        if ended and taken:
            took.append((ended - taken).total_seconds())
    if not lawyers or len(took) < rules.enough:
        return None
    places = lawyers * rules.at_once
    open_now = Chat.objects.filter(unit_id__in=units, state=ChatState.OPEN).count()
    behind = place - max(0, places - open_now)
    seconds = median(waited) if behind <= 0 else behind * median(took) / places
    return max(1, -(-int(seconds) // 60))


# --- the desk ----------------------------------------------------------------------------------------------------
def _rows(chats: Iterable[Chat], *, shows_words: bool = True) -> tuple[ChatRow, ...]:
    found = list(chats)
    names = identity.account_names({c.agent_id for c in found if c.agent_id})
    newest = _newest(found)
    now = clock.now()
    return tuple(
        ChatRow(
            token=c.token,
            state=c.state,
            number=c.contact.number,
            domain=c.contact.domain,
            urgency=c.contact.urgency,
            words_short=_short(newest[c.pk][1]) if shows_words and c.pk in newest else "",
            agent=names.get(c.agent_id or 0, ""),
            queued_at=c.queued_at,
            waited_minutes=int((now - c.queued_at).total_seconds() // 60),
            is_late=c.state == ChatState.WAITING and now - c.queued_at > LATE_AFTER,
            is_returned=c.state == ChatState.WAITING and c.first_taken_at is not None,
            is_gone=now - c.visitor_seen_at > UNSEEN_FOR,
            is_unread=c.pk in newest and newest[c.pk][0] == ChatSide.VISITOR,
        )
        for c in found
    )


def _newest(chats: list[Chat]) -> dict[int, tuple[str, str]]:
    """The side and words of the last thing said in each chat: one statement, one row a chat, however long it is."""
    said = ChatMessage.objects.filter(side__in=[ChatSide.VISITOR, ChatSide.LAWYER]).exclude(text_sealed="")
    last = said.filter(chat=OuterRef("pk")).order_by("-position").values("pk")[:1]
    newest = Chat.objects.filter(pk__in=[one.pk for one in chats]).order_by().values(last=Subquery(last))
    rows = ChatMessage.objects.filter(pk__in=newest).values_list("chat_id", "side", "text_sealed")
    return {chat_id: (side, sealed) for chat_id, side, sealed in rows} if chats else {}


def _short(sealed: str) -> str:
    words = " ".join(crypto.unseal(sealed, context=chatting.TEXT).split())
    return words if len(words) <= seeing.SHORT else words[: seeing.SHORT - 1] + "…"


def chat_desk(actor: Actor) -> ChatDesk:
    """The queue in its order, one's own chats, those to be wrapped up, and for supervisors those of the others."""
    policy.require(actor, "intake.see_chat_desk")
    chats = Chat.objects.select_related("contact")
    may_take = bool(policy.scopes(actor, "intake.take_chats"))
    may_join = bool(policy.scopes(actor, "intake.join_chats"))
    here = chatting.within(actor, "intake.see_chat_desk")
    mine = chats.filter(agent_id=actor.account_id, unit_id=actor.unit_id)
    waiting = chats.filter(here, state=ChatState.WAITING).order_by("rank", "queued_at", "pk")
    joined = chats.filter(here, state=ChatState.OPEN)
    unfinished = mine.filter(state=ChatState.ENDED, contact__wrap_up="", first_reply_at__isnull=False)
    seat = Seat.objects.filter(account_id=chatting.who(actor), unit_id=actor.unit_id).first()
    return ChatDesk(
        is_signed_in=seat is not None and seat.takes_chats,
        may_take=may_take,
        may_join=may_join,
        at_once=chat_policy.current().at_once,
        waiting=_rows(waiting[:MOST_ROWS], shows_words=may_take),
        mine=_rows(mine.filter(state=ChatState.OPEN).order_by("taken_at", "pk")) if may_take else (),
        others=_rows(joined.exclude(agent_id=actor.account_id).order_by("pk")[:MOST_ROWS], shows_words=False),
        to_wrap_up=_rows(unfinished.order_by("ended_at", "pk")[:MOST_ROWS]) if may_take else (),
        lawyers=sum(1 for one in _on_duty().filter(unit_id=actor.unit_id)),
    )


def chat(actor: Actor, token: str, *, after: int = 0) -> ChatView:
    """A chat for staff: one's own, one that one joined, or one that is over and within reach. Raises NoSuchChat.

    Reading one that is over and not one's own is recorded, from whatever position it is read; only what comes after
    a position is not, for who was in it as a guest.
    """
    policy.require(actor, "intake.see_chat_desk")
    found = Chat.objects.filter(token=token).select_related("contact").first()
    if found is None or not chatting.may_read(actor, found):
        raise NoSuchChat
    has_news = found.last_position > after
    if has_news and found.state == ChatState.ENDED and not _was_in(actor, found, is_guest_enough=after > 0):
        writing.note(actor, found.contact, events.CHAT_READ)
    lines = _lines(found, after, for_staff=True) if has_news else ()
    return _view(found, lines, for_staff=True, account_id=actor.account_id)


def _was_in(actor: Actor, row: Chat, *, is_guest_enough: bool) -> bool:
    if row.agent_id == actor.account_id:
        return True
    return is_guest_enough and ChatGuest.objects.filter(chat=row, account_id=chatting.who(actor)).exists()


def chat_of_contact(actor: Actor, number: str) -> str:
    """The token of the chat that a contact came of, for who may read it; empty otherwise."""
    if not policy.scopes(actor, "intake.see_chat_desk"):
        return ""
    found = Chat.objects.filter(contact__number=number).select_related("contact").first()
    return found.token if found is not None and chatting.may_read(actor, found) else ""


def colleagues(actor: Actor) -> tuple[tuple[Colleague, ...], tuple[Colleague, ...]]:
    """To whom a chat can be handed on: lawyers of the unit on duty with a free place, and other units on duty."""
    most = chat_policy.current().at_once
    seats = _on_duty().filter(unit_id=actor.unit_id).exclude(account_id=chatting.who(actor)).select_related("account")
    busy = dict(
        Chat.objects.filter(state=ChatState.OPEN, unit_id=actor.unit_id).order_by().values_list("agent_id")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    rows = [(seat, most - busy.get(seat.account_id, 0)) for seat in seats]
    names = identity.account_names([seat.account_id for seat, _free in rows])
    people = tuple(
        Colleague(seat.account.token, names.get(seat.account_id, ""), free) for seat, free in rows if free > 0
    )
    units = units_on_duty()
    others = organisations.institutions_by_id(pk for pk in units if pk != actor.unit_id)
    return people, tuple(Colleague(one.token, one.name, units[one.id]) for one in others.values())
