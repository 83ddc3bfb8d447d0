"""What a photographed paper says, shown beside its picture for the person to confirm: nothing is filled in silently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language

from fawang.base.catalogue import forms
from fawang.base.catalogue.schema import Question
from fawang.base.documents.values import ReadField
from fawang.base.workorders import services as workorders
from fawang.base.workorders.values import OrderView
from fawang.front.frame import answers, reading
from fawang.front.portal import applying
from fawang.kernel.errors import Invalid
from fawang.kernel.policy import Actor


def questions_of(view: OrderView) -> list[Question]:
    """The questions of the form that are asked now."""
    item = applying.published_of(view).item
    return forms.asked(item.questions, view.answers, applying.facts_of(view))


def read(actor: Actor, view: OrderView, token: str, about: str) -> list[ReadField]:
    """What the file says that the form asks for and that is not answered so already. Raises NoSuchDocument."""
    asked = questions_of(view)
    found = reading.read_for(actor, token, asked, about or _likely(asked))
    return [field for field in found if _said(view, field, asked) != field.value]


def _likely(asked: list[Question]) -> str:
    """Whom a paper is probably about: whoever is first among those that the form asks about."""
    return next((about for about, _words in reading.whose(asked)), "applicant")


def _said(view: OrderView, field: ReadField, asked: list[Question]) -> str:
    question = reading.by_meaning(asked).get(field.meaning)
    value = view.answers.get(question.id) if question is not None else None
    return str(value.get("number", "") if isinstance(value, dict) else value or "")


def present(view: OrderView, fields: Sequence[ReadField]) -> dict[str, str]:
    """What is answered now to the questions that the fields would fill, in words, by field."""
    asked = reading.by_meaning(questions_of(view))
    language = get_language() or ""
    return {
        field.field: str(answers.show(asked[field.meaning], view.answers[asked[field.meaning].id], language=language))
        for field in fields
        if field.meaning in asked and view.answers.get(asked[field.meaning].id) not in (None, "", [])
    }


def confirm(actor: Actor, view: OrderView, token: str, fields: Sequence[ReadField], post: QueryDict) -> int:
    """Write what the person confirmed into the draft; how many answers. Raises Invalid with the sentences by field."""
    asked = questions_of(view)
    given = reading.answers_of(reading.confirmed(fields, post), asked)
    if not given:
        return 0
    try:
        workorders.perform(
            actor=actor, order=view.draft, action="fill", data={"answers": given, "read_from": token}
        )  # fmt: skip
    except Invalid as wrong:
        raise Invalid(_by_field(wrong.fields, fields, asked)) from None
    return len(given)


def _by_field(wrong: dict[str, str | Promise], fields: Sequence[ReadField], asked: list[Question]) -> dict[str, Any]:
    ids = {asked_.id: meaning for meaning, asked_ in reading.by_meaning(asked).items()}
    names = {field.meaning: field.field for field in fields}
    return {names.get(ids.get(name, ""), name): words for name, words in wrong.items()}
