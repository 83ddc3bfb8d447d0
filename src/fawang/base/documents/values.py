"""Frozen data about files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fawang.base.documents.workshop.kinds import DOCX, JPEG, OFD, PDF, PICTURES, PNG, PPTX, TEXT, WEBP, XLSX

if TYPE_CHECKING:
    _Uploaded = UploadedFile[bytes]
else:
    _Uploaded = UploadedFile

# what a browser may offer to choose from; kinds by name and, for browsers that know no names, by ending
ACCEPTED = (JPEG, PNG, WEBP, PDF, DOCX, XLSX, PPTX, OFD, TEXT, ".pdf", ".docx", ".xlsx", ".pptx", ".ofd", ".txt")

MAX_NAME_CHARACTERS = 120
MAX_PER_ORDER = 60
# never shown as a page of ours, whatever a browser takes it for (CWE-79, CWE-430)
_APART = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


class Scan(StrEnum):
    """What became of the look for viruses."""

    CLEAN = "CLEAN"
    NOT_SCANNED = "NOT_SCANNED"
    UNREACHED = "UNREACHED"
    INFECTED = "INFECTED"


SCAN_WORDS: dict[Scan, str | Promise] = {
    Scan.CLEAN: _("已查毒"),
    Scan.NOT_SCANNED: _("未经病毒检查"),
    Scan.UNREACHED: _("未经病毒检查"),
    Scan.INFECTED: _("查出病毒，已封存"),
}
REMOVED_WORDS: dict[str, str | Promise] = {
    "SCRIPT": _("脚本"),
    "LAUNCH": _("启动程序的动作"),
    "SEND": _("向外发送内容的动作"),
    "OTHER_FILE": _("打开其他文件的动作"),
    "MEDIA": _("播放声音或视频的动作"),
    "LINK": pgettext_lazy("removed from a file", "可疑链接"),
}


class Pages(_Uploaded):
    """Several photos handed in as one file: the pages of a paper, in order."""

    def __init__(self, files: Sequence[UploadedFile[bytes]]) -> None:
        super().__init__(file=None, name=files[0].name, size=sum(file.size or 0 for file in files))
        self.files = tuple(files)


@dataclass(frozen=True)
class DocumentValue:
    """A kept file: `size` in bytes, digests in hex, `order_ref` a number or a draft's token (empty: none yet).

    `sha256` is of what is kept, `original_sha256` of what was handed in (several photos: of their digests, one a line).
    `is_repeat` says that the same file had been handed in before and that this is the one kept then.
    """

    token: str
    name: str
    media_type: str
    size: int
    sha256: str
    order_ref: str
    owner_id: int | None
    uploaded_by: str
    at: datetime
    original_sha256: str = ""
    pages: int = 0
    scan: Scan = Scan.NOT_SCANNED
    removed: tuple[str, ...] = ()
    version: int = 1
    is_current: bool = True
    is_repeat: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers to serve it with: always saved, never shown inside our pages."""
        return {
            "Content-Type": self.media_type,
            "Content-Length": str(self.size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.name)}",
            **_APART,
        }

    @property
    def is_scanned(self) -> bool:
        """Whether a scanner saw it and found nothing."""
        return self.scan is Scan.CLEAN

    @property
    def scan_words(self) -> str | Promise:
        """The mark of the scan, for people."""
        return SCAN_WORDS[self.scan]

    @property
    def removed_words(self) -> list[str | Promise]:
        """What was taken out of it before keeping, for people."""
        return [REMOVED_WORDS[word] for word in self.removed]

    @property
    def has_preview(self) -> bool:
        """Whether its pages can be looked at."""
        return (self.media_type in PICTURES or self.media_type == PDF) and self.scan is not Scan.INFECTED

    @property
    def preview_pages(self) -> int:
        """How many pages it has to look at; a picture is one."""
        return max(self.pages, 1) if self.has_preview else 0


@dataclass(frozen=True)
class OpenDocument:
    """A file opened for reading; whoever gets it closes it."""

    value: DocumentValue
    content: IO[bytes]


@dataclass(frozen=True)
class Preview:
    """A page of a file as a picture, with the headers to serve it with."""

    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """Shown in our pages, and nothing else: no script of anybody, no other type."""
        return {"Content-Type": "image/jpeg", "Content-Length": str(len(self.content)), "Content-Disposition": "inline",
                **_APART}  # fmt: skip


@dataclass(frozen=True)
class Equipment:
    """What this installation has for files: the scanner's words (empty: none), whether it answers, a reader of text."""

    scanner: str
    is_scanner_well: bool
    has_reader: bool


@dataclass(frozen=True)
class ReadField:
    """Something read from a photo, to be confirmed by a person before it is used for anything.

    `field` is what it is on the paper; `meaning` a code of the table `meaning`, empty where that table has none.
    `value` is in the form in which a question of `kind` is answered; `confidence` runs from 0 to 100.
    """

    field: str
    meaning: str
    label: str | Promise
    kind: str
    value: str
    confidence: int
