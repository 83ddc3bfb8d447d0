"""Verbs of files: keep one, put it to an order."""

from __future__ import annotations

import hashlib
from typing import IO, Any, Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from fawang.base.documents import content, reach, selectors
from fawang.base.documents.errors import Empty, NoSuchDocument, TooLarge, TooManyFiles
from fawang.base.documents.models import Document
from fawang.base.documents.naming import clean_name
from fawang.base.documents.reach import Lending, forget_reach, register_lending, register_reach
from fawang.base.documents.values import MAX_PER_ORDER, DocumentValue
from fawang.kernel import clock, ids, policy
from fawang.kernel.errors import RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor

__all__ = ["Lending", "attach", "forget_reach", "register_lending", "register_reach", "store"]


class Upload(Protocol):
    """What a browser or a partner sent: Django's UploadedFile, or anything with a name and bytes."""

    name: str | None

    def read(self, num_bytes: int | None = ..., /) -> bytes:
        """Up to so many bytes."""


def _read(upload: Upload | IO[Any]) -> bytes:
    most = int(settings.FAWANG_UPLOAD_MAX_BYTES)
    data = bytes(upload.read(most + 1))
    if not data:
        raise Empty
    if len(data) > most:
        raise TooLarge(megabytes=most // (1024 * 1024) or 1)
    return data


def store(actor: Actor, upload: Upload | IO[Any], order_ref: str = "") -> DocumentValue:
    """Keep a file, checked by what it contains; `order_ref` names the order or draft it is for, if there is one.

    Raises NoSuchDocument (an order that the actor does not see), Empty, TooLarge, KindUnknown, Disguised, Dangerous,
    Bomb, Damaged, TooManyFiles: each with a sentence that says what to do.
    """
    policy.require(actor, "documents.store")
    if order_ref and not (actor.is_system or reach.reaches(actor, order_ref)):
        raise NoSuchDocument
    if order_ref and Document.objects.filter(order_ref=order_ref).count() >= MAX_PER_ORDER:
        raise TooManyFiles(most=MAX_PER_ORDER)
    data = _read(upload)
    media_type = content.media_type_of(data)
    name = clean_name(upload.name or "", media_type)
    token = ids.token()
    path = default_storage.save(f"documents/{token[:2]}/{ids.token(32)}", ContentFile(data))
    row = Document(
        token=token, owner_id=None if actor.member_id else actor.party_id, order_ref=order_ref, name=name,
        media_type=media_type, size=len(data), sha256=hashlib.sha256(data).hexdigest(), path=path,
        uploaded_by=actor.ref, at=clock.now(),
    )  # fmt: skip
    _write(actor, row)
    return selectors.value(row)


def _write(actor: Actor, row: Document) -> None:
    """The row and its event; without them the file goes again."""
    is_kept = False
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            data = {"order": row.order_ref, "media_type": row.media_type, "size": row.size, "sha256": row.sha256}
            append(actor=actor, stream=f"document:{row.pk}", facts=[Fact("documents.stored.v1", data)])
        is_kept = True
    finally:
        if not is_kept:
            default_storage.delete(row.path)


def attach(actor: Actor, token: str, order_ref: str) -> DocumentValue:
    """Put a file to an order that the actor sees. Only who handed it in may; doing it again is harmless.

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
        row.save(update_fields=["order_ref"])
        append(actor=actor, stream=f"document:{row.pk}", facts=[Fact("documents.attached.v1", {"order": order_ref})])
    return selectors.value(row)
