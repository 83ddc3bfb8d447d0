"""Questions about contacts and calls. Each takes the actor and returns only what that actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question
from fawang.base.catalogue.values import Published
from fawang.base.identity import selectors as identity
from fawang.base.identity.values import PartyCard, PartyData, mask_phone
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import OrderRow
from fawang.kernel import clock, crypto, ids, policy
from fawang.kernel.policy import Actor
from fawang.middle.intake import danger, own, sealing, seeing
from fawang.middle.intake.errors import NoSuchContact
from fawang.middle.intake.models import Call, Contact, Seat
from fawang.middle.intake.services.callbacks import RATABLE, is_code_of
from fawang.middle.intake.values import (
    CallerHistory,
    CallState,
    CallView,
    ContactOutcome,
    ContactPage,
    ContactRow,
    ContactView,
    Danger,
    PublicContact,
    Ringing,
    SeatState,
    SeatView,
)

PAGE = 30
COUNT_TO = 1_000
# what rings longer than this was never told to have ended
RINGS_AT_MOST = timedelta(minutes=5)
MOST_RINGING = 5
MOST_PEOPLE = 5
MOST_ORDERS = 10


def contact(actor: Actor, number: str) -> ContactView:
    """One contact. Raises NoSuchContact when it is not there or not the actor's to see: they look the same."""
    return seeing.view(actor, _one(actor, number))


def _one(actor: Actor, number: str) -> Contact:
    found = seeing.visible(actor).filter(number="".join(number.split()).upper()).first()
    if found is None:
        raise NoSuchContact
    return found


def query_code(actor: Actor, number: str) -> str:
    """The contact's query code, to be read to the caller by whoever took it. Raises NoSuchContact."""
    policy.require(actor, "intake.take_contacts")
    return crypto.unseal(_one(actor, number).query_code, context=sealing.CODE)


def by_code(number: str, code: str) -> PublicContact:
    """A contact for whoever has its number and query code. Raises NoSuchContact for a wrong pair."""
    found = Contact.objects.filter(number="".join(number.split()).upper()).first()
    if found is None or not is_code_of(found, code):
        raise NoSuchContact
    return PublicContact(
        number=found.number,
        outcome=found.outcome,
        outcome_label=str(ContactOutcome(found.outcome).label),
        answer=found.answer,
        started_at=found.started_at,
        grade=found.grade,
        may_rate=found.grade is None and found.outcome in RATABLE,
    )


# --- calls -------------------------------------------------------------------------------------------------------
def seat(actor: Actor) -> SeatView:
    """Where the actor sits; signed out where nothing was said."""
    if actor.account_id is None or actor.unit_id is None:
        return SeatView("", SeatState.OFFLINE.value, None)
    found = Seat.objects.filter(account_id=actor.account_id, unit_id=actor.unit_id).first()
    return SeatView(found.code, found.state, found.since) if found else SeatView("", SeatState.OFFLINE.value, None)


def ringing(actor: Actor) -> list[CallView]:
    """The calls that ring for the actor now, the longest waiting first: those of the actor's seat, those of no seat,
    and those of a seat that nobody sits at (a mistyped extension loses no call). None while the actor's own seat is
    not ready. Three statements at most."""
    policy.require(actor, "intake.take_contacts")
    if actor.unit_id is None or not seat(actor).is_ready:
        return []
    since = clock.now() - RINGS_AT_MOST
    calls = Call.objects.filter(unit_id=actor.unit_id, state=CallState.RINGING, ring_at__gte=since, agent=None)
    found = list(calls.order_by(F("ring_at").asc(nulls_last=True), "pk")[: 4 * MOST_RINGING])
    if not found:
        return []
    seats = dict(
        Seat.objects.filter(unit_id=actor.unit_id, code__in=[c.seat for c in found]).values_list("code", "account_id")
    )
    mine = [c for c in found if not c.seat or seats.get(c.seat) in (None, actor.account_id)]
    return [seeing.call_view(c) for c in mine[:MOST_RINGING]]


def ringing_callers(actor: Actor) -> list[Ringing]:
    """The ringing calls with what is known of each caller."""
    shown = ringing(actor)
    numbers = dict(Call.objects.filter(token__in=[c.token for c in shown]).values_list("token", "caller_sealed"))
    return [Ringing(call, history(actor, sealing.open_phone(numbers.get(call.token, "")))) for call in shown]


def call_of(actor: Actor, number: str) -> CallView | None:
    """The latest call of a contact."""
    found = Call.objects.filter(contact=_one(actor, number)).select_related("contact").order_by("-pk").first()
    return seeing.call_view(found) if found else None


# --- the caller --------------------------------------------------------------------------------------------------
def caller_history(actor: Actor, number: str, *, extra_party: int | None = None) -> CallerHistory:
    """Who the caller of a contact may be and what came before, without the contact itself."""
    found = _one(actor, number)
    phone = sealing.open_phone(found.phone_sealed)
    return history(actor, phone, party_id=extra_party or found.party_id, without=found.pk)


def history(actor: Actor, phone: str, *, party_id: int | None = None, without: int = 0) -> CallerHistory:
    """What is known of a number: people (masked), their orders, earlier contacts – each as far as the actor may see
    it. A caller known only by number is recognised by the contacts of that number."""
    number = sealing.clean_phone(phone)
    may_find = bool(policy.scopes(actor, "identity.find_parties"))
    cards = tuple(identity.parties_by_phone(actor, number)) if number and may_find else ()
    people = [card.id for card in cards][:MOST_PEOPLE]
    if party_id is not None and party_id not in people:
        people.insert(0, party_id)
        cards = (*_card(actor, party_id), *cards)
    same = Q(phone_index__in=sealing.indexes(number)) if number else Q(pk__in=[])
    earlier = seeing.visible(actor).filter(same | Q(party_id__in=people)).exclude(pk=without)
    return CallerHistory(
        phone_masked=mask_phone(number),
        cards=cards,
        orders=_orders(actor, people),
        contacts=seeing.rows(actor, list(earlier.order_by("-pk")[:MOST_ORDERS])),
    )


def _card(actor: Actor, party_id: int) -> tuple[PartyCard, ...]:
    return tuple(identity.party_cards(actor, [party_id]).values())


def _orders(actor: Actor, people: list[int]) -> tuple[OrderRow, ...]:
    found: list[OrderRow] = []
    for party_id in people:
        found.extend(row for row in orders.of_party(actor, party_id, size=MOST_ORDERS).rows if row.number)
    found.sort(key=lambda row: (not row.is_open, -int(row.key)))
    return tuple(found[:MOST_ORDERS])


# --- lists -------------------------------------------------------------------------------------------------------
def contacts(
    actor: Actor,
    *,
    mine: bool = False,
    outcome: str = "",
    wrap_up: str = "",
    domain: str = "",
    text: str = "",
    begin: datetime | None = None,
    end: datetime | None = None,
    before: str = "",
    size: int = PAGE,
) -> ContactPage:
    """A page of contacts, newest first. `text` is a contact's or order's number, a telephone number, or a name."""
    found = seeing.visible(actor)
    if mine:
        found = found.filter(agent_id=actor.account_id) if actor.account_id else found.none()
    for column, value in (("outcome", outcome), ("wrap_up", wrap_up)):
        if value:
            found = found.filter(**{column: value})
    if domain:
        found = found.filter(domain__startswith=domain)
    if begin:
        found = found.filter(started_at__gte=begin)
    if end:
        found = found.filter(started_at__lt=end)
    if text.strip():
        found = found.filter(_named(text))
    if (row := ids.row_number(before)) is not None:
        found = found.filter(pk__lt=row)
    rows = list(found.order_by("-pk")[: size + 1])
    shown = seeing.rows(actor, rows[:size])
    return ContactPage(shown, shown[-1].key if len(rows) > size else "", bool(before))


def _named(text: str) -> Q:
    plain = "".join(text.replace("\x00", "").split())
    upper = plain.upper()
    if upper.startswith("CT"):
        return Q(number=upper)
    if upper.startswith("PLS"):
        return Q(orders__order_number=upper)
    number = sealing.clean_phone(plain)
    if number:
        return Q(phone_index__in=sealing.indexes(number))
    return Q(caller_name=" ".join(text.replace("\x00", "").split()))


def open_contacts(actor: Actor) -> tuple[ContactRow, ...]:
    """The actor's own conversations that are not ended, oldest first: nothing is left half done."""
    found = seeing.visible(actor).filter(agent_id=actor.account_id, ended_at__isnull=True)
    return seeing.rows(actor, list(found.order_by("pk")[:20])) if actor.account_id else ()


def _to_call_back(actor: Actor) -> QuerySet[Contact]:
    scope = seeing.within(actor, "intake.call_back")
    return Contact.objects.filter(scope, callback_due_at__isnull=False, callback_done_at__isnull=True)


def callback_list(actor: Actor, *, after: str = "", size: int = PAGE) -> ContactPage:
    """Who is to be called back, the earliest promise first."""
    found = _to_call_back(actor).order_by("callback_due_at", "pk")
    if (row := ids.row_number(after)) is not None:
        key = Contact.objects.filter(pk=row).values_list("callback_due_at", flat=True).first()
        if key is not None:
            found = found.filter(Q(callback_due_at__gt=key) | Q(callback_due_at=key, pk__gt=row))
    rows = list(found[: size + 1])
    shown = seeing.rows(actor, rows[:size])
    return ContactPage(shown, shown[-1].key if len(rows) > size else "", bool(after))


def callbacks_due(actor: Actor) -> int:
    """How many call-backs wait, counted to 1,000."""
    if not policy.scopes(actor, "intake.call_back"):
        return 0
    return _to_call_back(actor)[:COUNT_TO].count()


def summary(actor: Actor, *, begin: datetime | None = None, mine: bool = False) -> dict[str, int]:
    """How many contacts of each outcome since `begin` (the start of today in Shanghai by default)."""
    since = begin or clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    found = seeing.visible(actor).filter(started_at__gte=since)
    if mine:
        found = found.filter(agent_id=actor.account_id)
    counts = dict.fromkeys(ContactOutcome.values, 0)
    counts.update(dict(found.order_by().values_list("outcome").annotate(n=Count("pk"))))
    return counts


_ALWAYS = ("CONSULT_MESSAGE", "GENERAL_DEMAND")


# --- help while listening ----------------------------------------------------------------------------------------
def suggestions(text: str, *, limit: int = 3) -> list[Published]:
    """The services that fit the notes best; a message to a lawyer and the general one come last, so that there is
    always a way."""
    found = catalogue.search(text, limit=limit) if text.strip() else []
    known = {published.code for published in found}
    offered = {published.code: published for published in catalogue.items()}
    return [*found, *(offered[code] for code in _ALWAYS if code in offered and code not in known)]


def look_for_danger(text: str) -> Danger:
    """The urgency that the words suggest."""
    return danger.look(text)


def has_simulated_line() -> bool:
    """Whether this installation has the demonstration's line."""
    return bool(settings.FAWANG_IS_DEMONSTRATION)


def own_answers(questions: Iterable[Question], data: PartyData) -> dict[str, Any]:
    """Raw answers to questions about the applicant that the applicant's own details give."""
    return own.own_answers(questions, data)


def detail_of(question: Question, kind: str) -> str:
    """The detail of a party of this kind that answers the question; empty when none does."""
    return own.detail_of(question, kind)
