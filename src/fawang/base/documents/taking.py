"""From what was handed in to what may be kept: read within the limits, shown to the scanner, cleaned, named."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.documents import checking, scanning
from fawang.base.documents.errors import Empty, Infected, NotScanned, TooLarge, TooManyPages
from fawang.base.documents.naming import clean_name
from fawang.base.documents.values import Pages, Scan
from fawang.base.documents.workshop.values import Cleaned
from fawang.kernel import ids
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor


class Upload(Protocol):
    """What a browser or a partner sent: Django's UploadedFile, or anything with a name and bytes."""

    name: str | None

    def read(self, num_bytes: int | None = ..., /) -> bytes:
        """Up to so many bytes."""


Handed = Upload | IO[Any]


@dataclass(frozen=True)
class Taken:
    """One file, or several photographed pages, as handed in; `digest` of the file, or of the pages' digests by line."""

    name: str
    files: tuple[bytes, ...]
    digest: str


@dataclass(frozen=True)
class Fit:
    """A file fit to be kept."""

    name: str
    cleaned: Cleaned
    digest: str
    scan: Scan


def take(handed: Handed | Sequence[Handed]) -> Taken:
    """Read what was handed in. Raises Empty, TooLarge (all pages together), TooManyPages."""
    if isinstance(handed, Pages):
        handed = handed.files
    several = handed if isinstance(handed, Sequence) else [handed]
    if not several:
        raise Empty
    most_pages = int(settings.FAWANG_PHOTO_MAX_PAGES)
    if len(several) > most_pages:
        raise TooManyPages(most=most_pages)
    most = left = int(settings.FAWANG_UPLOAD_MAX_BYTES)
    files = []
    for one in several:
        data = bytes(one.read(left + 1))
        if not data:
            raise Empty
        left -= len(data)
        if left < 0:
            raise TooLarge(megabytes=max(most // (1024 * 1024), 1))
        files.append(data)
    digests = [hashlib.sha256(data).hexdigest() for data in files]
    digest = digests[0] if len(files) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return Taken(several[0].name or "", tuple(files), digest)


def make_fit(actor: Actor, taken: Taken) -> Fit:
    """Show it to the scanner, check and clean it. Raises a FileRefused that says what to do."""
    scan = _scanned(actor, taken)
    if len(taken.files) == 1:
        cleaned = checking.clean(taken.files[0])
        name = clean_name(taken.name, cleaned.found, cleaned.media_type)
    else:
        cleaned = checking.bind(taken.files)
        name = clean_name(_("照片合成（%(pages)s 页）") % {"pages": cleaned.pages}, cleaned.media_type)
    return Fit(name, cleaned, taken.digest, scan)


def _scanned(actor: Actor, taken: Taken) -> Scan:
    worst = Scan.CLEAN
    for data in taken.files:
        verdict = scanning.scan(data)
        if verdict.scan is Scan.INFECTED:
            _write_down(actor, taken, verdict.signature)
            raise Infected
        if verdict.scan is not Scan.CLEAN:
            worst = verdict.scan
            break
    if worst is not Scan.CLEAN and settings.FAWANG_UNSCANNED == "refuse":
        raise NotScanned
    return worst


def _write_down(actor: Actor, taken: Taken, signature: str) -> None:
    """A file with a virus leaves nothing but this."""
    data = {"reason": "infected", "signature": signature, "original_sha256": taken.digest,
            "size": sum(len(file) for file in taken.files)}  # fmt: skip
    with transaction.atomic():
        append(actor=actor, stream=f"upload:{ids.token()}", facts=[Fact("documents.refused.v1", data)])
