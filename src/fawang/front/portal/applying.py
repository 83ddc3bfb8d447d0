"""An application step by step: begin a draft, ask one question a page, keep each answer, send it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fawang.base.catalogue import assessment, forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question, QuestionType, ServiceItem
from fawang.base.catalogue.values import Published
from fawang.base.documents import services as documents
from fawang.base.documents.errors import FileRefused
from fawang.base.documents.values import DocumentValue
from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as workorders
from fawang.base.workorders.errors import KindNotServed
from fawang.base.workorders.values import Earlier, Filing, OrderView, Outcome
from fawang.front.frame import questions, terminal
from fawang.front.portal.notice import CHANNELS
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.policy import Actor
from fawang.middle.intake import selectors as intake_selectors
from fawang.middle.intake import services as intake

# what may be offered again from earlier orders: about people and their usual counterparts, never about a matter
_REUSED = frozenset({"applicant", "org", "agent", "employer", "family", "company", "vehicle", "property"})
REUSE = "portal.reuse_answers"
REUSE_VERSION = "2026-11"
REUSE_TEXT = gettext_lazy("可以用我以前申请里填过的内容预先填好，由我逐项核对；随时可以不同意。")


@dataclass(frozen=True)
class Known:
    """A value that is known already, in raw form, and where from: one's own details, or an earlier order."""

    value: Any
    earlier: Earlier | None


@dataclass(frozen=True)
class QuestionStep:
    """One question with what is known; `number` of `count`, and the ids before and after it."""

    view: OrderView
    question: Question
    value: Any
    known: Known | None
    number: int
    count: int
    previous: str
    following: str


@dataclass(frozen=True)
class Paper:
    """A paper that is needed: the question that takes its file, what the service says of it, the file's token."""

    question: Question
    need: assessment.Need | None
    file: str | None


@dataclass(frozen=True)
class Answered:
    """A question with its answer, as the check page shows it."""

    question: Question
    value: Any
    is_missing: bool


@dataclass(frozen=True)
class Origin:
    """Where an application came from: its channel (§3.1), what the order remembers of the place, and the place."""

    channel: str
    source: str
    division: str


def origin_of(request: HttpRequest) -> Origin:
    """A kiosk, a scanned code at a village board, or a browser: 02 inside a WeChat mini program, 04 inside WeChat."""
    agent = request.headers.get("User-Agent", "")
    channel = "02" if "miniProgram" in agent else "04" if "MicroMessenger" in agent else "01"
    source, division = terminal.origin_of(request)
    if (kiosk := terminal.terminal_of(request)) is not None:
        return Origin(terminal.CHANNEL, source or kiosk.source, division or kiosk.division)
    return Origin(channel, source or "portal", division)


def published_of(view: OrderView) -> Published:
    """The version of the item that the order was begun with."""
    return catalogue.version(view.item_version_id)


def kind_of(actor: Actor) -> str:
    """Of which kind the party acting is. Raises NotFound where nobody is."""
    if actor.party_id is None:
        raise NotFound
    return str(identity.party(actor, actor.party_id).kind)


def begin(
    actor: Actor, *, item: ServiceItem, origin: Origin, key: str, told: Mapping[str, Any] | None = None
) -> Outcome:
    """Begin a draft for the party acting or represented, with what was `told` before (raw answers that fit). Raises
    KindNotServed, ItemClosed, MustBeOneself."""
    if actor.party_id is None:
        raise NotFound
    kind = kind_of(actor)
    if kind not in item.applicant_kinds:
        raise KindNotServed
    place = {item.area_from: origin.division} if item.area_from and origin.division else {}
    answers = {**place, **(told or {})}
    filing = Filing(
        service_code=item.code, answers=answers, area="",
        channel=origin.channel, applicant_id=actor.party_id, applicant_kind=kind, applicant_level=actor.level,
        source=origin.source,
    )  # fmt: skip
    return workorders.start_draft(actor=actor, filing=filing, key=key)


def facts_of(view: OrderView) -> forms.Facts:
    """What rules know besides the answers."""
    return forms.Facts(applicant_kind=view.applicant_kind, on_behalf=view.on_behalf)


def asked(view: OrderView) -> list[Question]:
    """The questions that are asked one a page, given the answers so far; papers have a page of their own."""
    found = forms.asked(published_of(view).item.questions, view.answers, facts_of(view))
    return [question for question in found if not question.material]


def papers(view: OrderView) -> list[Paper]:
    """The papers that are needed now, each with its file; of a bundle those of its services."""
    item = published_of(view).item
    needed = {need.material.id: need for need in assessment.needs(item, assessed(view))}
    asked_for = forms.asked(item.questions, view.answers, facts_of(view))
    return [Paper(q, needed.get(q.material), view.answers.get(q.id)) for q in asked_for if q.material]


def assessed(view: OrderView) -> assessment.Assessment:
    """What the rules of the service say of the answers so far."""
    return assessment.assess(published_of(view).item, view.answers, facts_of(view))


def opened(actor: Actor, draft: str) -> tuple[OrderView, bool]:
    """The draft as it is opened, and whether it moved to a newer form just now. Raises NoSuchOrder."""
    view = orders.get(actor, draft)
    if view.state != "DRAFT" or catalogue.moves_to(view.item_version_id) is None:
        return view, False
    has_moved = workorders.bring_forward(actor=actor, draft=draft) is not None
    return orders.get(actor, draft), has_moved


def step(actor: Actor, draft: str, name: str) -> QuestionStep:
    """The page of one question. Raises NoSuchOrder, NotFound when the question is not asked (any more)."""
    view = orders.get(actor, draft)
    steps = asked(view)
    at = next((n for n, question in enumerate(steps) if question.id == name), None)
    if at is None:
        raise NotFound
    question = steps[at]
    value = view.answers.get(name)
    known = _known(actor, question) if value is None else None
    return QuestionStep(
        view=view, question=question, value=known.value if known else value, known=known, number=at + 1,
        count=len(steps),
        previous=steps[at - 1].id if at else "", following=steps[at + 1].id if at + 1 < len(steps) else "",
    )  # fmt: skip


def _known(actor: Actor, question: Question) -> Known | None:
    """What the applicant's own details, or with consent an earlier order, answer to the question."""
    own = intake_selectors.own_answers([question], identities.own_values(actor)) if question.meaning else {}
    if question.id in own:
        return Known(own[question.id], None)
    if question.meaning.partition(".")[0] not in _REUSED or not reuses(actor):
        return None
    earlier = orders.earlier_answers(actor, frozenset({question.meaning})).get(question.meaning)
    return Known(earlier.value, earlier) if earlier is not None and earlier.type == question.type else None


def reuses(actor: Actor) -> bool:
    """Whether the party has agreed that earlier answers are offered again."""
    return actor.party_id is not None and identity.has_consented(actor.party_id, REUSE, REUSE_VERSION)


def set_reuse(actor: Actor, *, is_wanted: bool, channel: str) -> None:
    """Give or withdraw the consent to offering earlier answers again; separate from the one to the notice."""
    if actor.party_id is None or is_wanted == reuses(actor):
        return
    if is_wanted:
        identities.give_consent(
            actor, party_id=actor.party_id, purpose=REUSE, version=REUSE_VERSION, text=str(REUSE_TEXT),
            channel=CHANNELS.get(channel, "WEB"),
        )  # fmt: skip
    else:
        identities.withdraw_consent(actor, party_id=actor.party_id, purpose=REUSE)


def keep(
    actor: Actor, here: QuestionStep, raw: Any, upload: UploadedFile[bytes] | None = None,  # noqa: ANN401
) -> DocumentValue | None:  # fmt: skip
    """Keep the answer to one question; the file that was handed in with it. Raises Invalid with the sentence of the
    field; nothing is kept then. An answer left as it was offered from an earlier order is marked as taken over."""
    question, kept = here.question, None
    if upload is not None:
        try:
            kept = documents.store(actor, upload, order_ref=here.view.draft)
        except FileRefused as refused:
            raise Invalid({question.id: refused.text}) from None
        raw = kept.token
    if raw in (None, "", []) and _is_needed(here.view, question):
        raise Invalid({question.id: _("请填写这一项。")})
    data: dict[str, Any] = {"answers": {question.id: raw}}
    if here.known is not None and here.known.earlier is not None:
        data["reused"] = [question.id]
    workorders.perform(actor=actor, order=here.view.draft, action="fill", data=data)
    return kept


def _is_needed(view: OrderView, question: Question) -> bool:
    return forms.walked(published_of(view).item.questions, view.answers, facts_of(view)).needs(question)


def hand_in(
    actor: Actor, view: OrderView, uploads: MultiValueDict[str, UploadedFile[bytes]], removed: str = ""
) -> list[DocumentValue]:
    """Keep the files of papers, or take one away; the files that were handed in. Raises Invalid with a sentence at
    each that was refused."""
    files: list[DocumentValue] = []
    kept: dict[str, str | None] = {removed: None} if removed in {paper.question.id for paper in papers(view)} else {}
    wrong: dict[str, str | Promise] = {}
    for paper in papers(view):
        upload = questions.uploaded(paper.question, uploads)
        if upload is not None:
            try:
                files.append(documents.store(actor, upload, order_ref=view.draft))
            except FileRefused as refused:
                wrong[paper.question.id] = refused.text
            else:
                kept[paper.question.id] = files[-1].token
    if kept:
        workorders.perform(actor=actor, order=view.draft, action="fill", data={"answers": kept})
    if wrong:
        raise Invalid(wrong)
    return files


def following(actor: Actor, here: QuestionStep) -> str:
    """The id of the next question after keeping; empty when the answers can be checked."""
    steps = [question.id for question in asked(orders.get(actor, here.view.draft))]
    at = steps.index(here.question.id) + 1
    return steps[at] if at < len(steps) else ""


def resume_at(view: OrderView) -> str:
    """The first question that has to be answered; empty when all are."""
    return next((row.question.id for row in answered(view) if row.is_missing), "")


def answered(view: OrderView) -> list[Answered]:
    """All questions with their answers, computed ones too, for checking."""
    declared = published_of(view).item.questions
    flow = forms.walked(declared, view.answers, facts_of(view))
    rows = []
    for question in forms.shown(declared, view.answers, facts_of(view)):
        if not question.material:
            value = flow.answers.get(question.id)
            is_missing = not question.compute and value in (None, "", []) and flow.needs(question)
            rows.append(Answered(question, value, is_missing))
    return rows


def send(actor: Actor, *, draft: str, version: int | None, key: str) -> Outcome:
    """Send the draft and put its files to the order. Raises like `intake.services.submit_draft`."""
    outcome = intake.submit_draft(actor, draft=draft, version=version, key=key)
    view = orders.get(actor, outcome.number)
    for token in files_of(view):
        documents.attach(actor, token, outcome.number)
    return outcome


def ends_in_a_visit(actor: Actor, outcome: Outcome) -> bool:
    """Whether the service is in person only, so that a time at a window is booked next."""
    return published_of(orders.get(actor, outcome.number)).item.ends_in == "booking"


def files_of(view: OrderView) -> list[str]:
    """The tokens of the files among the answers."""
    of_files = {question.id for question in published_of(view).item.questions if question.type == QuestionType.FILE}
    return [str(value) for name, value in view.answers.items() if name in of_files and isinstance(value, str)]


def problems(view: OrderView, fields: dict[str, str | Promise]) -> list[tuple[str, str]]:
    """(question id, sentence) of what still has to be put right, for the check page."""
    known = {question.id: question for question in asked(view)}
    return [(name if name in known else "", str(sentence)) for name, sentence in fields.items()]
