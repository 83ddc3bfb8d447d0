"""Pictures: decoded to the last row and written anew.

What is kept are the pixels as a person sees them: turned the right way up, in sRGB, at most so large, and nothing of
what a phone writes beside them (place, time, device, thumbnails of what was cut away; PIPL art. 6 and 28). Whatever
else was hidden in the file – a second file behind the first, a script in a comment – is gone with it.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageCms

from fawang.base.documents.workshop.kinds import GIF, JPEG, PNG, WEBP
from fawang.base.documents.workshop.refusals import refuse
from fawang.base.documents.workshop.values import Cleaned, Limits

# Multi-picture JPEGs of phones (a depth map, a second lens behind the photo) are JPEGs to everybody
_FORMATS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), GIF: ("GIF",), WEBP: ("WEBP",)}
_MEGA = 1_000_000
_ORIENTATION = 0x0112
# how the camera was held (Exif 2.32 §4.6.4), undone
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
JPEG_QUALITY = 90
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)


@contextmanager
def _decoding() -> Iterator[None]:
    """Whatever a decoder says about broken bytes means: damaged."""
    try:
        yield
    except _BROKEN:
        refuse("damaged")


def opened(data: bytes, kind: str, limits: Limits) -> Image.Image:
    """The first picture of a file, decoded, the right way up, in RGB, RGBA or L, without anything beside the pixels.

    Raises Refused: too_many_pixels, animated, damaged.
    """
    # opening reads no more than the size; the limit is ours, a few lines below
    Image.MAX_IMAGE_PIXELS = None
    side = limits.picture_side_pixels
    with _decoding():
        picture = Image.open(io.BytesIO(data), formats=_FORMATS[kind])
    if picture.width * picture.height > limits.picture_pixels:
        refuse("too_many_pixels", megapixels=limits.picture_pixels // _MEGA)
    with _decoding():
        if getattr(picture, "is_animated", False) and picture.format != "MPO":
            refuse("animated")
        picture.draft("RGB", (side, side))
        picture.load()
        turn = _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1))
        profile = picture.info.get("icc_profile")
        # made small first: of a large picture there is room for one copy
        small = _in_eight_bits(picture)
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        plain = _in_srgb(small, profile)
        plain = plain if turn is None else plain.transpose(turn)
    plain.info.clear()
    return plain


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """RGB, RGBA, L or CMYK, with no channel wider than a byte."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in {"RGB", "RGBA", "L", "CMYK"}:
        has_keyed_colour = picture.mode != "RGBA" and "transparency" in picture.info
        return picture.convert("RGBA") if has_keyed_colour else picture
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    return picture.convert("L" if picture.mode == "1" else "RGBA" if has_alpha else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as any screen shows them; a profile that makes no sense is left aside."""
    target = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile and picture.mode != "L":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, srgb, outputMode=target)
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture if picture.mode == "L" else picture.convert(target)


def as_jpeg(picture: Image.Image, quality: int = JPEG_QUALITY) -> bytes:
    """The picture as a JPEG; what is see-through becomes white."""
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def as_png(picture: Image.Image) -> bytes:
    """The picture as a PNG."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def clean(data: bytes, kind: str, limits: Limits) -> Cleaned:
    """The picture written anew: photos as JPEG, drawings and screenshots as PNG unless that would be too large.

    Raises Refused as `opened` does, and too_large.
    """
    picture = opened(data, kind, limits)
    is_drawn = kind in {PNG, GIF} or picture.mode == "RGBA"
    kept, media_type = (as_png(picture), PNG) if is_drawn else (as_jpeg(picture), JPEG)
    if len(kept) > limits.kept_bytes and media_type == PNG:
        kept, media_type = as_jpeg(picture), JPEG
    if len(kept) > limits.kept_bytes:
        refuse("too_large", megabytes=max(limits.kept_bytes // (1024 * 1024), 1))
    return Cleaned(kind, media_type, kept)
