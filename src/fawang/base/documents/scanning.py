"""The port of malware scanners: every file is shown to one before it is kept.

`FAWANG_CLAMAV` names a ClamAV daemon (`unix:/run/clamav/clamd.ctl` or `tcp://host:3310`). Without one, or while it is
down, files are marked as not scanned, or refused where the installation says so (`FAWANG_UNSCANNED=refuse`). Another
product is a `Scanner` of its own, registered for the scheme of its address.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from fawang.base.documents.values import Scan

logger = logging.getLogger(__name__)
_PIECE = 64 * 1024
_MOST_OF_ANSWER = 4096
_DEFAULT_PORT = 3310


@dataclass(frozen=True)
class Verdict:
    """What a scanner said; `signature` is its name for what it found."""

    scan: Scan
    signature: str = ""


class Unreached(Exception):
    """The scanner did not answer, or not in words that mean anything."""


class Scanner(Protocol):
    """Somebody who looks for viruses. Both raise Unreached."""

    def scan(self, data: bytes) -> str:
        """The name of what was found; empty when there is nothing."""

    def version(self) -> str:
        """What it is, with the state of its signatures."""


class Clamd:
    """A ClamAV daemon, over a socket file or TCP, with its INSTREAM command (clamd(8))."""

    def __init__(self, address: str | tuple[str, int], seconds: float) -> None:
        self.address, self.seconds = address, seconds

    def scan(self, data: bytes) -> str:
        """The name of what was found; empty when there is nothing. Raises Unreached."""
        pieces = [data[at : at + _PIECE] for at in range(0, len(data), _PIECE)]
        sent = b"".join(struct.pack(">I", len(piece)) + piece for piece in pieces)
        said = self._ask(b"zINSTREAM\0" + sent + struct.pack(">I", 0))
        said = said.removeprefix("stream: ")
        if said == "OK":
            return ""
        if said.endswith(" FOUND"):
            return said.removesuffix(" FOUND")[:100]
        raise Unreached(said[:100])

    def version(self) -> str:
        """Its own words about itself. Raises Unreached."""
        return self._ask(b"zVERSION\0")

    def _ask(self, question: bytes) -> str:
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        try:
            with self._connect(family) as line:
                try:
                    line.sendall(question)
                except (BrokenPipeError, ConnectionResetError):
                    # it stops listening when a file is too large for it, and says so
                    logger.debug("documents: the scanner closed early")
                return self._answer(line)
        except (OSError, UnicodeDecodeError) as error:
            raise Unreached(type(error).__name__) from None

    def _connect(self, family: socket.AddressFamily) -> socket.socket:
        if family == socket.AF_INET and isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=self.seconds)
        line = socket.socket(family, socket.SOCK_STREAM)
        line.settimeout(self.seconds)
        line.connect(self.address)
        return line

    def _answer(self, line: socket.socket) -> str:
        answer = b""
        while b"\0" not in answer and len(answer) < _MOST_OF_ANSWER:
            piece = line.recv(1024)
            if not piece:
                break
            answer += piece
        said = answer.split(b"\0", 1)[0].decode().strip()
        if not said:
            raise Unreached("no answer")
        return said


def _clamd(address: SplitResult, seconds: float) -> Scanner:
    if address.scheme == "unix":
        return Clamd(address.path, seconds)
    return Clamd((address.hostname or "127.0.0.1", address.port or _DEFAULT_PORT), seconds)


_makers: dict[str, Callable[[SplitResult, float], Scanner]] = {"unix": _clamd, "tcp": _clamd}


def register_scanner(scheme: str, make: Callable[[SplitResult, float], Scanner]) -> None:
    """Add another product, by the scheme of its address, once, at start-up."""
    _makers[scheme] = make


def configured() -> Scanner | None:
    """The scanner of this installation, or None. Raises ValueError for an address that means nothing."""
    if not settings.FAWANG_CLAMAV:
        return None
    address = urlsplit(settings.FAWANG_CLAMAV)
    if address.scheme not in _makers:
        raise ValueError("FAWANG_CLAMAV must begin with unix: or tcp://")
    return _makers[address.scheme](address, float(settings.FAWANG_CLAMAV_TIMEOUT_SECONDS))


def scan(data: bytes) -> Verdict:
    """What the scanner says of a file; that there is none or that it did not answer is a verdict too."""
    scanner = configured()
    if scanner is None:
        return Verdict(Scan.NOT_SCANNED)
    try:
        signature = scanner.scan(data)
    except Unreached as silence:
        logger.warning("documents: the scanner did not answer (%s)", silence)
        return Verdict(Scan.UNREACHED)
    return Verdict(Scan.INFECTED, signature) if signature else Verdict(Scan.CLEAN)
