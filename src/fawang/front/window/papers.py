"""Papers read at the window: what a photographed card or licence says is put into the form only when the clerk, with
the person beside, has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.documents import selectors, services
from fawang.base.documents.errors import FileRefused, NoSuchDocument
from fawang.base.documents.values import DocumentValue, ReadField
from fawang.front.frame import files, questions, reading
from fawang.front.frame.doors import actor_of
from fawang.front.window.person import COLUMNS, Person
from fawang.kernel.errors import Invalid
from fawang.middle.intake import selectors as intake

# the button that reads a file names its question; the card in the person's column has no question
CARD, READ, OF = "card", "read", "read_of"


@dataclass(frozen=True)
class Reading:
    """What was read of which file, for the panel with its picture."""

    fields: list[ReadField]
    token: str

    @property
    def context(self) -> dict[str, Any]:
        """What `frame/read_fields.html` shows."""
        return {
            "proposed": reading.proposed(self.fields), "packed": reading.packed(self.fields, self.token),
            "picture": reverse("frame:file-page", args=[self.token, 1]), "read_of": self.token,
        }  # fmt: skip


def keep(request: HttpRequest, name: str, upload: UploadedFile[bytes]) -> DocumentValue:
    """Keep a file of the form; says so when it was handed in before. Raises Invalid at its question."""
    try:
        kept = services.store(actor_of(request), upload)
    except FileRefused as refused:
        raise Invalid({name: refused.text}) from None
    if repeated := files.repeat_words(kept):
        messages.info(request, repeated)
    return kept


def stored(request: HttpRequest, asked: list[Question]) -> dict[str, str]:
    """Newly chosen files of the form, kept; by question. Raises Invalid."""
    found = {}
    for question in asked:
        upload = questions.uploaded(question, request.FILES) if question.type is QuestionType.FILE else None
        if upload is not None:
            found[question.id] = keep(request, question.id, upload).token
    return found


def card(request: HttpRequest) -> str:
    """The token of the card in the person's column: handed in now, or kept before. Raises Invalid."""
    upload = request.FILES.get(CARD)
    return keep(request, CARD, upload).token if upload is not None else request.POST.get(f"{CARD}__kept", "")


def read(request: HttpRequest, asked: list[Question], token: str) -> Reading | None:
    """What the file says that the form or the person's column asks for; None, with a word, where it says nothing."""
    actor = actor_of(request)
    try:
        is_readable = bool(token) and reading.may_read(selectors.get(actor, token))
    except NoSuchDocument:
        is_readable = False
    fields = reading.read_for(actor, token, asked) if is_readable else []
    if not fields:
        messages.info(request, _("没有从照片里读出能填进这张表的内容，请自己填写。"))
        return None
    return Reading(fields, token)


def confirmed(
    request: HttpRequest, asked: list[Question], person: Person, answers: dict[str, Any]
) -> tuple[Person, dict[str, Any]]:
    """Person and answers with what was confirmed among them; as they were without a yes."""
    fields = reading.unpacked(request.POST.get(reading.READ, ""), request.POST.get(OF, ""))
    given = reading.answers_of(reading.confirmed(fields, request.POST), asked)
    columns = {q.id: COLUMNS[detail] for q in asked if (detail := intake.detail_of(q, person.kind)) in COLUMNS}
    told = {
        columns[name]: value["number"] if isinstance(value, dict) else value
        for name, value in given.items()
        if name in columns
    }
    person = replace(
        person, name=str(told.get("person_name", person.name)), phone=str(told.get("person_phone", person.phone)),
        id_no=str(told.get("person_id", person.id_no)), uscc=str(told.get("person_uscc", person.uscc)),
    )  # fmt: skip
    return person, {**answers, **{name: value for name, value in given.items() if name not in columns}}
