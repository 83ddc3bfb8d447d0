"""Text in pictures, read on this machine (optional: `script/setup --ocr`)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from PIL import Image

from fawang.base.documents.workshop import drawing
from fawang.base.documents.workshop.refusals import refuse
from fawang.base.documents.workshop.values import Limits, Line

# cards are read well at this size, and larger ones only take longer
SIDE_PIXELS = 1_600


def read(data: bytes, media_type: str, turn: int, limits: Limits) -> list[Line]:
    """The lines of text of the first page, turned left by `turn` degrees before reading.

    Raises Refused: cannot_read (no reader installed), no_picture, damaged.
    """
    try:
        numpy, reader = import_module("numpy"), import_module("rapidocr_onnxruntime")
    except ImportError:
        refuse("cannot_read")
    picture = drawing.draw(data, media_type, 1, SIDE_PIXELS, limits).convert("RGB")
    if turn:
        picture = picture.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    # the reader expects blue first
    found, _seconds = reader.RapidOCR(intra_op_num_threads=1)(numpy.asarray(picture)[:, :, ::-1])
    return [_line(one) for one in found or []]


def _line(found: Any) -> Line:  # noqa: ANN401 - [four corners, text, confidence]
    corners, text, sure = found
    across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    return Line(str(text), min(across), min(down), max(across), max(down), float(sure))
