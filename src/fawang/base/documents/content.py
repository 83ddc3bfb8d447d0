"""What a file really is, and whether it is safe to keep: decided by its bytes.

Nothing here trusts a name or a browser's word. Known kinds begin with their own marks (magic numbers); office files
are unpacked in memory within limits, PDFs are searched for what would run (OWASP ASVS 12.2, 12.3).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from fawang.base.documents.errors import Bomb, Damaged, Dangerous, KindUnknown

JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
HEIC, PDF, TEXT = "image/heic", "application/pdf", "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = _OFFICE + "wordprocessingml.document"
XLSX = _OFFICE + "spreadsheetml.sheet"
PPTX = _OFFICE + "presentationml.presentation"
OFD = "application/ofd"

# the endings a kind goes by; the first is given to a file without one
ENDINGS: dict[str, tuple[str, ...]] = {
    JPEG: ("jpg", "jpeg", "jfif"), PNG: ("png",), GIF: ("gif",), WEBP: ("webp",), HEIC: ("heic", "heif"), PDF: ("pdf",),
    TEXT: ("txt", "text", "md", "csv"), DOCX: ("docx",), XLSX: ("xlsx",), PPTX: ("pptx",), OFD: ("ofd",),
}  # fmt: skip
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 200
_RATIO_COUNTS_FROM_BYTES = 1024 * 1024
_PDF_NAMES = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_SCRIPT_KEY = re.compile(rb"/JS\s*[(<\d]")
_HEIC_BRANDS = {b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc"}
_MARKUP = re.compile(r"^\s*(<\?xml|<!doctype|<html|<svg|<script|<body|<head|#!)", re.IGNORECASE)


def media_type_of(data: bytes) -> str:
    """The kind of a file by its bytes, after looking for what is dangerous in that kind.

    Raises KindUnknown, Dangerous, Bomb, Damaged.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    if b"%PDF-" in data[:1024]:
        return _checked_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _checked_office(data)
    return _checked_text(data)


def _checked_text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(c) < 32 and c not in "\t\r\n\f" for c in text) or _MARKUP.match(text):
            raise KindUnknown
        return TEXT
    raise KindUnknown


def _checked_pdf(data: bytes) -> str:
    """Refuse what runs or hides: JavaScript, Launch, embedded files, also inside compressed object streams."""
    outside = _PDF_STREAM.sub(b"stream endstream", data)
    _search_pdf(outside, with_script_key=True)
    # long names cannot occur in pictures by chance, so the whole file is searched for them
    _search_pdf(data, with_script_key=False)
    left = MAX_UNPACKED_BYTES
    for found in _PDF_STREAM.finditer(data):
        if b"/ObjStm" not in _names_decoded(data[max(0, found.start() - 1024) : found.start()]):
            continue
        unpacker = zlib.decompressobj()
        try:
            inside = unpacker.decompress(found.group(1), left + 1)
        except zlib.error:
            continue
        left -= len(inside)
        if left < 0 or unpacker.unconsumed_tail:
            raise Bomb
        _search_pdf(inside, with_script_key=True)
    return PDF


def _names_decoded(data: bytes) -> bytes:
    # /J#61vaScript is /JavaScript (ISO 32000-1 §7.3.5)
    return _HEX_NAME.sub(lambda found: bytes([int(found.group(1), 16)]), data)


def _search_pdf(data: bytes, *, with_script_key: bool) -> None:
    decoded = _names_decoded(data)
    if any(name in decoded for name in _PDF_NAMES) or (with_script_key and _SCRIPT_KEY.search(decoded)):
        raise Dangerous


def _checked_office(data: bytes) -> str:
    """A docx, xlsx, pptx or ofd within limits and without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            _unpack(archive, entries)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError):
        raise Damaged from None
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith((".bin", ".exe", ".dll", ".js", ".vbs")) and "vba" in name.lower() for name in names):
        raise Dangerous
    if any("/embeddings/" in name.lower() or name.lower().endswith("activex1.xml") for name in names):
        raise Dangerous
    if "OFD.xml" in names:
        return OFD
    for folder, kind in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            return kind
    raise KindUnknown


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Bomb
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Damaged
        is_large = entry.file_size > _RATIO_COUNTS_FROM_BYTES
        if is_large and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Bomb


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read every entry within the budget: sizes in a header may lie."""
    left = MAX_UNPACKED_BYTES
    for entry in entries:
        with archive.open(entry) as content:
            while piece := content.read(256 * 1024):
                left -= len(piece)
                if left < 0:
                    raise Bomb
