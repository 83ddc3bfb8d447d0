"""The way through a form: which questions are asked, which are required, what is computed, given the answers so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fawang.base.catalogue import expressions
from fawang.base.catalogue.schema import Check, Question
from fawang.kernel import clock


@dataclass(frozen=True)
class Facts:
    """What rules know besides the answers. `today` is the clock's unless a worked example says otherwise."""

    applicant_kind: str = "PERSON"
    on_behalf: bool = False
    today: date | None = None


NOBODY = Facts()


class Flow:
    """One walk through the questions, in order: ask whether each is shown, then give it its answer."""

    def __init__(self, questions: Sequence[Question], facts: Facts = NOBODY) -> None:
        self._scope = expressions.scope(expressions.shape_of(questions))
        self._ambient = expressions.ambient(
            today=facts.today or clock.today(), applicant_kind=facts.applicant_kind, on_behalf=facts.on_behalf
        )
        self.answers: dict[str, Any] = {}

    def value(self, text: str) -> Any:
        """The value of an expression with the answers so far; None while it is open."""
        return self._scope.value(text, self._scope.values(self.answers, self._ambient))

    def is_true(self, text: str) -> bool:
        """Whether an expression is true; one that is open is not."""
        return self.value(text) is True

    def shows(self, question: Question) -> bool:
        """Whether the question belongs to the form now (asked or computed)."""
        return not question.show or self.is_true(question.show)

    def needs(self, question: Question) -> bool:
        """Whether it must be answered."""
        return question.required or (bool(question.require) and self.is_true(question.require))

    def computed(self, question: Question) -> Any:
        """The value of a computed question; None while it is open."""
        return expressions.from_cel(question.type, self.value(question.compute))

    def failed(self, question: Question) -> Check | None:
        """The first check that the answer fails; None when all are true or open."""
        return next((check for check in question.checks if self.value(check.rule) is False), None)

    def take(self, question: Question, value: Any) -> None:
        """The answer of a question that is shown."""
        self.answers[question.id] = value


def decisive(questions: Iterable[Question]) -> list[str]:
    """The questions whose answers decide what else is asked, needed or computed: a page asks again after them."""
    questions = list(questions)
    texts = [text for q in questions for text in (q.show, q.require, q.compute) if text]
    named = set().union(*(expressions.names_in(text) for text in texts)) if texts else set()
    return [question.id for question in questions if question.id in named]


def walked(questions: Iterable[Question], answers: Mapping[str, Any], facts: Facts = NOBODY) -> Flow:
    """A flow that took all answers of questions that are shown, computed ones included."""
    return _walk(list(questions), answers, facts)[0]


def asked(questions: Iterable[Question], answers: Mapping[str, Any], facts: Facts = NOBODY) -> list[Question]:
    """The questions that are asked given these opened answers, in order; computed ones are not asked."""
    return [question for question in shown(questions, answers, facts) if not question.compute]


def shown(questions: Iterable[Question], answers: Mapping[str, Any], facts: Facts = NOBODY) -> list[Question]:
    """The questions that belong to the form, computed ones too: what a person checks before sending."""
    return _walk(list(questions), answers, facts)[1]


def _walk(questions: list[Question], answers: Mapping[str, Any], facts: Facts) -> tuple[Flow, list[Question]]:
    if not any(question.show or question.compute for question in questions):
        plain = Flow(questions, facts)
        plain.answers = {q.id: answers[q.id] for q in questions if answers.get(q.id) is not None}
        return plain, questions
    flow, kept = Flow(questions, facts), []
    for question in questions:
        if not flow.shows(question):
            continue
        kept.append(question)
        value = flow.computed(question) if question.compute else answers.get(question.id)
        if value is not None:
            flow.take(question, value)
    return flow, kept
