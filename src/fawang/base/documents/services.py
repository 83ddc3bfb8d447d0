"""Verbs of files: keep one, replace it, put it to an order, read what a photo says."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from fawang.base.documents import reach, scanning, selectors, taking
from fawang.base.documents.errors import NoSuchDocument, Replaced, TooManyFiles
from fawang.base.documents.models import Document
from fawang.base.documents.ocr import papers
from fawang.base.documents.reach import Lending, forget_reach, register_lending, register_reach
from fawang.base.documents.scanning import register_scanner
from fawang.base.documents.taking import Fit, Handed
from fawang.base.documents.values import MAX_PER_ORDER, DocumentValue, ReadField, Scan
from fawang.kernel import clock, ids, policy
from fawang.kernel.errors import RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, system

__all__ = [
    "Lending", "attach", "forget_reach", "read_fields", "register_lending", "register_reach", "register_scanner",
    "replace", "scan_waiting", "store",
]  # fmt: skip
_SCANNED_AT_ONCE = 100


def store(actor: Actor, upload: Handed | Sequence[Handed], order_ref: str = "") -> DocumentValue:
    """Keep a file, scanned, checked and cleaned; several photos become one PDF, in order.

    `order_ref` names the order or draft it is for, if there is one. The same file handed in again for the same order
    is not kept twice: what was kept then comes back, with `is_repeat`.
    Raises NoSuchDocument (an order that the actor does not see), TooManyFiles, and the FileRefused errors of the room,
    each with a sentence that says what to do.
    """
    policy.require(actor, "documents.store")
    if order_ref and not (actor.is_system or reach.reaches(actor, order_ref)):
        raise NoSuchDocument
    taken = taking.take(upload)
    if (before := _handed_in_before(actor, taken.digest, order_ref)) is not None:
        return selectors.value(before, is_repeat=True)
    _check_room(order_ref)
    fit = taking.make_fit(actor, taken)
    row = _row(actor, fit, order_ref, owner_id=None if actor.member_id else actor.party_id)
    row.lineage = row.token
    _write(actor, row, after=None)
    return selectors.value(row)


def replace(actor: Actor, token: str, upload: Handed | Sequence[Handed]) -> DocumentValue:
    """Put a newer version in a file's place. The old one is kept and listed; its token goes on meaning its bytes.

    Only who handed it in may. Raises NoSuchDocument, Replaced (somebody was faster), TooManyFiles, FileRefused.
    """
    policy.require(actor, "documents.store")
    old = selectors.find(actor, token)
    if not selectors.is_own(actor, old):
        raise NoSuchDocument
    if not old.is_current:
        raise Replaced
    taken = taking.take(upload)
    if taken.digest == old.original_sha256:
        return selectors.value(old, is_repeat=True)
    _check_room(old.order_ref)
    row = _row(actor, taking.make_fit(actor, taken), old.order_ref, owner_id=old.owner_id)
    row.lineage, row.version = old.lineage, old.version + 1
    _write(actor, row, after=old)
    return selectors.value(row)


def _handed_in_before(actor: Actor, digest: str, order_ref: str) -> Document | None:
    rows = Document.objects.filter(
        original_sha256=digest, order_ref=order_ref, uploaded_by=actor.ref, is_current=True,
        owner_id=None if actor.member_id else actor.party_id,
    )  # fmt: skip
    return rows.exclude(scan=Scan.INFECTED).order_by("pk").first()


def _check_room(order_ref: str) -> None:
    # versions count too: a file replaced without end would be a way around the limit
    if order_ref and Document.objects.filter(order_ref=order_ref).count() >= MAX_PER_ORDER:
        raise TooManyFiles(most=MAX_PER_ORDER)


def _row(actor: Actor, fit: Fit, order_ref: str, *, owner_id: int | None) -> Document:
    """The row of a file, with the file put into the store."""
    token, kept = ids.token(), fit.cleaned
    path = default_storage.save(f"documents/{token[:2]}/{ids.token(32)}", ContentFile(kept.data))
    moment = clock.now()
    return Document(
        token=token, owner_id=owner_id, order_ref=order_ref, name=fit.name, media_type=kept.media_type,
        size=len(kept.data), sha256=selectors.digest(kept.data), original_sha256=fit.digest, pages=kept.pages,
        removed=",".join(kept.removed), scan=fit.scan, scanned_at=moment if fit.scan is Scan.CLEAN else None,
        path=path, uploaded_by=actor.ref, at=moment,
    )  # fmt: skip


def _write(actor: Actor, row: Document, *, after: Document | None) -> None:
    """The row and its events; without them the file goes again. `after` is the version it takes the place of."""
    is_kept = False
    try:
        with transaction.atomic():
            if after is not None:
                if not Document.objects.filter(pk=after.pk, is_current=True).update(is_current=False):
                    raise Replaced
            row.save(force_insert=True)
            data = {
                "order": row.order_ref, "media_type": row.media_type, "size": row.size, "sha256": row.sha256,
                "original_sha256": row.original_sha256, "version": row.version, "scan": row.scan,
                "removed": row.removed,
            }  # fmt: skip
            append(actor=actor, stream=f"document:{row.pk}", facts=[Fact("documents.stored.v1", data)])
            if after is not None:
                fact = Fact("documents.replaced.v1", {"by": row.pk, "version": row.version})
                append(actor=actor, stream=f"document:{after.pk}", facts=[fact])
        is_kept = True
    finally:
        if not is_kept:
            default_storage.delete(row.path)


def attach(actor: Actor, token: str, order_ref: str) -> DocumentValue:
    """Put a file, with its older versions, to an order that the actor sees. Only who handed it in may; doing it again
    is harmless.

    Raises NoSuchDocument, RefusedByState when it belongs to another order that is no draft of this actor's.
    """
    policy.require(actor, "documents.store")
    with transaction.atomic():
        row = Document.objects.select_for_update().filter(token=token).first()
        if row is None or not selectors.is_own(actor, row):
            raise NoSuchDocument
        if row.order_ref == order_ref:
            return selectors.value(row)
        if not (actor.is_system or reach.reaches(actor, order_ref)):
            raise NoSuchDocument
        if row.order_ref.startswith("PLS"):
            raise RefusedByState
        row.order_ref = order_ref
        Document.objects.filter(lineage=row.lineage).update(order_ref=order_ref)
        append(actor=actor, stream=f"document:{row.pk}", facts=[Fact("documents.attached.v1", {"order": order_ref})])
    return selectors.value(row)


def read_fields(actor: Actor, token: str, paper: str = "", about: str = "applicant") -> list[ReadField]:
    """What a photographed paper says, for a person to confirm: nothing of it is kept or used here.

    `paper` is a code of `ocr.papers.PAPERS`, empty to recognise it; `about` is whom it is about (`applicant`,
    `deceased`, `other`, `family.spouse`, `org`, `company`), which decides the meanings. Empty when nothing was
    recognised. Raises NoSuchDocument, CannotRead where no reader is installed, NoPicture, Damaged.
    """
    opened = selectors.open(actor, token)
    with opened.content as content:
        data = content.read()
    return papers.read(data, opened.value.media_type, paper, about)


def scan_waiting() -> int:
    """Show the scanner what was kept without it; how many it saw. Nobody opens a file any more that has a virus."""
    scanner = scanning.configured()
    if scanner is None:
        return 0
    seen = 0
    rows = Document.objects.filter(scan__in=[Scan.NOT_SCANNED, Scan.UNREACHED]).order_by("pk")
    for row in rows[:_SCANNED_AT_ONCE]:
        with default_storage.open(row.path, "rb") as content:
            verdict = scanning.scan(content.read())
        if verdict.scan is Scan.UNREACHED:
            break
        with transaction.atomic():
            waiting = Document.objects.filter(pk=row.pk, scan=row.scan)
            if waiting.update(scan=verdict.scan, scanned_at=clock.now()):
                fact = Fact("documents.scanned.v1", {"scan": verdict.scan, "signature": verdict.signature})
                append(actor=system("documents"), stream=f"document:{row.pk}", facts=[fact])
        seen += 1
    return seen
