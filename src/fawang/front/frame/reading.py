"""What was read from a photo, as a page asks whether it is right: nothing of it is used before somebody says yes.

A door calls `documents.services.read_fields`, shows `frame/read_fields.html` with `proposed(…)`, and takes
`confirmed(…)` from what comes back – the values as the person left them, by the code of their meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from fawang.base.documents.values import ReadField
from fawang.front.frame import questions
from fawang.front.frame.questions import Shown

CONFIRM, DECLINE = "read_confirmed", "read_declined"
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


def proposed(fields: Sequence[ReadField], values: dict[str, Any] | None = None) -> list[Shown]:
    """The fields for `frame/read_fields.html`; `values` has what was typed already, by field."""
    return [_shown(field, (values or {}).get(field.field, field.value)) for field in fields]


def _shown(field: ReadField, value: Any) -> Shown:  # noqa: ANN401 - any JSON value
    question = _question(field)
    hint = _("这一项看不太清，请对照证件核对。") if field.confidence < DOUBTFUL_BELOW else ""
    choices = [("female", _("女")), ("male", _("男"))] if field.kind == "choice" else []
    return questions.plain(
        question.id, field.label, question.type, value, hint=hint, required=False, choices=choices,
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
