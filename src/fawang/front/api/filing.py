"""From a body to a filed demand: who it is for, the filing, and the one transaction that does everything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.errors import NoSuchItem
from fawang.base.catalogue.values import Published
from fawang.base.identity import selectors as identities
from fawang.base.identity import services as identity
from fawang.base.identity.values import PartyData
from fawang.base.workorders import services as orders
from fawang.base.workorders.values import Filing, Outcome
from fawang.front.api import external
from fawang.front.api.schemas.incoming import Applicant, ContactDemand, Demand, Draft, Matter
from fawang.kernel import replies
from fawang.kernel.errors import Invalid
from fawang.kernel.events.services import canonical
from fawang.kernel.policy import Actor, Scope, require
from fawang.middle.dispatch import services as dispatch
from fawang.middle.intake import selectors as intake_selectors
from fawang.middle.intake import services as intake

FOR_OTHERS = frozenset({Scope.UNIT, Scope.AREA, Scope.ALL})
# where a demand comes from when its sender does not say (channel table §3.1)
CHANNEL_OF_ROLE = {
    "PARTNER_12345": "12", "PARTNER_COURT": "51", "PARTNER_PROCURATORATE": "52", "PARTNER_POLICE": "53",
    "PARTNER_PETITION": "54", "PARTNER_GRID": "55", "PARTNER_LABOUR": "56", "RECEPTIONIST": "21", "CITIZEN": "01",
    "ORG_USER": "01", "ORG_AGENT": "01", "PROXY": "01",
}  # fmt: skip
# fields of the body itself; every other name in a refusal is a question of the service
OWN_FIELDS = frozenset(
    {"title", "description", "source", "channel", "sensitive_flags", "language", "people_count", "service_code", "key"}
)
SHARED_FIELDS = frozenset({"area", "domain", "urgency"})
APPLICANT_FIELDS = frozenset(Applicant.model_fields)


def party_data(applicant: Applicant) -> PartyData:
    """What the identity room takes."""
    return PartyData(
        kind=applicant.kind, name=applicant.name, id_type=applicant.id_type, id_no=applicant.id_no,
        uscc=applicant.uscc, phone=applicant.phone, email=applicant.email, nationality=applicant.nationality,
        division_code=applicant.division_code, address=applicant.address,
        special_groups=tuple(applicant.special_groups),
    )  # fmt: skip


def _take(actor: Actor, applicant: Applicant) -> tuple[int | None, str]:
    """(party, kind) of somebody else; nobody is recorded for an anonymous demand without a name or number."""
    if applicant.kind == "ANONYMOUS" and not (applicant.name or applicant.phone):
        return None, applicant.kind
    try:
        return identity.take_party(actor, party_data(applicant)).id, applicant.kind
    except Invalid as wrong:
        raise Invalid({f"applicant.{name}": sentence for name, sentence in wrong.fields.items()}) from None


def _applicant(actor: Actor, given: str | Applicant) -> tuple[int | None, str, bool]:
    """(party, kind, whether it is registered for another). Raises Invalid when the two do not fit."""
    files_for_others = bool(require(actor, "workorders.file") & FOR_OTHERS)
    if isinstance(given, Applicant):
        if not files_for_others:
            raise Invalid({"applicant": _("登录后只能为自己(或所代理的人)提交,请填 me。")})
        return *_take(actor, given), True
    if actor.party_id is None:
        raise Invalid({"applicant": _("请填写申请人的姓名、证件或电话;me 只能在本人登录后使用。")})
    return actor.party_id, str(identities.party(actor, actor.party_id).kind), False


def _channel(actor: Actor, given: str) -> str:
    if given:
        return given
    return next((code for role, code in CHANNEL_OF_ROLE.items() if role in actor.roles), "")


def _filing(actor: Actor, body: Matter, party_id: int | None, kind: str, *, is_registered: bool) -> Filing:
    return Filing(
        service_code=body.service_code, answers=body.answers, area=body.area, channel=_channel(actor, body.channel),
        applicant_id=party_id, applicant_kind=kind, applicant_level=actor.level, is_registered=is_registered,
        source=body.source, title=body.title, description=body.description, domain=body.domain,
        urgency=body.urgency, people_count=body.people_count, sensitive_flags=tuple(body.sensitive_flags),
        language=body.language,
    )  # fmt: skip


def _with_own(filing: Filing, published: Published, given: str | Applicant) -> Filing:
    """What the body says of the applicant answers questions about the applicant: nothing is sent twice."""
    if not isinstance(given, Applicant):
        return filing
    own = intake_selectors.own_answers(published.item.questions, party_data(given))
    return replace(filing, answers={**own, **filing.answers})


def named(wrong: Invalid, body: Matter | Draft) -> Invalid:
    """The same refusal with fields named as in the body: `answers.story`, `applicant.phone`."""
    fields = {}
    for name, sentence in wrong.fields.items():
        fields[_place_of(name, body)] = sentence
    return Invalid(dict(fields), wrong._message)


def _place_of(name: str, body: Matter | Draft) -> str:
    if name in SHARED_FIELDS:
        # what the body says itself is checked before the answers are looked at
        return name if getattr(body, name, "") else f"answers.{name}"
    if name in body.answers:
        return f"answers.{name}"
    if name in OWN_FIELDS or name.startswith("applicant"):
        return name
    return f"applicant.{name}" if isinstance(body, ContactDemand) and name in APPLICANT_FIELDS else f"answers.{name}"


def receipt(outcome: Outcome) -> str:
    """The answer to a filing: the same bytes whenever it is asked for again."""
    return canonical(
        {
            "number": outcome.number, "draft": outcome.draft, "query_code": outcome.extra.get("query_code", ""),
            "state": outcome.state, "inner": outcome.inner, "version": outcome.version, "due_at": outcome.due_at,
        }
    )  # fmt: skip


def file(actor: Actor, body: Demand, key: str) -> str:
    """Record the applicant, file, dispatch where a rule may decide, keep the partner's names: all or nothing.

    Returns the answer's text, which a repeated key gets again byte for byte. Raises KeyReused for another body.
    """

    def work() -> str:
        party_id, kind, is_registered = _applicant(actor, body.applicant)
        published = catalogue.item(body.service_code, must_be_open=True)
        filing = _filing(actor, body, party_id, kind, is_registered=is_registered)
        outcome = orders.file_now(
            actor, _with_own(filing, published, body.applicant), dispatch.plan, published=published
        )
        external.keep(actor, outcome.number, body.external_refs)
        return receipt(outcome)

    try:
        return replies.services.once(actor=actor, key=key, request=_request("orders", body), work=work)
    except Invalid as wrong:
        raise named(wrong, body) from None
    except NoSuchItem as gone:
        raise Invalid({"service_code": gone.text}) from None


def _request(operation: str, body: Matter | Draft) -> dict[str, Any]:
    return {"operation": operation, "body": body.model_dump(mode="json")}


def start(actor: Actor, body: Draft, key: str) -> Outcome:
    """Begin a draft. Raises like `file`."""
    try:
        party_id, kind, is_registered = _applicant(actor, body.applicant)
        filing = Filing(
            service_code=body.service_code, answers=body.answers, area="", channel=_channel(actor, body.channel),
            applicant_id=party_id, applicant_kind=kind, applicant_level=actor.level, is_registered=is_registered,
            source=body.source,
        )  # fmt: skip
        return orders.start_draft(actor=actor, filing=filing, key=key)
    except Invalid as wrong:
        raise named(wrong, body) from None
    except NoSuchItem as gone:
        raise Invalid({"service_code": gone.text}) from None


def of_contact(actor: Actor, contact: str, body: ContactDemand, key: str) -> str:
    """Make an order of a contact. Raises like `intake.services.make_order`."""
    applicant = party_data(body.applicant) if isinstance(body.applicant, Applicant) else None
    filing = _filing(actor, body, None, "PERSON", is_registered=True)
    try:
        outcome = intake.make_order(
            actor, contact=contact, filing=filing, applicant=applicant, wrap_up=body.wrap_up, key=key
        )
    except Invalid as wrong:
        raise named(wrong, body) from None
    return receipt(outcome)


def submit(actor: Actor, draft: str, version: int | None, key: str) -> str:
    """Send a draft; the receipt. Raises like `intake.services.submit_draft`."""
    return receipt(intake.submit_draft(actor, draft=draft, version=version, key=key))
