"""What was read from a photo, as a page asks whether it is right: nothing of it is used before somebody says yes.

A door calls `documents.services.read_fields`, shows `frame/read_fields.html` with `proposed(…)`, and takes
`confirmed(…)` from what comes back – the values as the person left them, by the code of their meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.documents import selectors as documents
from fawang.base.documents import services
from fawang.base.documents.errors import CannotRead, Damaged, NoPicture
from fawang.base.documents.values import DocumentValue, ReadField
from fawang.front.frame import questions
from fawang.front.frame.questions import Shown
from fawang.kernel import crypto
from fawang.kernel.policy import Actor

CONFIRM, DECLINE = "read_confirmed", "read_declined"
# the hidden field with what was read, sealed: the photo is not read again when the answer comes
READ = "read_fields"
_SEAL = "frame.read_fields"
# whom a paper may be about, as `documents.services.read_fields` takes it, with the beginning of the meanings
ABOUT: dict[str, tuple[str | Promise, str]] = {
    "applicant": (gettext_lazy("申请人本人或本单位"), "applicant."),
    "other": (gettext_lazy("对方"), "other."),
    "employer": (gettext_lazy("用人单位"), "employer."),
    "company": (gettext_lazy("所说的公司"), "company."),
    "deceased": (gettext_lazy("去世的人"), "deceased."),
    "family.spouse": (gettext_lazy("配偶"), "family.spouse"),
}
_PREFIX = "read__"
# below this a field asks to be looked at
DOUBTFUL_BELOW = 85
_KINDS = {"name": "name", "choice": "choice", "date": "date", "uscc": "uscc", "long_text": "long_text"}


@dataclass(frozen=True)
class _Question:
    """What `questions.read` needs to know of a field."""

    id: str
    type: str


def _question(field: ReadField) -> _Question:
    return _Question(_PREFIX + field.field, _KINDS.get(field.kind, "text"))


def may_read(document: DocumentValue) -> bool:
    """Whether it is worth offering to read a file: there is a reader, and it is a picture or a paper of one page."""
    return document.has_preview and document.preview_pages == 1 and documents.can_read()


def read_for(actor: Actor, token: str, questions_: Iterable[Question], about: str = "applicant") -> list[ReadField]:
    """What a photo says that answers one of the questions; nothing where it cannot be read. Raises NoSuchDocument."""
    try:
        found = services.read_fields(actor, token, about=about if about in ABOUT else "applicant")
    except (CannotRead, NoPicture, Damaged):
        return []
    asked = by_meaning(questions_)
    return [field for field in found if field.meaning in asked]


def by_meaning(questions_: Iterable[Question]) -> dict[str, Question]:
    """The first question of each meaning that one line of a paper can answer."""
    found: dict[str, Question] = {}
    for question in questions_:
        if question.meaning and question.type not in _NOT_BY_A_LINE and not question.compute:
            found.setdefault(question.meaning, question)
    return found


_NOT_BY_A_LINE = frozenset({QuestionType.GROUP, QuestionType.FILE, QuestionType.ADDRESS, QuestionType.SIGNATURE})


def whose(questions_: Iterable[Question]) -> list[tuple[str, str | Promise]]:
    """Whom a paper may be about, as far as the questions ask about them."""
    asked = by_meaning(questions_)
    return [
        (about, words)
        for about, (words, prefix) in ABOUT.items()
        if any(meaning.startswith(prefix) or (about == "applicant" and meaning.startswith("org.")) for meaning in asked)
    ]


def packed(fields: Sequence[ReadField], token: str) -> str:
    """What was read of the file, for the hidden field."""
    rows = [{**asdict(field), "label": str(field.label)} for field in fields]
    return crypto.seal(json.dumps([token, rows], ensure_ascii=False), context=_SEAL)


def unpacked(text: str, token: str) -> list[ReadField]:
    """What `packed` wrote for this file; nothing where it is of another one, or not ours."""
    try:
        of, rows = json.loads(crypto.unseal(text, context=_SEAL))
    except crypto.CannotOpen:
        return []
    return [ReadField(**row) for row in rows] if of == token else []


def answers_of(given: dict[str, Any], questions_: Iterable[Question]) -> dict[str, Any]:
    """Confirmed values as raw answers by question."""
    asked = by_meaning(questions_)
    return {asked[meaning].id: value for meaning, value in given.items() if meaning in asked}


def proposed(
    fields: Sequence[ReadField], values: dict[str, Any] | None = None, errors: dict[str, str | Promise] | None = None,
    present: dict[str, str] | None = None,
) -> list[Shown]:  # fmt: skip
    """The fields for `frame/read_fields.html`; by field: `values` has what was typed already, `errors` why it was
    refused, `present` what is answered now and would be replaced."""
    return [
        _shown(
            field, (values or {}).get(field.field, field.value), (errors or {}).get(field.field, ""),
            (present or {}).get(field.field, ""),
        )
        for field in fields
    ]  # fmt: skip


def typed(fields: Sequence[ReadField], post: QueryDict) -> dict[str, Any]:
    """What stands in the fields now, by field, for showing them again."""
    return {field.field: questions.read(_question(field), post) or "" for field in fields}


def _shown(field: ReadField, value: Any, error: str | Promise, present: str) -> Shown:  # noqa: ANN401 - any JSON value
    question = _question(field)
    hints = [_("这一项看不太清，请对照证件核对。")] if field.confidence < DOUBTFUL_BELOW else []
    hints += [_("现在填的是“%(present)s”，确认后会换成上面的。") % {"present": present}] if present else []
    hint = " ".join(hints)
    choices = [("female", _("女")), ("male", _("男"))] if field.kind == "choice" else []
    return questions.plain(
        question.id, field.label, question.type, value, hint=hint, error=error, required=False, choices=choices,
        sensitive=field.kind == "id_number", autocomplete="off", max_length=200,
    )  # fmt: skip


def confirmed(fields: Sequence[ReadField], post: QueryDict) -> dict[str, Any]:
    """What the person confirmed, as raw answers by meaning (by `field` where it has none); empty without a yes."""
    if CONFIRM not in post or DECLINE in post:
        return {}
    given: dict[str, Any] = {}
    for field in fields:
        value = questions.read(_question(field), post)
        if value in (None, ""):
            continue
        if field.kind == "id_number":
            value = {"type": "ID_CARD", "number": value}
        given[field.meaning or field.field] = value
    return given
