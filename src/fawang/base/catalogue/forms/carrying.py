"""Answers carried over to another version of a form: what still fits, and what has to be set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fawang.base.catalogue.forms.cleaning import Answers, clean, opened
from fawang.base.catalogue.forms.flow import NOBODY, Facts
from fawang.base.catalogue.schema import Question
from fawang.kernel.errors import Invalid


def carried(
    questions: Sequence[Question], stored: Mapping[str, Any], facts: Facts = NOBODY
) -> tuple[Answers, dict[str, Any]]:
    """(answers that the questions take, in stored form; those that are set aside, as they were stored).

    Set aside is what is no longer asked, and what is refused now. Nothing is lost and nothing is raised.
    """
    asked = {question.id for question in questions if not question.compute}
    left = {name: value for name, value in opened(stored).items() if name in asked}
    kept: Answers = {}
    while left:
        try:
            kept = clean(questions, left, partial=True, facts=facts)
            break
        except Invalid as wrong:
            # a refusal within a row of a group sets the whole group aside
            refused = {name.partition(".")[0] for name in wrong.fields} & set(left) or set(left)
            left = {name: value for name, value in left.items() if name not in refused}
    return kept, {name: value for name, value in stored.items() if name not in kept}
