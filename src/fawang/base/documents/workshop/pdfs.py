"""PDFs: nothing in them may run, send, call another file or hide one.

What runs is taken out where the page looks the same without it (scripts, starting programs, sending forms, calling
other files): a person with an official form that counts its fields needs no second program to hand it in. What would
change the page or lose something is refused: attachments, sound and film, XFA forms, a password, and scripts under a
signature, which taking out would break. A file in which nothing was found is kept byte for byte, so that its
signatures and its digest stay good; one that had to be repaired while reading is kept as it was read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from fawang.base.documents.workshop.kinds import PDF
from fawang.base.documents.workshop.refusals import refuse
from fawang.base.documents.workshop.values import Cleaned, Limits

# actions by what they do (ISO 32000-1 §12.6.4); what is not named here only moves within the page or document
ACTIONS = {
    "/JavaScript": "SCRIPT", "/Rendition": "SCRIPT", "/RichMediaExecute": "SCRIPT", "/Launch": "LAUNCH",
    "/SubmitForm": "SEND", "/ImportData": "SEND", "/GoToR": "OTHER_FILE", "/GoToE": "OTHER_FILE",
    "/Movie": "MEDIA", "/Sound": "MEDIA",
}  # fmt: skip
_MEDIA = frozenset({"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"})
_GOOD_LINKS = ("http:", "https:", "mailto:", "tel:")
_END_WITHIN = 2048
_NAMES = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)(?![A-Za-z])")
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_SPACE = re.compile(r"[\x00-\x20]+")


@dataclass
class _Found:
    """What a walk through a document met: actions to empty, keys to drop, and whether somebody signed."""

    actions: list[tuple[str, pikepdf.Object]] = field(default_factory=list)
    keys: list[tuple[str, pikepdf.Object, str]] = field(default_factory=list)
    is_signed: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What was met, each once."""
        return tuple(sorted({word for word, _ in self.actions} | {word for word, _, _ in self.keys}))


def clean(data: bytes, limits: Limits) -> Cleaned:
    """The PDF without anything that runs.

    Raises Refused: damaged, encrypted, too_many_pages, attachments, media, xfa, signed_active, bomb, two_kinds.
    """
    _check_ends(data)
    with _open(data) as pdf:
        found, pages = _look(pdf, limits)
        has_doubts = bool(pdf.get_warnings()) or _mentions_danger(data)
        if found.words:
            if found.is_signed:
                refuse("signed_active")
            _take_out(found)
        elif not has_doubts or (found.is_signed and not _mentions_danger(data)):
            return Cleaned(PDF, PDF, data, pages=pages)
        elif found.is_signed:
            refuse("signed_active")
        out = io.BytesIO()
        pdf.save(out, encryption=False)
    kept = out.getvalue()
    if len(kept) > limits.kept_bytes:
        refuse("too_large", megabytes=max(limits.kept_bytes // (1024 * 1024), 1))
    with _open(kept) as again:
        if _look(again, limits)[0].words:
            refuse("dangerous")
    return Cleaned(PDF, PDF, kept, found.words, pages)


def _check_ends(data: bytes) -> None:
    """The end mark lies at the end: a download that broke off has none, a second file behind it hides it."""
    at = data.rfind(b"%%EOF")
    if at < 0:
        refuse("damaged")
    if len(data) - at > _END_WITHIN or zipfile.is_zipfile(io.BytesIO(data)):
        # an end mark far from the end: cut off within an update, or something else follows
        refuse("damaged" if data.rfind(b" obj", at) > 0 else "two_kinds")


def _open(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        refuse("encrypted")
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        refuse("damaged")


def _mentions_danger(data: bytes) -> bool:
    """Whether a dangerous name stands anywhere in the bytes, also in parts that are no longer referred to."""
    decoded = _HEX_NAME.sub(lambda found: bytes([int(found.group(1), 16)]), data)
    return _NAMES.search(decoded) is not None


def _look(pdf: pikepdf.Pdf, limits: Limits) -> tuple[_Found, int]:
    try:
        pages = len(pdf.pages)
        if pages > limits.pdf_pages:
            refuse("too_many_pages", most=limits.pdf_pages)
        if not pages:
            refuse("damaged")
        found = _Found()
        left = limits.unpacked_bytes
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                left -= _unpacked(thing, left, limits)
            for inside in _dictionaries(thing):
                _judge(inside, found)
        _judge_catalog(pdf.Root, found)
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError):
        refuse("damaged")
    return found, pages


def _dictionaries(thing: pikepdf.Object) -> Iterator[Any]:
    """Every dictionary written inside an object; those it only refers to are objects of their own."""
    waiting = [thing]
    while waiting:
        now = waiting.pop()
        if isinstance(now, (pikepdf.Dictionary, pikepdf.Stream)):
            yield now
            inside: Iterator[Any] = iter([value for _key, value in now.items()])
        elif isinstance(now, pikepdf.Array):
            inside = iter(list(now))
        else:
            continue
        waiting += [one for one in inside if isinstance(one, pikepdf.Object) and not one.is_indirect]


def _judge(thing: Any, found: _Found) -> None:  # noqa: ANN401 - pikepdf's objects are dynamic
    kind, subtype = str(thing.get("/Type", "")), str(thing.get("/Subtype", ""))
    if kind == "/EmbeddedFile" or subtype == "/FileAttachment" or "/EF" in thing:
        refuse("attachments")
    if subtype in _MEDIA and ("/Rect" in thing or kind == "/Annot"):
        refuse("media")
    if isinstance(thing, pikepdf.Stream) and ("/F" in thing or subtype == "/PS"):
        # a stream whose content lies in another file, or is a program for a printer
        refuse("dangerous")
    if kind in {"/Sig", "/DocTimeStamp"} or "/ByteRange" in thing:
        found.is_signed = True
    step = str(thing.get("/S", ""))
    if step in ACTIONS:
        found.actions.append((ACTIONS[step], thing))
    elif _is_script(thing):
        found.actions.append(("SCRIPT", thing))
    elif step == "/URI" and not _is_good_link(thing.get("/URI", "")):
        found.actions.append(("LINK", thing))
    if "/AA" in thing:
        found.keys.append(("SCRIPT", thing, "/AA"))


def _is_script(thing: Any) -> bool:  # noqa: ANN401
    script = thing.get("/JS")
    return isinstance(script, pikepdf.String) or (isinstance(script, pikepdf.Stream) and "/S" in thing)


def _is_good_link(value: Any) -> bool:  # noqa: ANN401
    text = _SPACE.sub("", str(value)).lower()
    has_scheme = re.match(r"[a-z][a-z0-9+.-]*:", text)
    return text.startswith(_GOOD_LINKS) or (not has_scheme and not text.startswith("\\\\"))


def _judge_catalog(root: Any, found: _Found) -> None:  # noqa: ANN401
    if "/XFA" in root.get("/AcroForm", {}):
        refuse("xfa")
    names = root.get("/Names", {})
    embedded = names.get("/EmbeddedFiles", {})
    if embedded.get("/Names") or embedded.get("/Kids") or "/Collection" in root:
        refuse("attachments")
    if "/JavaScript" in names:
        found.keys.append(("SCRIPT", names, "/JavaScript"))


def _take_out(found: _Found) -> None:
    for _word, thing, key in found.keys:
        if key in thing:
            del thing[key]
    for _word, thing in found.actions:
        for key in list(thing.keys()):
            del thing[key]


def _unpacked(stream: pikepdf.Stream, left: int, limits: Limits) -> int:
    """How much a stream unpacks to, counted within what is left; pictures count by their pixels.

    Raises Refused: bomb.
    """
    if stream.get("/Subtype") == "/Image":
        if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > limits.picture_pixels:
            refuse("bomb")
        return 0
    filters: Any = stream.get("/Filter", [])
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(one) for one in filters]
    data = stream.read_raw_bytes()
    for name in names:
        if name not in {"/FlateDecode", "/Fl"}:
            break
        data = _inflated(data, left)
    if len(data) > left:
        refuse("bomb")
    return len(data)


def _inflated(data: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        inside = unpacker.decompress(data, most + 1)
    except zlib.error:
        return b""
    if len(inside) > most:
        refuse("bomb")
    return inside
