"""Applying with the person beside you: who they are, the usual questions on one page, then the receipt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fawang.base.catalogue import assessment, forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.catalogue.values import Published
from fawang.base.documents import selectors as documents_
from fawang.base.documents import services as documents
from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.identity.values import PartyData
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import Filing, Outcome
from fawang.front.frame import qr, questions, reading
from fawang.front.frame.answers import named
from fawang.front.frame.doors import actor_of, requires
from fawang.front.window import papers
from fawang.front.window.person import COLUMNS, Person, typed
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.policy import Actor
from fawang.middle.intake import selectors as intake_selectors
from fawang.middle.intake import services as intake

HALL = "21"
COUNTER_LEVEL = 3
KINDS = {"PERSON": gettext_lazy("个人"), "ORG": gettext_lazy("单位"), "AGENCY": gettext_lazy("国家机关")}


@requires("window.receive")
def services_page(request: HttpRequest) -> HttpResponse:
    """Which service: the few that fit the words typed first, then all."""
    text = request.GET.get("text", "").strip()
    open_ones = [p for p in catalogue.items(listed_only=False) if {"*", HALL} & set(p.item.channels)]
    found = catalogue.search(text) if text else []
    return render(request, "window/services.html", {"rows": open_ones, "found": found, "text": text})


@requires("window.receive")
def apply_page(request: HttpRequest, code: str) -> HttpResponse:
    """The person and all questions of the service on one page; sending files it and goes to the receipt."""
    actor, published = actor_of(request), catalogue.item(code, must_be_open=True)
    person = typed(request)
    if request.method != "POST":
        if person.kind not in published.item.applicant_kinds and set(KINDS) & set(published.item.applicant_kinds):
            person = replace(person, kind=next(kind for kind in KINDS if kind in published.item.applicant_kinds))
        return _form(request, published, person, {}, key=ids.token())
    answers = _answers(request, published, person)
    if questions.is_narrowing(request.POST) or "find" in request.POST:
        return _form(request, published, person, answers, key=request.POST.get("key", ""), cards=_cards(actor, person))
    if {papers.READ, reading.CONFIRM, reading.DECLINE} & set(request.POST):
        return _read(request, published, person, answers)
    try:
        outcome = _file(request, published, person, answers)
    except Invalid as wrong:
        return _form(
            request,
            published,
            person,
            answers,
            key=ids.token(),
            errors=wrong.fields,
            error="" if wrong.fields else wrong.text,
        )
    except FawangError as refusal:
        return _form(request, published, person, answers, key=ids.token(), error=refusal.text)
    return HttpResponseRedirect(reverse("window:receipt", args=[outcome.number]))


def _read(request: HttpRequest, published: Published, person: Person, answers: dict[str, Any]) -> HttpResponse:
    """What a paper says, to be confirmed; then the form with what was confirmed. Nothing is filed."""
    asked, key = published.item.questions, request.POST.get("key", "")
    try:
        answers = {**answers, **papers.stored(request, asked)}
        card = papers.card(request)
    except Invalid as wrong:
        return _form(request, published, person, answers, key=key, errors=wrong.fields)
    if papers.READ not in request.POST:
        person, answers = papers.confirmed(request, asked, person, answers)
        return _form(request, published, person, answers, key=key, card=card)
    wanted = request.POST[papers.READ]
    token = card if wanted == papers.CARD else str(answers.get(wanted) or "")
    return _form(request, published, person, answers, key=key, card=card, found=papers.read(request, asked, token))


def _answers(request: HttpRequest, published: Published, person: Person) -> dict[str, Any]:
    answers = {q.id: questions.read(q, request.POST) for q in published.item.questions if not q.compute}
    given = {name: value for name, value in answers.items() if value not in (None, "", [])}
    return {**intake_selectors.own_answers(published.item.questions, _data(person)), **given}


def _data(person: Person) -> PartyData:
    is_person = person.kind == "PERSON"
    return PartyData(
        name=person.name, phone=person.phone, kind=person.kind, id_no=person.id_no if is_person else "",
        uscc="" if is_person else person.uscc,
    )  # fmt: skip


def _cards(actor: Actor, person: Person) -> list[Any]:
    try:
        return list(identity.parties_by_phone(actor, person.phone)) if person.phone else []
    except Invalid:
        return []


def _party(actor: Actor, person: Person) -> int:
    """The person's party: the one that was picked, else found or recorded; verified where the document was seen."""
    if person.token:
        return identity.party_id_by_token(actor, person.token)
    wrong: dict[str, str | Promise] = {}
    if not person.name:
        wrong["person_name"] = _("请填写姓名。")
    if not person.phone and not person.id_no and not person.uscc:
        wrong["person_phone"] = _("请填写电话或证件号码，以便通知和查询。")
    if wrong:
        raise Invalid(wrong)
    try:
        return identities.take_party(actor, _data(person)).id
    except Invalid as refusal:
        raise Invalid({COLUMNS.get(name, name): words for name, words in refusal.fields.items()}) from None


def _level(actor: Actor, party_id: int, person: Person) -> int:
    if person.is_seen and person.name and person.id_no:
        return identities.confirm_at_counter(actor, party_id, person.name, person.id_no)
    return identity.party(actor, party_id).level


def _file(request: HttpRequest, published: Published, person: Person, answers: dict[str, Any]) -> Outcome:
    actor = actor_of(request)
    party_id = _party(actor, person)
    level = _level(actor, party_id, person)
    party = identity.party(actor, party_id)
    known = PartyData(name=party.name, kind=party.kind)
    own = intake_selectors.own_answers(published.item.questions, known)
    given = {**own, **answers, **papers.stored(request, published.item.questions)}
    card = papers.card(request)
    filing = Filing(
        service_code=published.code, answers=given, area="", channel=HALL, applicant_id=party_id,
        applicant_kind=str(party.kind), applicant_level=level, is_registered=True,
        source=f"unit:{actor.unit_id}", language=get_language() or "zh-hans",
    )  # fmt: skip
    if published.item.area_from is None:
        filing = replace(filing, area=organisations.institution(actor.unit_id or 0).division_code)
    outcome = intake.file_demand(actor, filing=filing, key=request.POST.get("key") or None)
    for question in _file_questions(published):
        if question.id in given:
            documents.attach(actor, str(given[question.id]), outcome.number)
    if card:
        documents.attach(actor, card, outcome.number)
    return outcome


def _file_questions(published: Published) -> list[Question]:
    return [question for question in published.item.questions if question.type is QuestionType.FILE]


def _form(
    request: HttpRequest, published: Published, person: Person, answers: dict[str, Any], *, key: str,
    errors: dict[str, Any] | None = None, error: str = "", cards: list[Any] | None = None, card: str = "",
    found: papers.Reading | None = None,
) -> HttpResponse:  # fmt: skip
    item, facts = published.item, forms.Facts(applicant_kind=person.kind)
    fields = {
        q.id: COLUMNS[name] for q in item.questions if (name := intake_selectors.detail_of(q, person.kind)) in COLUMNS
    }
    wrong = {fields.get(name, name): words for name, words in (errors or {}).items()}
    known = forms.readable(item.questions, answers, facts=facts)
    asked = [q for q in forms.asked(item.questions, known, facts) if q.id not in fields]
    says = assessment.assess(item, known, facts)
    context = {
        "published": published, "item": item, "person": person, "errors": wrong, "error": error, "key": key,
        "summary": named(wrong, item.questions, get_language() or ""),
        "rows": [(q, answers.get(q.id), wrong.get(q.id, "")) for q in asked if not q.material],
        "papers": [(q, answers.get(q.id), wrong.get(q.id, "")) for q in asked if q.material],
        "decides": " ".join(forms.decisive(item.questions)), "cards": cards, "found": says,
        "reasons": assessment.reasons(item, says), "needs": assessment.needs(item, says),
        "can_read": documents_.can_read(), "card": card or request.POST.get("card__kept", ""),
        **(found.context if found else {}),
        "kinds": [(kind, words) for kind, words in KINDS.items() if kind in item.applicant_kinds],
    }  # fmt: skip
    return render(request, "window/apply.html", context, status=422 if wrong or error else 200)


@requires("window.receive")
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt to print: number, query code, and a picture of the address where the state can be seen."""
    actor = actor_of(request)
    order, code = orders.get(actor, number), orders.query_code(actor, number)
    address = f"{settings.FAWANG_SITE_URL.rstrip('/')}/track/?number={order.number}"
    unit = organisations.institution(actor.unit_id or 0)
    context = {"order": order, "code": code, "address": address, "picture": qr.data_uri(address), "unit": unit}
    return render(request, "window/receipt.html", context)
