"""Which contacts and calls an actor may see, and how rows become what others get."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity.values import mask_name, mask_phone
from fawang.kernel import clock, policy
from fawang.kernel.events import selectors as recorded
from fawang.kernel.policy import Actor, Scope
from fawang.middle.intake import chatting, events, sealing, writing
from fawang.middle.intake.errors import NoSuchContact
from fawang.middle.intake.models import Call, Chat, Contact, ContactOrder
from fawang.middle.intake.values import CallView, ContactOutcome, ContactRow, ContactView

SHORT = 60
# a page that is worked on is read once, not with every note that is saved
READ_AGAIN = timedelta(minutes=10)


def within(actor: Actor, permission: str) -> Q:
    """The condition that a contact is in the actor's scope: its unit's, its area's, or all."""
    held = policy.require(actor, permission)
    if Scope.ALL in held:
        return Q()
    if actor.unit_id is None:
        return Q(pk__in=[])
    scope = Q(unit_id=actor.unit_id)
    if Scope.AREA in held:
        scope = Q(area__startswith=actor.area) if actor.area else Q()
    return scope


def visible(actor: Actor) -> QuerySet[Contact]:
    """The contacts the actor may see: the same set for lists, counts, history and single ones."""
    return Contact.objects.filter(within(actor, "intake.see_contacts"))


def locked(actor: Actor, number: str, permission: str) -> Contact:
    """The contact, locked until the transaction ends. Raises NoSuchContact: not there and not yours look the same."""
    wanted = "".join(number.split()).upper()
    found = Contact.objects.select_for_update().filter(within(actor, permission), number=wanted).first()
    if found is None:
        raise NoSuchContact
    return found


def orders_of(contacts: list[Contact]) -> dict[int, tuple[str, ...]]:
    """The numbers of the orders that came of each contact, oldest first, in one statement."""
    found: dict[int, tuple[str, ...]] = {}
    pairs = ContactOrder.objects.filter(contact__in=contacts).order_by("id").values_list("contact_id", "order_number")
    for contact_id, number in pairs if contacts else ():
        found[contact_id] = (*found.get(contact_id, ()), number)
    return found


def hides_words(actor: Actor, contact: Contact) -> bool:
    """Whether the contact's words were said in a chat that the actor may not read."""
    chat = Chat.objects.filter(contact=contact).first()
    return chat is not None and not chatting.may_read(actor, chat)


def _words_of(actor: Actor, contact: Contact, chat: Chat | None) -> str | None:
    """The words, None where the actor may not read them; reading those of another's chat is recorded."""
    words = sealing.open_words(contact.words)
    if chat is None:
        return words
    if not chatting.may_read(actor, chat):
        return None
    if words and (actor.account_id is None or actor.account_id != chat.agent_id):
        read = recorded.stream(f"contact:{contact.pk}", names=[events.CHAT_READ])
        if not any(one.actor == actor.ref and clock.now() - one.at < READ_AGAIN for one in read):
            writing.note(actor, contact, events.CHAT_READ)
    return words


def view(actor: Actor, contact: Contact) -> ContactView:
    """A contact as the actor may see it: what was said in a chat is for its lawyer and who may read chats."""
    chat = Chat.objects.filter(contact=contact).first()
    words = _words_of(actor, contact, chat)
    phone = sealing.open_phone(contact.phone_sealed)
    return ContactView(
        number=contact.number,
        channel=contact.channel,
        unit_id=contact.unit_id,
        agent_id=contact.agent_id,
        party_id=contact.party_id,
        caller_name=contact.caller_name,
        phone_masked=mask_phone(phone),
        has_phone=bool(phone),
        domain=contact.domain,
        urgency=contact.urgency,
        words=words or "",
        about=_about(contact) if chat is not None else "",
        is_hidden=words is None,
        answer=contact.answer,
        outcome=contact.outcome,
        outcome_label=str(ContactOutcome(contact.outcome).label),
        wrap_up=contact.wrap_up,
        orders=orders_of([contact]).get(contact.pk, ()),
        started_at=contact.started_at,
        ended_at=contact.ended_at,
        callback_due_at=contact.callback_due_at,
        callback_done_at=contact.callback_done_at,
        callback_attempts=contact.callback_attempts,
        grade=contact.grade,
        rating_text=contact.rating_text,
        version=contact.version,
    )


def rows(actor: Actor, contacts: list[Contact]) -> tuple[ContactRow, ...]:
    """Contacts as a list shows them: names and numbers masked, the words cut. Of a chat only its lawyer sees words,
    others what it was about: a list records no reading."""
    orders = orders_of(contacts)
    agents = dict(Chat.objects.filter(contact__in=contacts).values_list("contact_id", "agent_id")) if contacts else {}
    return tuple(
        ContactRow(
            number=c.number,
            channel=c.channel,
            caller=mask_name(c.caller_name),
            phone_masked=sealing.masked(c.phone_sealed),
            domain=c.domain,
            outcome=c.outcome,
            outcome_label=str(ContactOutcome(c.outcome).label),
            wrap_up=c.wrap_up,
            words_short=(
                _cut(" ".join(sealing.open_words(c.words).split()))
                if c.pk not in agents or (actor.account_id is not None and agents[c.pk] == actor.account_id)
                else _about(c)
            ),
            orders=orders.get(c.pk, ()),
            started_at=c.started_at,
            ended_at=c.ended_at,
            callback_due_at=c.callback_due_at if c.callback_done_at is None else None,
            callback_attempts=c.callback_attempts,
            grade=c.grade,
            key=str(c.pk),
        )
        for c in contacts
    )


def _about(contact: Contact) -> str:
    """A chat without what was said: whether a call was asked for, and the field of law."""
    kind = _("在线咨询") if contact.callback_due_at is None else _("在线请求回电")
    field = catalogue.row("domain", contact.domain).say(get_language() or "") if contact.domain else ""
    return " · ".join(part for part in (kind, field) if part)


def _cut(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def call_view(call: Call) -> CallView:
    """A call as an agent sees it."""
    return CallView(
        token=call.token,
        state=call.state,
        caller_masked=sealing.masked(call.caller_sealed),
        dnis=call.dnis,
        seat=call.seat,
        queue_enter_at=call.queue_enter_at,
        ring_at=call.ring_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        hangup_side=call.hangup_side,
        contact=call.contact.number if call.contact else "",
    )
