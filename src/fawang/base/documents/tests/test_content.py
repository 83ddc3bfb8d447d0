import io
import zipfile

import pytest

from fawang.base.documents import content
from fawang.base.documents.errors import Bomb, Damaged, Dangerous, Disguised, KindUnknown
from fawang.base.documents.naming import clean_name
from fawang.base.documents.tests.factories import JPEG, PDF, PNG, office, pdf_with, pdf_with_hidden


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (JPEG, content.JPEG),
        (PNG, content.PNG),
        (b"GIF89a" + b"\x00" * 20, content.GIF),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", content.WEBP),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", content.HEIC),
        (PDF, content.PDF),
        (office("word"), content.DOCX),
        (office("xl"), content.XLSX),
        (office("ppt"), content.PPTX),
        ("借条：欠款三千元".encode(), content.TEXT),
        ("借条：欠款三千元".encode("gb18030"), content.TEXT),
    ],
)
def test_a_file_is_what_its_bytes_say(data, kind):
    assert content.media_type_of(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03\x00\x00",
        b"\x7fELF\x02\x01",
        b"<html><script>alert(1)</script></html>",
        b"<?xml version='1.0'?><svg onload='x()'/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100,
    ],
)
def test_programs_pages_and_old_office_files_are_no_kind_we_take(data):
    with pytest.raises(KindUnknown):
        content.media_type_of(data)


@pytest.mark.parametrize(
    "inside",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/OpenAction << /S /J#61vaScript >>",
        b"/AA << /JS(x) >>",
        b"/S /Launch /F (cmd.exe)",
        b"/Names << /EmbeddedFiles [] >> /Type /EmbeddedFile",
    ],
)
def test_a_pdf_that_runs_or_carries_something_is_refused_openly_and_hidden(inside):
    with pytest.raises(Dangerous):
        content.media_type_of(pdf_with(inside))
    with pytest.raises(Dangerous):
        content.media_type_of(pdf_with_hidden(inside))


def test_a_picture_inside_a_pdf_is_not_taken_for_a_script():
    data = PDF.replace(b"trailer", b"3 0 obj << /Subtype /Image >> stream\n\x00/JS(\x01\nendstream endobj\ntrailer")
    assert content.media_type_of(data) == content.PDF


def test_macros_and_embedded_objects_are_refused():
    with pytest.raises(Dangerous):
        content.media_type_of(office(extra={"word/vbaProject.bin": "x"}))
    with pytest.raises(Dangerous):
        content.media_type_of(office(extra={"word/embeddings/oleObject1.bin": "x"}))


def test_a_zip_bomb_is_refused_by_size_ratio_and_number(monkeypatch):
    with pytest.raises(Bomb):
        content.media_type_of(office(size=5_000_000))
    monkeypatch.setattr(content, "MAX_ENTRIES", 3)
    with pytest.raises(Bomb):
        content.media_type_of(office(extra={f"word/{n}.xml": "x" for n in range(5)}))
    monkeypatch.setattr(content, "MAX_ENTRIES", 100)
    monkeypatch.setattr(content, "MAX_UNPACKED_BYTES", 50)
    with pytest.raises(Bomb):
        content.media_type_of(office())


def test_a_broken_office_file_and_a_plain_zip_are_refused():
    with pytest.raises(Damaged):
        content.media_type_of(office()[:80])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photos/1.jpg", "x")
    with pytest.raises(KindUnknown):
        content.media_type_of(out.getvalue())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("合同.JPG", "合同.jpg"),
        ("C:\\Users\\张三\\合同.jpeg", "合同.jpeg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("合同\u202egpj.jpg", "合同gpj.jpg"),
        ("a\x00b\r\n.jpg", "ab.jpg"),
        ("", "文件.jpg"),
        ("2026.11.24", "2026.11.24.jpg"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
    ],
)
def test_names_lose_paths_and_tricks(name, kept):
    assert clean_name(name, content.JPEG) == kept


@pytest.mark.parametrize("name", ["合同.pdf", "合同.exe", "合同.png", "合同.docx", "合同.svg"])
def test_a_disguised_file_is_named_as_such(name):
    with pytest.raises(Disguised) as caught:
        clean_name(name, content.JPEG)
    assert name.rsplit(".", 1)[1] in caught.value.text
    assert "jpg" in caught.value.text
