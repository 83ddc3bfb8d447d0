"""Photographed pages bound into one PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import pikepdf

from fawang.base.documents.workshop import kinds, pictures
from fawang.base.documents.workshop.kinds import PDF
from fawang.base.documents.workshop.refusals import Refused, refuse
from fawang.base.documents.workshop.values import Cleaned, Limits

# enough to read small print on an A4 page (about 210 dots an inch) without a file of tens of megabytes
PAGE_SIDE_PIXELS = 2_480
_QUALITY = 80
_A4_LONG_POINTS, _A4_SHORT_POINTS = 842, 595


def bind(photos: Sequence[bytes], limits: Limits) -> Cleaned:
    """The photos, in order, as a PDF of one page each, upright or across as the photo is.

    Raises Refused: not_a_photo (with the number of the page), what is wrong with a photo, too_large.
    """
    of_page = replace(limits, picture_side_pixels=min(PAGE_SIDE_PIXELS, limits.picture_side_pixels))
    pdf = pikepdf.new()
    for number, photo in enumerate(photos, 1):
        kind = _kind(photo, number)
        picture = pictures.opened(photo, kind, of_page)
        _add_page(pdf, pictures.as_jpeg(picture, _QUALITY), picture.size, is_grey=picture.mode == "L")
    out = io.BytesIO()
    # the same photos make the same file
    pdf.save(out, deterministic_id=True)
    if out.tell() > limits.kept_bytes:
        refuse("too_large", megabytes=max(limits.kept_bytes // (1024 * 1024), 1))
    return Cleaned(PDF, PDF, out.getvalue(), pages=len(photos))


def _kind(photo: bytes, number: int) -> str:
    try:
        kind = kinds.sniff(photo)
    except Refused as refusal:
        if refusal.code == "heic":
            raise
        refuse("not_a_photo", number=number)
    if kind not in kinds.PICTURES:
        refuse("not_a_photo", number=number)
    return kind


def _add_page(pdf: pikepdf.Pdf, jpeg: bytes, size: tuple[int, int], *, is_grey: bool) -> None:
    width, height = size
    is_upright = height >= width
    box = (_A4_SHORT_POINTS, _A4_LONG_POINTS) if is_upright else (_A4_LONG_POINTS, _A4_SHORT_POINTS)
    scale = min(box[0] / width, box[1] / height)
    wide, high = width * scale, height * scale
    left, bottom = (box[0] - wide) / 2, (box[1] - high) / 2
    image = pikepdf.Stream(
        pdf, jpeg, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
        ColorSpace=pikepdf.Name.DeviceGray if is_grey else pikepdf.Name.DeviceRGB, BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    content = f"q {wide:.2f} 0 0 {high:.2f} {left:.2f} {bottom:.2f} cm /P Do Q"
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page, MediaBox=[0, 0, *box], Contents=pdf.make_stream(content.encode()),
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=image)),
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(page))
