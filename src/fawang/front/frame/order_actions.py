"""Doing an action to an order from a page: read its form, perform it once, and say what went wrong.

Every door with pages about orders uses it: the form's questions come from the order's process, the page sends the
version it was made from and a key of its own, and nothing that was typed is lost when the order moved on meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from fawang.base.catalogue.schema import Question
from fawang.base.workorders import services
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.values import Outcome
from fawang.front.frame import questions
from fawang.front.frame.doors import actor_of
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, Invalid

CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Attempt:
    """What became of it: `outcome`, or the typed `values` with `errors` by field and/or a `sentence`."""

    outcome: Outcome | None = None
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str | Promise] = field(default_factory=dict)
    sentence: str = ""
    status: int = 200
    key: str = field(default_factory=ids.token)


def read(form: Sequence[Question], post: QueryDict) -> dict[str, Any]:
    """The raw answers to an action's form; several chosen things of one text are joined with commas."""
    values = {}
    for question in form:
        value = questions.read(question, post)
        if value not in (None, []):
            values[question.id] = ",".join(value) if question.id in JOINED and isinstance(value, list) else value
    return values


# texts of the process that a page offers as a list of boxes
JOINED = frozenset({"units", "co_units"})


def shown(question: Question, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A stored value as the widget wants it back: the inverse of `read`."""
    return value.split(",") if question.id in JOINED and isinstance(value, str) and question.type == "choices" else value


def version_of(post: QueryDict) -> int | None:
    """The version of the order that the page showed."""
    text = post.get("version", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def attempt(request: HttpRequest, number: str, action: str, values: dict[str, Any]) -> Attempt:
    """Perform the action; refusals come back as an Attempt with what was typed. Raises NoSuchOrder."""
    try:
        outcome = services.perform(
            actor=actor_of(request), order=number, action=action, data=values, version=version_of(request.POST),
            key=request.POST.get("key") or None,
        )  # fmt: skip
    except NoSuchOrder:
        raise
    except Invalid as wrong:
        sentence = "" if wrong.fields else wrong.text
        return Attempt(values=values, errors=wrong.fields, sentence=sentence, status=wrong.status)
    except FawangError as refusal:
        return Attempt(values=values, sentence=refusal.text, status=refusal.status)
    return Attempt(outcome=outcome)
