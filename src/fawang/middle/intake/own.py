"""What a person's own details answer: nobody types twice what a door, a call or a register already knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.identity.values import PartyData

# the meaning of a question → the detail of a person, or of an organisation, that answers it
_OF_PEOPLE = {
    "applicant.name": "name", "applicant.phone": "phone", "applicant.email": "email", "applicant.id_number": "id_no",
}  # fmt: skip
_OF_ORGANISATIONS = {"org.name": "name", "org.uscc": "uscc", "applicant.phone": "phone", "applicant.email": "email"}


def detail_of(question: Question, kind: str) -> str:
    """The attribute of the party's details that answers the question; empty when none does."""
    return (_OF_PEOPLE if kind == "PERSON" else _OF_ORGANISATIONS).get(question.meaning, "")


def own_answers(questions: Iterable[Question], data: PartyData) -> dict[str, Any]:
    """Raw answers that the party's own details give, by question."""
    found: dict[str, Any] = {}
    for question in questions:
        name = detail_of(question, str(data.kind))
        value = getattr(data, name) if name else ""
        if value and question.type == QuestionType.ID_NUMBER:
            found[question.id] = {"type": str(data.id_type or "ID_CARD"), "number": value}
        elif value and not question.compute:
            found[question.id] = value
    return found
