"""Office files (docx, xlsx, pptx) and OFD: archives of XML, unpacked in memory within limits and read through.

Refused is what runs or reaches out when somebody opens the file: macros, ActiveX, embedded objects, templates, pictures
and data fetched from elsewhere, fields that start programs (DDE), imported foreign parts. A plain link that a person
has to click stays.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from fawang.base.documents.workshop.kinds import DOCX, OFD, PDF_MARK, PDF_MARK_WITHIN, PPTX, XLSX
from fawang.base.documents.workshop.refusals import Refused, refuse
from fawang.base.documents.workshop.values import Cleaned, Limits

MAX_ENTRIES = 2_000
MAX_RATIO = 200
_RATIO_COUNTS_FROM_BYTES = 1024 * 1024
_PIECE = 256 * 1024
_RUNS = (".exe", ".dll", ".js", ".jse", ".vbs", ".vbe", ".bat", ".cmd", ".com", ".scr", ".ps1", ".jar", ".hta", ".lnk",
         ".msi", ".wsf", ".html", ".htm", ".swf")  # fmt: skip
_INSIDE = ("/embeddings/", "/activex/", "vbaproject", "vbadata", "/macrosheets/", "/dialogsheets/", "attachedtoolbars")
_ACTIVE_TYPES = ("macroenabled", "vbaproject", "activex", "oleobject", "ms-office.vba")
# relationships that fetch or run by themselves; a hyperlink waits for a click
_OUTSIDE_ALLOWED = ("/hyperlink",)
_RELATIONS = ("/afchunk", "/attachedtemplate", "/oleobject", "/control", "/externallinkpath", "/frame", "/subdocument",
              "/xlexternallinkpath", "/vbaproject", "/connections")  # fmt: skip
_FIELD = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT)\b")
_DDE = "ddelink"


def clean(data: bytes, limits: Limits) -> Cleaned:
    """An office file in which nothing runs, as it is. Raises Refused: bomb, damaged, archive, dangerous, two_kinds."""
    if PDF_MARK in data[:PDF_MARK_WITHIN]:
        refuse("two_kinds")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, limits)
            kind = _kind({entry.filename for entry in entries})
            _read_through(archive, entries, kind, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError, OSError):
        refuse("damaged")
    return Cleaned(kind, kind, data)


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        refuse("bomb")
    for entry in entries:
        if entry.flag_bits & 0x1:
            refuse("encrypted")
        is_large = entry.file_size > _RATIO_COUNTS_FROM_BYTES
        if is_large and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            refuse("bomb")
        name = "/" + entry.filename.lower().replace("\\", "/")
        if name.endswith(_RUNS) or any(word in name for word in _INSIDE):
            refuse("dangerous")


def _kind(names: set[str]) -> str:
    if "OFD.xml" in names:
        return OFD
    for folder, kind in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            return kind
    raise Refused("archive")


def _read_through(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], kind: str, limits: Limits) -> None:
    """Read every entry within the budget, for sizes in a header may lie; look into those that are XML."""
    left = limits.unpacked_bytes
    for entry in entries:
        parts = []
        is_markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        with archive.open(entry) as content:
            while piece := content.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    refuse("bomb")
                if is_markup:
                    parts.append(piece)
        if is_markup:
            _Reader(b"".join(parts), is_office=kind != OFD).read()


class _Reader:
    """Looks through one part. A document type, the way to make entities, does not belong into any of these formats."""

    def __init__(self, data: bytes, *, is_office: bool) -> None:
        self.data, self.is_office = data, is_office
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = lambda *_: refuse("dangerous")
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text
        self._is_field = False
        self.fields: list[str] = []

    def read(self) -> None:
        """Raises Refused: dangerous, damaged."""
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError:
            refuse("damaged")
        # a field's words may be spread over several runs
        if _FIELD.search("".join(self.fields).upper()):
            refuse("dangerous")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.is_office:
            return
        tag = name.rpartition(":")[2].lower()
        if tag == _DDE:
            refuse("dangerous")
        self._is_field = tag == "instrtext"
        if tag == "fldsimple":
            self.fields.append(" " + next((v for k, v in attributes.items() if k.endswith("instr")), ""))
        if tag == "relationship":
            self._relationship(attributes)
        if tag in {"override", "default"}:
            content_type = attributes.get("ContentType", "").lower()
            if any(word in content_type for word in _ACTIVE_TYPES):
                refuse("dangerous")

    def _relationship(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").lower()
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        target = attributes.get("Target", "").strip().lower()
        if is_outside and not kind.endswith(_OUTSIDE_ALLOWED):
            refuse("dangerous")
        if kind.endswith(_RELATIONS) or (is_outside and target.startswith(("javascript:", "file:", "\\\\", "ms-"))):
            refuse("dangerous")

    def _text(self, text: str) -> None:
        if self._is_field:
            self.fields.append(text)
