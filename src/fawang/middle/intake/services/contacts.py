"""Open a contact, write down what is said, and end it: with an answer, a referral, or nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.identity.values import check_phone
from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Recipient
from fawang.kernel import clock, crypto, policy, replies
from fawang.kernel.errors import Invalid, NotPermitted
from fawang.kernel.policy import Actor
from fawang.middle.intake import events, sealing, writing
from fawang.middle.intake.errors import CallTaken, NoSuchCall, NotesConflict
from fawang.middle.intake.models import Call, Contact
from fawang.middle.intake.seeing import hides_words, locked, view
from fawang.middle.intake.services import calls
from fawang.middle.intake.values import (
    HOTLINE,
    MAX_ANSWER,
    CallState,
    ContactOutcome,
    ContactView,
)

TAKE = "intake.take_contacts"
DIVIDER = "\n――――――\n"


def open_contact(
    actor: Actor, *, call: str = "", channel: str = HOTLINE, phone: str = "", name: str = "", key: str | None = None
) -> ContactView:
    """Begin a contact in the actor's unit: by taking a call (its token), or without one.

    Of two agents who take the same call, one gets it. Taking one's own call again gives the same contact.
    Raises NoSuchCall, CallTaken, Invalid.
    """
    policy.require(actor, TAKE)
    if actor.unit_id is None:
        raise NotPermitted(reason=TAKE)
    if call:
        return _take_call(actor, call)
    number = _phone(phone)
    unit_id, caller = actor.unit_id, writing.person(name)

    def work() -> str:
        made = writing.make(
            actor, unit_id=unit_id, channel=channel, phone=number, caller_name=caller, agent_id=actor.account_id
        )
        return made.number

    made = replies.services.once(actor=actor, key=key, request={"open": channel, "phone": number}, work=work)
    return view(actor, Contact.objects.get(number=made))


def _phone(text: str) -> str:
    try:
        return check_phone(text) if text.strip() else ""
    except ValueError as error:
        raise Invalid({"phone": str(error)}) from None


def _take_call(actor: Actor, token: str) -> ContactView:
    with transaction.atomic():
        call = Call.objects.select_for_update().filter(token=token, unit_id=actor.unit_id).first()
        if call is None:
            raise NoSuchCall
        if call.agent_id not in (None, actor.account_id):
            raise CallTaken
        if call.contact is not None:
            return view(actor, call.contact)
        if call.state not in (CallState.RINGING, CallState.TALKING):
            raise NoSuchCall
        call.contact = writing.make(
            actor, unit_id=call.unit_id or 0, channel=HOTLINE, phone=sealing.open_phone(call.caller_sealed),
            agent_id=actor.account_id,
        )  # fmt: skip
        call.agent_id = actor.account_id
        calls.note_answer(call)
        return view(actor, call.contact)


def save_notes(
    actor: Actor,
    *,
    contact: str,
    version: int,
    words: str | None = None,
    domain: str | None = None,
    name: str | None = None,
    phone: str | None = None,
    answer: str | None = None,
    wrap_up: str | None = None,
    urgency: str | None = None,
) -> ContactView:
    """Keep what was typed (None = leave). A repeat of what is stored already is no conflict.

    Raises NotesConflict (with `theirs` and `now`) when another page saved other words meanwhile: nothing is
    overwritten. Raises Invalid, and NotPermitted for words in place
    of those of a chat that the actor may not read. What is typed is in the row, not in the log.
    """
    given: dict[str, Any] = {}
    if words is not None:
        given["words"] = writing.text(words, "words")
    if answer is not None:
        given["answer"] = writing.text(answer, "answer", most=MAX_ANSWER)
    if domain is not None:
        given["domain"] = writing.code(domain, "domain", "domain")
    if wrap_up is not None:
        given["wrap_up"] = writing.code(wrap_up, "wrap_up", "wrap_up")
    if urgency is not None:
        given["urgency"] = writing.code(urgency, "urgency", "urgency")
    if name is not None:
        given["caller_name"] = writing.person(name)
    with transaction.atomic():
        row = locked(actor, contact, TAKE)
        if phone is not None and phone.strip():
            given["phone_sealed"], given["phone_index"] = _resealed(row, _phone(phone))
        is_hidden = hides_words(actor, row)
        if is_hidden and given.pop("words", ""):
            raise NotPermitted(reason="intake.read_chats")
        before = "" if is_hidden else sealing.open_words(row.words)
        stored = {column: before if column == "words" else getattr(row, column) for column in given}
        changed = {column: value for column, value in given.items() if stored[column] != value}
        if not changed:
            return view(actor, row)
        if row.version != version:
            raise NotesConflict(theirs=before, mine=given.get("words", ""), now=row.version)
        for column, value in changed.items():
            setattr(row, column, sealing.seal_words(value) if column == "words" else value)
        writing.save(row)
        return view(actor, row)


def _resealed(row: Contact, phone: str) -> tuple[str, str]:
    if row.phone_index in sealing.indexes(phone):
        return row.phone_sealed, row.phone_index
    return sealing.seal_phone(phone)


def keep_both_notes(actor: Actor, *, contact: str, words: str) -> ContactView:
    """After a conflict: the stored words and these, one below the other. What is contained already is not doubled."""
    mine = writing.text(words, "words")
    with transaction.atomic():
        row = locked(actor, contact, TAKE)
        if hides_words(actor, row):
            if mine:
                raise NotPermitted(reason="intake.read_chats")
            return view(actor, row)
        theirs = sealing.open_words(row.words)
        if mine and mine not in theirs:
            joined = mine if theirs in mine else theirs + DIVIDER + mine
            row.words = sealing.seal_words(writing.text(joined, "words", most=2 * len(joined) + 1))
            writing.save(row)
            writing.log(actor, row, events.NOTES_MERGED, {})
        return view(actor, row)


def answer_on_the_spot(
    actor: Actor,
    *,
    contact: str,
    answer: str,
    wrap_up: str = "CONSULTATION",
    tell: bool = False,
    key: str | None = None,
) -> ContactView:
    """End the contact with an answer: no order is made, the number can be rated and may become an order later.

    With `tell` the caller gets the number and the query code by SMS. Raises Invalid, NoSuchContact.
    """
    words = writing.text(answer, "answer", most=MAX_ANSWER, required=True)
    wrap = writing.code(wrap_up, "wrap_up", "wrap_up", required=True)

    def work() -> str:
        row = locked(actor, contact, TAKE)
        row.answer, row.wrap_up = words, wrap
        if row.outcome != ContactOutcome.ORDER_MADE:
            row.outcome = ContactOutcome.ANSWERED
        row.ended_at = row.ended_at or clock.now()
        row.agent_id = row.agent_id or actor.account_id
        writing.save(row)
        writing.log(actor, row, events.ANSWERED, {"wrap_up": wrap, "domain": row.domain, "answer": words})
        if tell:
            _tell(actor, row)
        return row.number

    request = {"answer": words, "contact": contact, "wrap_up": wrap, "tell": tell}
    return view(
        actor, Contact.objects.get(number=replies.services.once(actor=actor, key=key, request=request, work=work))
    )


def _tell(actor: Actor, row: Contact) -> None:
    phone = sealing.open_phone(row.phone_sealed)
    if not phone and row.party_id is None:
        raise Invalid({"phone": _("没有号码，不能发短信。请填写电话，或不发短信。")})
    to = Recipient(phone=phone) if phone else Recipient(party_id=row.party_id)
    code = crypto.unseal(row.query_code, context=sealing.CODE)
    data = {"number": row.number, "code": code}
    cause = f"contact:{row.pk}:{row.version}"
    notifications.tell(actor=actor, to=to, template="contact_answered", data=data, cause=cause)


def refer(actor: Actor, *, contact: str, to: str, text: str = "", wrap_up: str = "TRANSFER") -> ContactView:
    """End the contact by passing the person on: `to` says where (12345, a court, 110 …). Raises Invalid."""
    where = writing.text(to, "to", most=100, is_multiline=False, required=True)
    note = writing.text(text, "text", most=MAX_ANSWER)
    wrap = writing.code(wrap_up, "wrap_up", "wrap_up", required=True)
    with transaction.atomic():
        row = locked(actor, contact, TAKE)
        row.answer = "\n".join(part for part in (row.answer, f"→ {where}", note) if part)
        row.wrap_up, row.ended_at = wrap, row.ended_at or clock.now()
        if row.outcome != ContactOutcome.ORDER_MADE:
            row.outcome = ContactOutcome.REFERRED
        writing.save(row)
        writing.log(actor, row, events.REFERRED, {"to": where, "text": note, "wrap_up": wrap})
        return view(actor, row)


def wrap_up_contact(actor: Actor, *, contact: str, wrap_up: str) -> ContactView:
    """Set the wrap-up code of a contact and end the conversation. Raises Invalid."""
    wrap = writing.code(wrap_up, "wrap_up", "wrap_up", required=True)
    with transaction.atomic():
        row = locked(actor, contact, TAKE)
        row.wrap_up, row.ended_at = wrap, row.ended_at or clock.now()
        writing.save(row)
        writing.log(actor, row, events.WRAPPED_UP, {"wrap_up": wrap})
        return view(actor, row)


def close_contact(actor: Actor, *, contact: str, wrap_up: str = "WRONG") -> ContactView:
    """End a contact that came to nothing: a wrong number, silence, a dropped line. Raises Invalid."""
    wrap = writing.code(wrap_up, "wrap_up", "wrap_up", required=True)
    with transaction.atomic():
        row = locked(actor, contact, TAKE)
        row.wrap_up, row.ended_at = wrap, row.ended_at or clock.now()
        if row.outcome == ContactOutcome.OPEN:
            row.outcome = ContactOutcome.ABANDONED
        writing.save(row)
        writing.log(actor, row, events.CLOSED, {"wrap_up": wrap})
        return view(actor, row)
