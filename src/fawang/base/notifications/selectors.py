"""The questions: my messages, what was told about an order, what reached nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from fawang.base.notifications import identifiers, wording
from fawang.base.notifications.delivery import data_of
from fawang.base.notifications.models import Message
from fawang.base.notifications.services import is_own
from fawang.base.notifications.values import MessageView, Page, ReceiptView, State
from fawang.kernel import policy
from fawang.kernel.policy import Actor, Scope

PAGE = 20
_MOST = 100
# not Q(): an empty Q joined by `|` vanishes
_EVERYTHING = ~Q(pk__in=[])
_order_rule: list[Callable[[Actor, str], bool]] = []


def presentable(text: str) -> str:
    """What somebody wrote, as a message may quote it: numbers and addresses of people masked, and cut with … where it
    is too long. A message that cannot be written reaches nobody; the whole text stands where the message leads."""
    text = identifiers.masked(" ".join(text.replace("\0", "").split()))
    return text if len(text) <= wording.LONGEST_VALUE else f"{text[: wording.LONGEST_VALUE - 1]}…"


def let_orders_decide(rule: Callable[[Actor, str], bool]) -> None:
    """Say who sees an order: `rule(actor, number)`. The room of orders sets this at start-up, so that the messages of
    an order are seen by exactly those who see the order."""
    _order_rule[:] = [rule]


def _own(actor: Actor) -> Q:
    mine = Q(pk__in=[])
    if actor.party_id is not None:
        mine |= Q(party_id=actor.party_id)
    if actor.account_id is not None:
        mine |= Q(account_id=actor.account_id)
    return mine


def _staff(actor: Actor) -> Q:
    scopes = policy.scopes(actor, "notifications.see_delivery")
    seen = Q(pk__in=[])
    if Scope.ALL in scopes:
        return _EVERYTHING
    if Scope.UNIT in scopes and actor.unit_id is not None:
        seen |= Q(unit_id=actor.unit_id)
    if Scope.AREA in scopes and actor.unit_id is not None:
        seen |= Q(area__startswith=actor.area) if actor.area else _EVERYTHING
    return seen


def _view(actor: Actor, message: Message, *, with_receipts: bool) -> MessageView:
    mine = is_own(actor, message)
    language = message.language or get_language() or "zh-hans"
    template = wording.find(message.template, message.version)
    text = wording.render(template, data_of(message), language, with_secrets=mine)
    receipts: Iterable[ReceiptView] = ()
    if with_receipts:
        receipts = (
            ReceiptView(r.channel, r.attempt, r.state, r.get_state_display(), r.at, r.received_at, r.detail)
            for r in sorted(message.receipts.all(), key=lambda r: (r.attempt, r.at, r.pk))
        )
    return MessageView(
        token=message.token,
        template=message.template,
        subject=text.subject,
        body=text.long,
        order_ref=message.order_ref,
        queued_at=message.queued_at,
        state=message.state,
        state_label=message.get_state_display(),
        state_at=message.state_at,
        channel=message.channel,
        is_read=message.read_at is not None,
        is_urgent=message.is_urgent,
        receipts=tuple(receipts),
    )


def _of_seen_orders(actor: Actor, messages: QuerySet[Message], wanted: int) -> list[Message]:
    """The first `wanted` whose order the actor may see: a list of messages tells no more than the orders themselves."""
    found: list[Message] = []
    known: dict[str, bool] = {"": True}
    for message in messages.iterator(chunk_size=_MOST):
        reference = message.order_ref
        if reference not in known:
            known[reference] = not _order_rule or _order_rule[0](actor, reference)
        if known[reference] or is_own(actor, message):
            found.append(message)
            if len(found) == wanted:
                break
    return found


def _page(actor: Actor, messages: QuerySet[Message], before: str, limit: int, *, with_receipts: bool) -> Page:
    limit = max(1, min(limit, _MOST))
    if before:
        # a stale or foreign cursor gives an empty page, never somebody else's
        edge = messages.filter(token=before).values_list("id", flat=True).first()
        messages = messages.filter(id__lt=edge or 0)
    ordered = messages.order_by("-id")
    rows = _of_seen_orders(actor, ordered, limit + 1) if with_receipts else list(ordered[: limit + 1])
    shown = rows[:limit]
    views = tuple(_view(actor, message, with_receipts=with_receipts) for message in shown)
    return Page(views, shown[-1].token if len(rows) > limit else "")


def inbox(actor: Actor, *, before: str = "", limit: int = PAGE) -> Page:
    """The actor's own messages, newest first, whichever way they were sent."""
    policy.require(actor, "notifications.inbox")
    return _page(actor, Message.objects.filter(_own(actor)), before, limit, with_receipts=False)


def unread_count(actor: Actor) -> int:
    """How many of the actor's messages are unread, capped at 100; 0 for a visitor (every page asks)."""
    if not policy.scopes(actor, "notifications.inbox"):
        return 0
    return Message.objects.filter(_own(actor), read_at__isnull=True)[:_MOST].count()


def messages_of(actor: Actor, order_ref: str) -> list[MessageView]:
    """What was told about an order, oldest first, with receipts: the actor's own, and for staff what they may see.

    Secrets in the texts are shown to the recipient only.
    """
    if not order_ref:
        return []
    held = policy.scopes(actor, "notifications.see_delivery")
    if not held:
        policy.require(actor, "notifications.inbox")
    seen = _own(actor) | _staff(actor) if held else _own(actor)
    if held and _order_rule:
        seen = _EVERYTHING if _order_rule[0](actor, order_ref) else _own(actor)
    rows = Message.objects.filter(seen, order_ref=order_ref).order_by("id").prefetch_related("receipts")
    return [_view(actor, message, with_receipts=True) for message in rows[:200]]


def undelivered(actor: Actor, *, before: str = "", limit: int = PAGE) -> Page:
    """Messages that reached nobody on any channel, newest first: somebody must call or write."""
    policy.require(actor, "notifications.see_delivery")
    rows = Message.objects.filter(_staff(actor), state=State.UNDELIVERED).prefetch_related("receipts")
    return _page(actor, rows, before, limit, with_receipts=True)


def tally(actor: Actor, *, since: datetime) -> dict[str, int]:
    """How many messages told since a moment stand in which state, as far as the actor sees delivery (one statement)."""
    rows = Message.objects.filter(_staff(actor), queued_at__gte=since).values_list("state").order_by("state")
    return dict(rows.annotate(n=Count("id")))


def variables(template: str) -> list[str]:
    """The names of the variables that the latest version of a template asks for. Raises NoSuchTemplate."""
    return sorted(wording.find(template).variables)
