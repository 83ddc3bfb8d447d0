"""Calling people back, and their rating."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Recipient
from fawang.kernel import clock, crypto
from fawang.kernel.errors import Invalid
from fawang.kernel.policy import VISITOR, Actor
from fawang.middle.intake import events, sealing, writing
from fawang.middle.intake.errors import (
    AlreadyRated,
    NoCallbackPlanned,
    NoSuchContact,
    NotYetRatable,
    RatingOver,
    TooManyAttempts,
)
from fawang.middle.intake.models import Contact
from fawang.middle.intake.seeing import locked, view
from fawang.middle.intake.values import MAX_ANSWER, RATABLE_FOR, ContactOutcome, ContactView

# work-order standard §7: up to three attempts, on different days and at different times of the day
MAX_ATTEMPTS = 3
NEXT_ATTEMPT = timedelta(days=1, hours=3)
RATABLE = frozenset({ContactOutcome.ANSWERED, ContactOutcome.ORDER_MADE, ContactOutcome.REFERRED})


def plan_callback(
    actor: Actor, *, contact: str, due_at: datetime | None = None, note: str = "", tell: bool = False
) -> ContactView:
    """Promise to call back at `due_at` (aware; one hour from now by default). Ends the present conversation.

    With `tell` the caller is told the time. Raises Invalid for a moment that is past or naive, or without a number.
    """
    moment = due_at or clock.now() + timedelta(hours=1)
    if moment.tzinfo is None or moment < clock.now() - timedelta(minutes=1):
        raise Invalid({"due_at": _("请选择以后的时间。")})
    why = writing.text(note, "note", most=500)
    with transaction.atomic():
        row = locked(actor, contact, "intake.call_back")
        if not row.phone_sealed:
            raise Invalid({"phone": _("没有号码，不能安排回拨。请先填写电话。")})
        row.callback_due_at, row.callback_done_at, row.callback_attempts = moment, None, 0
        row.ended_at = row.ended_at or clock.now()
        if row.outcome != ContactOutcome.ORDER_MADE:
            row.outcome = ContactOutcome.CALLBACK
        writing.save(row)
        writing.log(actor, row, events.CALLBACK_PLANNED, {"due": moment.isoformat(), "note": why})
        if tell:
            notifications.tell(
                actor=actor, to=Recipient(phone=sealing.open_phone(row.phone_sealed)), template="callback_planned",
                data={"number": row.number, "start": moment}, cause=f"contact:{row.pk}:{row.version}",
            )  # fmt: skip
        return view(actor, row)


def record_callback(
    actor: Actor, *, contact: str, reached: bool, text: str = "", wrap_up: str = "", version: int | None = None
) -> ContactView:
    """Write down an attempt. Reached: `text` is what was answered, and the contact is done. Not reached: the next
    attempt is planned for another day and time; after the third the contact ends as not reached.

    Two agents who record the same attempt count once: with `version` the second finds it done or a later version.
    Raises NoCallbackPlanned, TooManyAttempts, Invalid.
    """
    words = writing.text(text, "text", most=MAX_ANSWER, required=reached)
    wrap = writing.code(wrap_up, "wrap_up", "wrap_up")
    with transaction.atomic():
        row = locked(actor, contact, "intake.call_back")
        if row.callback_due_at is None or row.callback_done_at is not None:
            raise NoCallbackPlanned
        if version is not None and row.version != version:
            raise NoCallbackPlanned(_("同事刚刚记录过这次回拨。请刷新页面看最新情况。"))
        if row.callback_attempts >= MAX_ATTEMPTS:
            raise TooManyAttempts
        row.callback_attempts += 1
        row.agent_id = row.agent_id or actor.account_id
        if reached:
            _reached(row, words, wrap)
        else:
            _not_reached(row)
        writing.save(row)
        _settle_merged(row, reached=reached)
        data = {"reached": reached, "attempt": row.callback_attempts, "text": words}
        writing.log(actor, row, events.CALLED_BACK, data)
        return view(actor, row)


def hasten(actor: Actor, phone: str, due: datetime) -> bool:
    """Whether a call to this number is planned already, by whatever contact; it is then due no later than `due`."""
    planned = Contact.objects.filter(callback_due_at__isnull=False, callback_done_at__isnull=True)
    mine = planned.filter(phone_index__in=sealing.indexes(phone)).order_by("callback_due_at", "pk")
    row = mine.select_for_update().first()
    if row is None:
        return False
    if row.callback_due_at is not None and row.callback_due_at > due:
        row.callback_due_at = due
        writing.save(row)
        writing.log(actor, row, events.CALLBACK_PLANNED, {"due": due.isoformat(), "reason": "asked again"})
    return True


def _settle_merged(row: Contact, *, reached: bool) -> None:
    """What asked for the same call ends with it."""
    if row.callback_done_at is None:
        return
    numbers = sealing.indexes(sealing.open_phone(row.phone_sealed))
    same = Contact.objects.filter(phone_index__in=numbers, outcome=ContactOutcome.CALLBACK)
    outcome = ContactOutcome.ANSWERED if reached else ContactOutcome.ABANDONED
    same.filter(callback_done_at__isnull=False).exclude(pk=row.pk).update(outcome=outcome, version=F("version") + 1)


def _reached(row: Contact, words: str, wrap: str) -> None:
    row.callback_done_at = clock.now()
    row.answer = "\n".join(part for part in (row.answer, words) if part)
    row.wrap_up = wrap or row.wrap_up or "CONSULTATION"
    if row.outcome in (ContactOutcome.CALLBACK, ContactOutcome.OPEN):
        row.outcome = ContactOutcome.ANSWERED


def _not_reached(row: Contact) -> None:
    if row.callback_attempts < MAX_ATTEMPTS:
        row.callback_due_at = clock.now() + NEXT_ATTEMPT
        return
    row.callback_done_at = clock.now()
    row.wrap_up = row.wrap_up or "UNREACHED"
    if row.outcome in (ContactOutcome.CALLBACK, ContactOutcome.OPEN):
        row.outcome = ContactOutcome.ABANDONED


def rate_contact(number: str, code: str, grade: int, text: str = "") -> None:
    """Rate a contact once, 1–5, by its number and query code, without a log-in. Voluntary; nobody is asked who.

    Raises NoSuchContact for a wrong pair, NotYetRatable, AlreadyRated, Invalid.
    """
    if grade not in range(1, 6):
        raise Invalid({"grade": _("请选择 1 到 5 分。")})
    words = writing.text(text, "text", most=1000)
    with transaction.atomic():
        row = Contact.objects.select_for_update().filter(number="".join(number.split()).upper()).first()
        if row is None or not is_code_of(row, code):
            raise NoSuchContact
        if row.outcome not in RATABLE:
            raise NotYetRatable
        if row.ended_at is None or clock.now() - row.ended_at > RATABLE_FOR:
            raise RatingOver
        changed = Contact.objects.filter(pk=row.pk, grade__isnull=True).update(
            grade=grade, rating_text=words, rated_at=clock.now(), version=row.version + 1
        )
        if not changed:
            raise AlreadyRated
        writing.log(VISITOR, row, events.RATED, {"grade": grade, "text": words})


def is_code_of(row: Contact, code: str) -> bool:
    """Whether this is the contact's query code, compared in constant time."""
    wanted = crypto.unseal(row.query_code, context=sealing.CODE)
    return hmac.compare_digest(wanted.encode(), "".join(code.split()).upper().encode())
