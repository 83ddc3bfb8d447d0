"""An application step by step: begin a draft, ask one question a page, keep each answer, send it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question, QuestionType, ServiceItem
from fawang.base.catalogue.values import Published
from fawang.base.documents import services as documents
from fawang.base.documents.errors import FileRefused
from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.identity.values import PartyData
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as workorders
from fawang.base.workorders.errors import KindNotServed
from fawang.base.workorders.values import Filing, OrderView, Outcome
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.policy import Actor
from fawang.middle.intake import services as intake

# questions about the applicant, by id, that their own details answer
_OWN = {
    "name": "name", "applicant_name": "name", "my_name": "name", "phone": "phone", "applicant_phone": "phone",
    "my_phone": "phone", "contact_phone": "phone", "email": "email", "applicant_email": "email", "id_no": "id_no",
    "id_number": "id_no", "applicant_id_no": "id_no", "uscc": "uscc", "area": "division_code",
    "residence": "division_code", "address": "address",
}  # fmt: skip


@dataclass(frozen=True)
class QuestionStep:
    """One question with what is known; `number` of `count`, and the ids before and after it."""

    view: OrderView
    question: Question
    value: Any
    is_prefilled: bool
    number: int
    count: int
    previous: str
    following: str


@dataclass(frozen=True)
class Answered:
    """A question with its answer, as the check page shows it."""

    question: Question
    value: Any
    is_missing: bool


def channel_of(user_agent: str) -> str:
    """The channel code (§3.1): 02 inside a WeChat mini program, 04 inside WeChat, else 01."""
    if "miniProgram" in user_agent:
        return "02"
    return "04" if "MicroMessenger" in user_agent else "01"


def published_of(view: OrderView) -> Published:
    """The version of the item that the order was begun with. Raises NotFound."""
    for published in catalogue.versions(view.service_code):
        if published.item.version == view.item_version:
            return published
    raise NotFound


def begin(actor: Actor, *, item: ServiceItem, channel: str, key: str) -> Outcome:
    """Begin a draft for the party acting or represented. Raises KindNotServed, ItemClosed."""
    if actor.party_id is None:
        raise NotFound
    kind = str(identity.party(actor, actor.party_id).kind)
    if kind not in item.applicant_kinds:
        raise KindNotServed
    filing = Filing(
        service_code=item.code, answers={}, area="", channel=channel, applicant_id=actor.party_id,
        applicant_kind=kind, applicant_level=actor.level, source="portal",
    )  # fmt: skip
    return workorders.start_draft(actor=actor, filing=filing, key=key)


def asked(view: OrderView) -> list[Question]:
    """The questions that are asked, given the answers so far."""
    return forms.asked(published_of(view).item.questions, view.answers)


def step(actor: Actor, draft: str, name: str) -> QuestionStep:
    """The page of one question. Raises NoSuchOrder, NotFound when the question is not asked (any more)."""
    view = orders.get(actor, draft)
    questions = asked(view)
    at = next((n for n, question in enumerate(questions) if question.id == name), None)
    if at is None:
        raise NotFound
    question = questions[at]
    value, is_prefilled = view.answers.get(name), False
    if value is None:
        value = _known(actor, question)
        is_prefilled = value is not None
    return QuestionStep(
        view=view, question=question, value=value, is_prefilled=is_prefilled, number=at + 1, count=len(questions),
        previous=questions[at - 1].id if at else "", following=questions[at + 1].id if at + 1 < len(questions) else "",
    )  # fmt: skip


def _known(actor: Actor, question: Question) -> Any:  # noqa: ANN401 - any JSON value
    """What the applicant's own details answer to the question, in raw form; None where they do not."""
    column = _OWN.get(question.id)
    if column is None:
        return None
    own: PartyData = identities.own_values(actor)
    value = getattr(own, column, "") or None
    if value is not None and question.type == QuestionType.ID_NUMBER:
        return {"type": str(own.id_type or "ID_CARD"), "number": value}
    return value


def keep(actor: Actor, here: QuestionStep, raw: Any, upload: UploadedFile[bytes] | None = None) -> None:  # noqa: ANN401
    """Keep the answer to one question. Raises Invalid with the sentence of the field; nothing is kept then."""
    question = here.question
    if upload is not None:
        try:
            raw = documents.store(actor, upload, order_ref=here.view.draft).token
        except FileRefused as refused:
            raise Invalid({question.id: refused.text}) from None
    if question.required and raw in (None, "", []):
        raise Invalid({question.id: _("请填写这一项。")})
    workorders.perform(actor=actor, order=here.view.draft, action="fill", data={"answers": {question.id: raw}})


def following(actor: Actor, here: QuestionStep) -> str:
    """The id of the next question after keeping; empty when the answers can be checked."""
    questions = [question.id for question in asked(orders.get(actor, here.view.draft))]
    at = questions.index(here.question.id) + 1
    return questions[at] if at < len(questions) else ""


def resume_at(view: OrderView) -> str:
    """The first question that has to be answered; empty when all are."""
    answers = view.answers
    return next((q.id for q in asked(view) if q.required and answers.get(q.id) in (None, "", [])), "")


def answered(view: OrderView) -> list[Answered]:
    """All questions with their answers, for checking."""
    rows = []
    for question in asked(view):
        value = view.answers.get(question.id)
        rows.append(Answered(question, value, question.required and value in (None, "", [])))
    return rows


def send(actor: Actor, *, draft: str, version: int | None, key: str) -> Outcome:
    """Send the draft and put its files to the order. Raises like `intake.services.submit_draft`."""
    outcome = intake.submit_draft(actor, draft=draft, version=version, key=key)
    view = orders.get(actor, outcome.number)
    for token in files_of(view):
        documents.attach(actor, token, outcome.number)
    return outcome


def files_of(view: OrderView) -> list[str]:
    """The tokens of the files among the answers."""
    questions = {question.id for question in published_of(view).item.questions if question.type == QuestionType.FILE}
    return [str(value) for name, value in view.answers.items() if name in questions and isinstance(value, str)]


def problems(view: OrderView, fields: dict[str, str | Promise]) -> list[tuple[str, str]]:
    """(question id, sentence) of what still has to be put right, for the check page."""
    known = {question.id: question for question in asked(view)}
    return [(name if name in known else "", str(sentence)) for name, sentence in fields.items()]
