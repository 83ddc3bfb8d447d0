"""What a file really is, by its first bytes. Nothing here trusts a name or a browser's word."""

from __future__ import annotations

import re

from fawang.base.documents.workshop.refusals import Refused, refuse

JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
PDF, TEXT = "application/pdf", "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = _OFFICE + "wordprocessingml.document"
XLSX = _OFFICE + "spreadsheetml.sheet"
PPTX = _OFFICE + "presentationml.presentation"
OFD = "application/ofd"
ZIP = "application/zip"
PICTURES = frozenset({JPEG, PNG, GIF, WEBP})

# the endings a kind goes by; the first is given to a file without one
ENDINGS: dict[str, tuple[str, ...]] = {
    JPEG: ("jpg", "jpeg", "jfif"), PNG: ("png",), GIF: ("gif",), WEBP: ("webp",), PDF: ("pdf",),
    TEXT: ("txt", "text", "md", "csv"), DOCX: ("docx",), XLSX: ("xlsx",), PPTX: ("pptx",), OFD: ("ofd",),
}  # fmt: skip
_HEIC_BRANDS = {b"heic", b"heix", b"heif", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"}
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"MSCF", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(r"^\s*(<\?xml|<!doctype|<!--|<html|<svg|<script|<body|<head|<\?php|#!)", re.IGNORECASE)
# a reader of PDFs looks for this mark in the first kilobyte, so anywhere else than at the start it is a disguise
PDF_MARK = b"%PDF-"
PDF_MARK_WITHIN = 1024


def sniff(data: bytes) -> str:
    """The kind of a file by its mark; ZIP for what only its inside can tell.

    Raises Refused: heic, archive, old_office, disguised, kind_unknown.
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
        refuse("heic")
    if data.removeprefix(b"\xef\xbb\xbf").startswith(PDF_MARK):
        return PDF
    if PDF_MARK in data[:PDF_MARK_WITHIN]:
        refuse("two_kinds")
    if data.startswith(b"PK\x03\x04"):
        return ZIP
    if data.startswith(_ARCHIVES) or data[257:262] == b"ustar":
        refuse("archive")
    if data.startswith(_OLE):
        refuse("old_office")
    return _text(data)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(c) < 32 and c not in "\t\r\n\f" for c in text) or _MARKUP.match(text):
            refuse("kind_unknown")
        return TEXT
    raise Refused("kind_unknown")
