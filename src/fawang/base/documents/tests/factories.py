"""Small real files of every kind, and dangerous ones, made in memory."""

from __future__ import annotations

import io
import zipfile

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

# the file that every scanner takes for a virus and nobody suffers from (eicar.org), in two halves so that no scanner
# takes this one for it
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def picture(kind="JPEG", size=(60, 40), colour="#c03020", **save):
    out = io.BytesIO()
    mode = save.pop("mode", "RGB")
    Image.new(mode, size, colour).save(out, kind, **save)
    return out.getvalue()


def pdf(pages=1, change=None, **save):
    """A PDF of blank pages; `change` gets the pikepdf document before it is saved."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 280))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, static_id=True, **save)
    return out.getvalue()


JPEG, PNG, PDF = picture(), picture("PNG"), pdf()


def upload(name="合同.jpg", data=JPEG):
    return SimpleUploadedFile(name, data)


def office(folder="word", extra=None, size=100, types="", relations=""):
    out = io.BytesIO()
    schema = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{schema}/content-types">{types}</Types>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{schema}/relationships">{relations}</Relationships>')
        archive.writestr(f"{folder}/document.xml", f"<document>{'x' * size}</document>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def relation(kind, target, mode="External"):
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="r1" Type="{base}/{kind}" Target="{target}" TargetMode="{mode}"/>'
