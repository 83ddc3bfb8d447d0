"""Pages as pictures: to look at a file in a page, and to read it."""

from __future__ import annotations

from importlib import import_module

from PIL import Image

from fawang.base.documents.workshop import pictures
from fawang.base.documents.workshop.kinds import PDF, PICTURES
from fawang.base.documents.workshop.refusals import Refused, refuse
from fawang.base.documents.workshop.values import Limits

_QUALITY = 82


def draw(data: bytes, media_type: str, page: int, side_pixels: int, limits: Limits) -> Image.Image:
    """The page (1 is the first) of a kept picture or PDF, at most so many pixels on its longer side.

    Raises Refused: no_picture (another kind, or no such page), damaged.
    """
    if media_type in PICTURES and page == 1:
        picture = pictures.opened(data, media_type, limits)
        picture.thumbnail((side_pixels, side_pixels), Image.Resampling.LANCZOS)
        return picture
    if media_type == PDF:
        return _page_of_pdf(data, page, side_pixels)
    raise Refused("no_picture")


def _page_of_pdf(data: bytes, number: int, side_pixels: int) -> Image.Image:
    # its start would cost every job that draws nothing
    pypdfium2 = import_module("pypdfium2")
    try:
        document = pypdfium2.PdfDocument(data)
        if not 1 <= number <= len(document):
            refuse("no_picture")
        # what was filled into a form is drawn by it; this build has no engine for scripts
        document.init_forms()
        page = document[number - 1]
        longer = max(page.get_size()) or 1
        bitmap = page.render(scale=side_pixels / longer, rev_byteorder=True)
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        return picture
    except pypdfium2.PdfiumError:
        refuse("damaged")


def as_preview(picture: Image.Image) -> bytes:
    """The picture as it is sent to a page."""
    return pictures.as_jpeg(picture, _QUALITY)
