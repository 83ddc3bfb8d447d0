"""Doing an action to an order from a page: read its form, perform it once, and say what went wrong.

Every door with pages about orders uses it: the form's questions come from the order's process, the page sends the
version it was made from and a key of its own, and nothing that was typed is lost when the order moved on meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.documents import selectors as documents_selectors
from fawang.base.documents import services as documents
from fawang.base.documents.errors import FileRefused
from fawang.base.documents.values import DocumentValue
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
    is_joined = question.id in JOINED and question.type is QuestionType.CHOICES
    return value.split(",") if is_joined and isinstance(value, str) else value


def version_of(post: QueryDict) -> int | None:
    """The version of the order that the page showed."""
    text = post.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def keep_files(request: HttpRequest, number: str, form: Sequence[Question], values: dict[str, Any]) -> None:
    """Keep newly chosen files with the order and put their tokens into `values`. Raises Invalid."""
    for question in form:
        upload = questions.uploaded(question, request.FILES) if question.type is QuestionType.FILE else None
        if upload is not None:
            try:
                kept = documents.store(actor_of(request), upload, order_ref=number)
            except FileRefused as refused:
                raise Invalid({question.id: refused.text}) from None
            values[question.id] = kept.token
            if repeated := repeat_words(kept):
                messages.info(request, repeated)


def repeat_words(document: DocumentValue) -> str:
    """What to say when the same file was handed in before; empty when it was not."""
    return _("这个文件以前已经上传过，没有重复保存。") if document.is_repeat else ""


def attempt(
    request: HttpRequest, number: str, action: str, values: dict[str, Any], form: Sequence[Question] = ()
) -> Attempt:
    """Perform the action, keeping new files of its form first; refusals come back as an Attempt with what was typed.

    Raises NoSuchOrder.
    """
    try:
        keep_files(request, number, form, values)
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


def file_response(request: HttpRequest, token: str) -> FileResponse:
    """A kept file to save; that somebody else than its owner opened it is written down. Raises NoSuchDocument."""
    opened = documents_selectors.open(actor_of(request), token)
    response = FileResponse(opened.content)
    # after the response has guessed its own
    for name, value in opened.value.headers.items():
        response.headers[name] = value
    return response
