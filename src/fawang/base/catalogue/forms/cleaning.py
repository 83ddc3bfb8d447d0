"""All answers of a form: cleaned by its questions before they are stored, sealed where a question says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue.forms.cleaners import clean_one, is_empty
from fawang.base.catalogue.forms.flow import NOBODY, Facts, Flow
from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.catalogue.schema.questions import MOST_ROWS
from fawang.kernel import crypto
from fawang.kernel.errors import Invalid

SEAL_CONTEXT = "workorders.answer"
Answers = dict[str, Any]
Problems = dict[str, str | Promise]


def clean(
    questions: Iterable[Question], answers: Mapping[str, Any], *, partial: bool = False, facts: Facts = NOBODY
) -> Answers:
    """The answers in stored form: normalised, checked, computed, sealed where the question says so.

    `partial` accepts missing required answers (a draft). Unknown names are refused; answers to questions that are not
    shown are left out. Raises Invalid with one sentence a field; in a row of a group the field is `heirs.0.name`.
    Answers already sealed by an earlier call pass through.
    """
    return _clean(list(questions), answers, partial, facts)


def readable(questions: Iterable[Question], answers: Mapping[str, Any], *, facts: Facts = NOBODY) -> Answers:
    """What can be read of a half-filled form, opened: refused answers are left out, nothing is raised.

    For showing which questions come next; what is stored goes through `clean`.
    """
    questions = list(questions)
    problems: Problems = {}
    flow = Flow(questions, facts)
    for question in questions:
        raw = flow.computed(question) if question.compute else answers.get(question.id)
        if flow.shows(question) and not is_empty(raw):
            value = _one(question, raw, True, facts, problems)
            if value is not None:
                flow.take(question, value)
    return flow.answers


def _clean(questions: Sequence[Question], answers: Mapping[str, Any], partial: bool, facts: Facts) -> Answers:
    known = {question.id for question in questions}
    problems: Problems = {str(name)[:60]: _("没有这个问题，请刷新页面再填。") for name in answers if name not in known}
    flow, stored = Flow(questions, facts), Answers()
    for question in questions:
        if not flow.shows(question):
            continue
        raw = flow.computed(question) if question.compute else answers.get(question.id)
        if question.type == QuestionType.GROUP and isinstance(raw, list):
            # rows in which nothing was written are no rows
            raw = [row for row in raw if not (isinstance(row, Mapping) and all(is_empty(v) for v in row.values()))]
        if is_empty(raw):
            if not partial and not question.compute and flow.needs(question):
                problems[question.id] = _("请填写这一项。")
            continue
        value = _one(question, raw, partial, facts, problems)
        if value is None:
            continue
        flow.take(question, value)
        stored[question.id] = raw if is_sealed(raw) else seal(value) if question.is_sealed else value
    _check_all(questions, flow, problems)
    if problems:
        raise Invalid(problems)
    return stored


def _one(question: Question, raw: Any, partial: bool, facts: Facts, problems: Problems) -> Any:
    """The cleaned value, opened; None when it was refused (the sentence is in `problems`)."""
    try:
        if is_sealed(raw):
            return open_sealed(raw)
        if question.type == QuestionType.GROUP:
            return _rows(question, raw, partial, facts, problems)
        return clean_one(question, raw)
    except ValueError as error:
        problems[question.id] = str(error)
        return None


def _rows(question: Question, raw: Any, partial: bool, facts: Facts, problems: Problems) -> list[Answers] | None:
    if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
        raise ValueError(_("请逐行填写。"))
    most = min(question.maximum or MOST_ROWS, MOST_ROWS)
    if len(raw) > most:
        raise ValueError(_("最多 %(most)s 行。") % {"most": most})
    if not partial and len(raw) < (question.minimum or 0):
        raise ValueError(_("至少 %(least)s 行。") % {"least": question.minimum})
    rows, wrong = [], False
    for position, row in enumerate(raw):
        try:
            cleaned = _clean(question.questions, row, partial, facts)
            rows.append({name: open_sealed(v) if is_sealed(v) else v for name, v in cleaned.items()})
        except Invalid as refused:
            wrong = True
            problems.update({f"{question.id}.{position}.{name}": words for name, words in refused.fields.items()})
    return None if wrong else rows


def _check_all(questions: Sequence[Question], flow: Flow, problems: Problems) -> None:
    for question in questions:
        if question.checks and question.id in flow.answers and question.id not in problems:
            failed = flow.failed(question)
            if failed is not None:
                problems[question.id] = failed.say(get_language() or "zh-hans")


def is_sealed(value: Any) -> bool:
    """Whether a stored answer is sealed."""
    return isinstance(value, dict) and set(value) == {"sealed"}


def seal(value: Any) -> dict[str, str]:
    """An answer as it is stored when nobody may read it in the tables."""
    return {"sealed": crypto.seal(json.dumps(value, ensure_ascii=False), context=SEAL_CONTEXT)}


def open_sealed(value: Mapping[str, Any]) -> Any:
    """A sealed answer again. Raises ValueError with a sentence."""
    try:
        return json.loads(crypto.unseal(str(value["sealed"]), context=SEAL_CONTEXT))
    except crypto.CannotOpen:
        raise ValueError(_("这一项读不出来，请重新填写。")) from None


def opened(answers: Mapping[str, Any]) -> Answers:
    """Stored answers with the sealed ones opened: only for rules and for whoever may see them."""
    return {name: open_sealed(value) if is_sealed(value) else value for name, value in answers.items()}
