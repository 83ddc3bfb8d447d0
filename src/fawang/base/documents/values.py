"""Frozen data about files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO
from urllib.parse import quote

MAX_NAME_CHARACTERS = 120
MAX_PER_ORDER = 60


@dataclass(frozen=True)
class DocumentValue:
    """A kept file: `size` in bytes, `sha256` in hex, `order_ref` a number or a draft's token (empty: none yet)."""

    token: str
    name: str
    media_type: str
    size: int
    sha256: str
    order_ref: str
    owner_id: int | None
    uploaded_by: str
    at: datetime

    @property
    def headers(self) -> dict[str, str]:
        """The headers to serve it with: always saved, never shown inside our pages (CWE-79)."""
        return {
            "Content-Type": self.media_type,
            "Content-Length": str(self.size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        }


@dataclass(frozen=True)
class OpenDocument:
    """A file opened for reading; whoever gets it closes it."""

    value: DocumentValue
    content: IO[bytes]
