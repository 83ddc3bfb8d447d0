"""Questions about files. Each takes the actor; a file out of reach is like one that is not there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from importlib.util import find_spec
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q

from fawang.base.documents import checking, reach, scanning
from fawang.base.documents.errors import Infected, NoPicture, NoSuchDocument
from fawang.base.documents.models import Document
from fawang.base.documents.values import DocumentValue, Equipment, OpenDocument, Preview, Scan
from fawang.kernel import clock, policy
from fawang.kernel.events import selectors as events
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor

_TRIES = 5
_PREVIEW_SIDE_PIXELS = 1_600
OPENED = "documents.opened.v1"
# one reading of a file with many pages is one opening
_SAME_READING = timedelta(minutes=10)


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def value(row: Document, *, is_repeat: bool = False) -> DocumentValue:
    """The row as other rooms get it."""
    return DocumentValue(
        token=row.token, name=row.name, media_type=row.media_type, size=row.size, sha256=row.sha256,
        order_ref=row.order_ref, owner_id=row.owner_id, uploaded_by=row.uploaded_by, at=row.at,
        original_sha256=row.original_sha256, pages=row.pages, scan=Scan(row.scan),
        removed=tuple(word for word in row.removed.split(",") if word), version=row.version,
        is_current=row.is_current, is_repeat=is_repeat,
    )  # fmt: skip


def is_own(actor: Actor, row: Document | DocumentValue) -> bool:
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


def find(actor: Actor, token: str) -> Document:
    """The row of a file that the actor may open, for this room. Raises NoSuchDocument."""
    policy.require(actor, "documents.open")
    row = Document.objects.filter(token=token).first()
    if row is None or not _may_open(actor, row):
        raise NoSuchDocument
    return row


def get(actor: Actor, token: str) -> DocumentValue:
    """What is known of a file. Raises NoSuchDocument."""
    return value(find(actor, token))


def named(actor: Actor, tokens: Iterable[str]) -> dict[str, DocumentValue]:
    """Those of the files that the actor may open, by token, in one statement and one question an order."""
    policy.require(actor, "documents.open")
    rows = Document.objects.filter(token__in=set(tokens))
    return {row.token: value(row) for row in rows if _may_open(actor, row)}


def handed_in(actor: Actor, tokens: Iterable[str]) -> frozenset[str]:
    """Those of the tokens that name a file which the actor handed in or may open: what may be put into an order."""
    policy.require(actor, "documents.store")
    rows = Document.objects.filter(token__in=set(tokens))
    return frozenset(row.token for row in rows if row.uploaded_by == actor.ref or _may_open(actor, row))


def can_read() -> bool:
    """Whether a reader of papers is installed (`script/setup --ocr`)."""
    return find_spec("rapidocr_onnxruntime") is not None


def of_order(actor: Actor, order_ref: str) -> list[DocumentValue]:
    """The files of an order that the actor sees, those it took over too, oldest first, each in its newest version.
    Raises NoSuchDocument."""
    policy.require(actor, "documents.open")
    if not (actor.is_system or reach.reaches(actor, order_ref)):
        raise NoSuchDocument
    its = Q(order_ref=order_ref, is_current=True)
    for ref, token in reach.taken_over(order_ref):
        its |= Q(order_ref=ref, token=token)
    return [value(row) for row in Document.objects.filter(its).order_by("pk")]


def may_replace(actor: Actor, document: DocumentValue) -> bool:
    """Whether the actor may put a newer version in its place."""
    return document.is_current and not actor.is_anonymous and is_own(actor, document)


def versions(actor: Actor, token: str) -> list[DocumentValue]:
    """All versions of a file, newest first. Raises NoSuchDocument."""
    row = find(actor, token)
    rows = Document.objects.filter(lineage=row.lineage).order_by("-version")
    return [value(one) for one in rows if _may_open(actor, one)]


def _write_down(actor: Actor, row: Document) -> None:
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                append(actor=actor, stream=f"document:{row.pk}", facts=[Fact(OPENED)])
            return
        except IntegrityError:
            # two readers at once took the same place in the stream: the second moves up
            if not left:
                raise


def _is_reading(actor: Actor, row: Document) -> bool:
    """Whether it is written down already that the actor opened it just now."""
    since = clock.now() - _SAME_READING
    return any(
        event.name == OPENED and event.actor == actor.ref and event.at >= since
        for event in events.stream(f"document:{row.pk}")
    )


def _content(row: Document) -> IO[bytes]:
    if row.scan == Scan.INFECTED:
        raise Infected
    try:
        return default_storage.open(row.path, "rb")
    except FileNotFoundError:
        raise NoSuchDocument from None


def open(actor: Actor, token: str) -> OpenDocument:
    """The file to serve. When somebody else than its owner opens it, that is written down.

    Raises NoSuchDocument, Infected for one that was sealed off.
    """
    row = find(actor, token)
    content = _content(row)
    if not is_own(actor, row):
        _write_down(actor, row)
    return OpenDocument(value(row), content)


def preview(actor: Actor, token: str, page: int = 1) -> Preview:
    """A page of a picture or PDF to look at, drawn once and kept. Looking is opening, and written down as such.

    Raises NoSuchDocument, Infected, NoPicture (another kind, no such page, beyond `FAWANG_PREVIEW_MAX_PAGES`), Damaged.
    """
    row = find(actor, token)
    if not 1 <= page <= min(value(row).preview_pages, int(settings.FAWANG_PREVIEW_MAX_PAGES)):
        if row.scan == Scan.INFECTED:
            raise Infected
        raise NoPicture
    if not is_own(actor, row) and not _is_reading(actor, row):
        _write_down(actor, row)
    return Preview(_drawn(row, page))


def _drawn(row: Document, page: int) -> bytes:
    path = f"{row.path}.page-{page}"
    try:
        with default_storage.open(path, "rb") as kept:
            return bytes(kept.read())
    except FileNotFoundError:
        pass
    with _content(row) as content:
        drawn = checking.draw(content.read(), row.media_type, page, _PREVIEW_SIDE_PIXELS)
    written = default_storage.save(path, ContentFile(drawn))
    if written != path:
        # somebody else drew it at the same moment
        default_storage.delete(written)
    return drawn


def equipment() -> Equipment:
    """What this installation has for files, for the doctor and for pages that offer it."""
    has_reader = can_read()
    try:
        scanner = scanning.configured()
        if scanner is None:
            return Equipment("", True, has_reader)
        return Equipment(scanner.version(), True, has_reader)
    except (ValueError, scanning.Unreached) as silence:
        return Equipment(str(silence), False, has_reader)
