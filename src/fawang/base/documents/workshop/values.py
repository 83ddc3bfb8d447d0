"""What goes into the workshop and comes out of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a file may be at most; sizes in bytes, pictures in pixels."""

    kept_bytes: int = 10 * 1024 * 1024
    unpacked_bytes: int = 100 * 1024 * 1024
    picture_pixels: int = 120_000_000
    picture_side_pixels: int = 4_000
    pdf_pages: int = 300


@dataclass(frozen=True)
class Cleaned:
    """A file fit to be kept: its kind as handed in and as kept, what was taken out, how many pages (0: no pages)."""

    found: str
    media_type: str
    data: bytes
    removed: tuple[str, ...] = ()
    pages: int = 0


@dataclass(frozen=True)
class Line:
    """A line of text found in a picture: its box in pixels and how sure the reader is (0 to 1)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float
