"""Questions about files. Each takes the actor; a file out of reach is like one that is not there."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q

from fawang.base.documents import reach
from fawang.base.documents.errors import NoSuchDocument
from fawang.base.documents.models import Document
from fawang.base.documents.values import DocumentValue, OpenDocument
from fawang.kernel import policy
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor

_TRIES = 5


def value(row: Document) -> DocumentValue:
    """The row as other rooms get it."""
    return DocumentValue(
        row.token, row.name, row.media_type, row.size, row.sha256, row.order_ref, row.owner_id, row.uploaded_by, row.at
    )


def is_own(actor: Actor, row: Document) -> bool:
    """Whether the actor handed it in: a person for their party; staff only until it belongs to an order."""
    if actor.is_system:
        return True
    if actor.party_id is not None and actor.member_id is None and row.owner_id == actor.party_id:
        return True
    return row.uploaded_by == actor.ref and (row.owner_id is None) == (actor.member_id is not None)


def _may_open(actor: Actor, row: Document) -> bool:
    if is_own(actor, row) and (actor.member_id is None or not row.order_ref):
        return True
    return reach.reaches_file(actor, row.order_ref, row.token)


def _find(actor: Actor, token: str) -> Document:
    policy.require(actor, "documents.open")
    row = Document.objects.filter(token=token).first()
    if row is None or not _may_open(actor, row):
        raise NoSuchDocument
    return row


def get(actor: Actor, token: str) -> DocumentValue:
    """What is known of a file. Raises NoSuchDocument."""
    return value(_find(actor, token))


def named(actor: Actor, tokens: Iterable[str]) -> dict[str, DocumentValue]:
    """Those of the files that the actor may open, by token, in one statement and one question an order."""
    policy.require(actor, "documents.open")
    rows = Document.objects.filter(token__in=set(tokens))
    return {row.token: value(row) for row in rows if _may_open(actor, row)}


def of_order(actor: Actor, order_ref: str) -> list[DocumentValue]:
    """The files of an order that the actor sees, those it took over too, oldest first. Raises NoSuchDocument."""
    policy.require(actor, "documents.open")
    if not (actor.is_system or reach.reaches(actor, order_ref)):
        raise NoSuchDocument
    its = Q(order_ref=order_ref)
    for ref, token in reach.taken_over(order_ref):
        its |= Q(order_ref=ref, token=token)
    return [value(row) for row in Document.objects.filter(its).order_by("pk")]


def _write_down(actor: Actor, row: Document) -> None:
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                append(actor=actor, stream=f"document:{row.pk}", facts=[Fact("documents.opened.v1")])
            return
        except IntegrityError:
            # two readers at once took the same place in the stream: the second moves up
            if not left:
                raise


def open(actor: Actor, token: str) -> OpenDocument:
    """The file to serve. When somebody else than its owner opens it, that is written down. Raises NoSuchDocument."""
    row = _find(actor, token)
    try:
        content = default_storage.open(row.path, "rb")
    except FileNotFoundError:
        raise NoSuchDocument from None
    if not is_own(actor, row):
        _write_down(actor, row)
    return OpenDocument(value(row), content)
