"""Small real files of every kind, and dangerous ones, made in memory."""

from __future__ import annotations

import io
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def upload(name="合同.jpg", data=JPEG):
    return SimpleUploadedFile(name, data)


def office(folder="word", extra=None, size=100):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "x" * size)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf_with(inside):
    return PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + inside)


def pdf_with_hidden(inside):
    packed = zlib.compress(inside)
    stream = b"2 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + packed + b"\nendstream endobj\n"
    return PDF.replace(b"trailer", stream + b"trailer")
