"""QR codes as data URIs of SVG pictures: drawn here, so that no secret leaves the house."""

from __future__ import annotations

import base64
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def data_uri(text: str) -> str:
    """A QR code of `text` for an `<img src>`; black on white in every colour scheme."""
    picture = qrcode.make(text, image_factory=SvgPathImage, border=4)
    out = BytesIO()
    picture.save(out)
    svg = out.getvalue().replace(b"<path", b'<rect width="100%" height="100%" fill="#fff"/><path', 1)
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
