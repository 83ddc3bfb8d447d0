"""Verbs of intake: take a demand in and give it its first dispatch, in one transaction."""

from __future__ import annotations

from dataclasses import asdict, replace

from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity import services as identity
from fawang.base.identity.values import PartyData, PartyKind
from fawang.base.workorders import services as orders
from fawang.base.workorders.values import Filing, Outcome
from fawang.kernel import clock, replies
from fawang.kernel.errors import Invalid
from fawang.kernel.policy import Actor
from fawang.middle.dispatch import services as dispatch
from fawang.middle.intake import events, sealing, writing
from fawang.middle.intake.models import Contact, ContactOrder
from fawang.middle.intake.own import own_answers
from fawang.middle.intake.seeing import hides_words, locked
from fawang.middle.intake.values import ContactOutcome


def file_demand(actor: Actor, *, filing: Filing, key: str | None = None) -> Outcome:
    """File a demand and dispatch it if a rule may decide. Raises like `workorders.services.file`."""
    return orders.file(actor=actor, filing=filing, key=key, plan=dispatch.plan)


def submit_draft(actor: Actor, *, draft: str, version: int | None = None, key: str | None = None) -> Outcome:
    """Send a draft and dispatch it if a rule may decide. Raises like `workorders.services.submit_draft`."""
    return orders.submit_draft(actor=actor, draft=draft, version=version, key=key, plan=dispatch.plan)


def make_order(
    actor: Actor,
    *,
    contact: str,
    filing: Filing,
    applicant: PartyData | None = None,
    wrap_up: str = "HELP",
    key: str | None = None,
) -> Outcome:
    """Make an order of a contact: record the person, file, dispatch and link, in one transaction.

    `applicant` says who the person is (an empty telephone is the caller's own number); without one the contact's
    party is taken, or `filing.applicant_id`. Channel, registrar, words, domain and urgency come from the contact where
    `filing` leaves them empty. With a `key` a double click files once. A contact may make several orders, and may make
    one long after it was answered. `extra` has the query code. Raises NoSuchContact, Invalid, and like
    `workorders.services.file`.
    """
    wrap = writing.code(wrap_up, "wrap_up", "wrap_up", required=True)

    def work() -> str:
        row = locked(actor, contact, "intake.take_contacts")
        full = _filled(actor, row, filing, applicant)
        outcome = orders.file_now(actor, full, dispatch.plan)
        ContactOrder.objects.create(contact=row, order_number=outcome.number, at=clock.now())
        row.party_id = row.party_id or full.applicant_id
        row.outcome, row.wrap_up = ContactOutcome.ORDER_MADE, row.wrap_up or wrap
        row.agent_id = row.agent_id or actor.account_id
        row.ended_at = row.ended_at or clock.now()
        if applicant is not None:
            row.caller_name = row.caller_name or applicant.name
        writing.save(row)
        writing.log(actor, row, events.ORDER_MADE, {"order": outcome.number, "service": filing.service_code})
        return outcome.to_json()

    request = {
        "contact": contact, "filing": asdict(filing), "applicant": asdict(applicant) if applicant else None,
    }  # fmt: skip
    return Outcome.from_json(replies.services.once(actor=actor, key=key, request=request, work=work))


def _filled(actor: Actor, row: Contact, filing: Filing, applicant: PartyData | None) -> Filing:
    """The filing with what the contact knows."""
    party_id, kind = filing.applicant_id or row.party_id, filing.applicant_kind
    if applicant is not None:
        if not applicant.name.strip():
            raise Invalid({"name": _("请问清来电人怎么称呼，并填写。")})
        phone = applicant.phone.strip() or sealing.open_phone(row.phone_sealed)
        applicant = replace(applicant, phone=phone)
        party_id = identity.take_party(actor, applicant).id
        kind = PartyKind(applicant.kind).value
        questions = catalogue.item(filing.service_code, must_be_open=True).item.questions
        # what the caller said of themselves is not asked again as a question of the service
        filing = replace(filing, answers={**own_answers(questions, applicant), **filing.answers})
    return replace(
        filing,
        applicant_id=party_id,
        applicant_kind=kind,
        channel=row.channel,
        is_registered=True,
        source=row.number,
        description=filing.description or ("" if hides_words(actor, row) else sealing.open_words(row.words)),
        domain=filing.domain or row.domain,
        urgency=filing.urgency or row.urgency,
    )
