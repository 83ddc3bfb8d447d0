import io
import zipfile
from dataclasses import replace

import pytest

from fawang.base.documents.tests.factories import PDF, office, relation
from fawang.base.documents.workshop import cleaning, kinds
from fawang.base.documents.workshop import office as workshop_office
from fawang.base.documents.workshop.refusals import Refused
from fawang.base.documents.workshop.values import Limits

LIMITS = Limits()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def clean(data, **limits):
    return cleaning.clean(data, replace(LIMITS, **limits))


def refused(data, **limits):
    with pytest.raises(Refused) as caught:
        clean(data, **limits)
    return caught.value.code


def zipped(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (office("word"), kinds.DOCX),
        (office("xl"), kinds.XLSX),
        (office("ppt"), kinds.PPTX),
        (zipped({"OFD.xml": "<OFD/>", "Doc_0/Document.xml": "<Document/>"}), kinds.OFD),
        ("借条：欠款三千元".encode(), kinds.TEXT),
        ("借条：欠款三千元".encode("gb18030"), kinds.TEXT),
    ],
)
def test_a_file_is_what_its_bytes_say_and_stays_as_it_is(data, kind):
    done = clean(data)
    assert (done.found, done.media_type, done.data) == (kind, kind, data)


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03\x00\x00",
        b"\x7fELF\x02\x01",
        b"<html><script>alert(1)</script></html>",
        b"<?xml version='1.0'?><svg onload='x()'/>",
        b"<!-- --><svg onload='x()'/>",
        b"<?php system('x');",
        b"#!/bin/sh\nrm -rf /\n",
        b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40,
        b"\x00",
    ],
)
def test_programs_pages_and_films_are_no_kind_we_take(data):
    assert refused(data) == "kind_unknown"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"photos/1.jpg": "x"}), "archive"),
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 50, "archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, "archive"),
        (b"\x1f\x8b\x08" + b"x" * 50, "archive"),
        (b"\0" * 257 + b"ustar" + b"\0" * 300, "archive"),
        (b"PK\x05\x06" + b"\0" * 18, "archive"),
        (OLE + b"\x00" * 100, "old_office"),
    ],
)
def test_archives_and_old_or_locked_office_files_are_named_as_such(data, code):
    assert refused(data) == code


@pytest.mark.parametrize(
    "data",
    [
        office(extra={"word/vbaProject.bin": "x"}),
        office(extra={"word/embeddings/oleObject1.bin": "x"}),
        office(extra={"word/activeX/activeX1.xml": "<x/>"}),
        office(extra={"word/media/run.exe": "MZ"}),
        office("xl", extra={"xl/macrosheets/sheet1.xml": "<x/>"}),
        office(types='<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'),
        office(relations=relation("attachedTemplate", "http://evil.example/x.dotm")),
        office(relations=relation("attachedTemplate", "template.dotx", "Internal")),
        office(relations=relation("image", "http://evil.example/pixel.png")),
        office(relations=relation("oleObject", "x.bin", "Internal")),
        office(relations=relation("frame", "\\\\evil\\x.htm")),
        office(relations=relation("aFChunk", "x.rtf", "Internal")),
        office(relations=relation("hyperlink", "javascript:alert(1)")),
        office("xl", relations=relation("externalLinkPath", "file:///c:/x.xlsx")),
        office(extra={"word/header1.xml": "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"}),
        office(extra={"word/header1.xml": "<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>".encode("utf-16")}),
        office(extra={"word/footer1.xml": "<w:p xmlns:w='w'><w:instrText> DDEA</w:instrText><w:instrText>UTO c:\\cmd</w:instrText></w:p>"}),
        office(extra={"word/footer1.xml": "<w:p xmlns:w='w'><w:fldSimple w:instr=' DDE \"cmd\" '/></w:p>"}),
        office("xl", extra={"xl/externalLinks/externalLink1.xml": "<x><ddeLink ddeService='cmd'/></x>"}),
    ],
)  # fmt: skip
def test_what_runs_or_reaches_out_is_refused(data):
    assert refused(data) == "dangerous"


def test_a_link_that_waits_for_a_click_stays():
    data = office(relations=relation("hyperlink", "https://www.example.com/"))
    assert clean(data).data == data


def test_a_zip_bomb_is_refused_by_size_ratio_and_number(monkeypatch):
    assert refused(office(size=5_000_000)) == "bomb"
    assert refused(office(), unpacked_bytes=50) == "bomb"
    monkeypatch.setattr(workshop_office, "MAX_ENTRIES", 3)
    assert refused(office(extra={f"word/{n}.xml": "<x/>" for n in range(5)})) == "bomb"


def test_sizes_in_the_header_are_not_believed():
    data = bytearray(office(extra={"word/media/a.bmp": b"\0" * 800_000}))
    # the directory's entry says 10 bytes
    at = data.rindex((800_000).to_bytes(4, "little"))
    data[at : at + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(data), unpacked_bytes=500_000) in {"bomb", "damaged"}


def test_a_locked_entry_is_refused():
    data = bytearray(office())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(bytes(data)) == "encrypted"


def test_broken_ones_are_refused():
    assert refused(office()[:80]) == "damaged"
    assert refused(office(extra={"word/header1.xml": "<x>"})) == "damaged"
    assert refused(office()[:-30]) == "damaged"


def test_an_office_file_that_is_a_pdf_too_is_refused():
    assert (
        refused(zipped({"a.txt": PDF[:900].decode("latin-1"), "[Content_Types].xml": "<x/>", "word/a.xml": "<x/>"}))
        == "two_kinds"
    )
