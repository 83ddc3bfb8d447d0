"""Why a file is not taken, as a code that `documents.errors` turns into a sentence."""

from __future__ import annotations

from typing import NoReturn


class Refused(Exception):
    """A file that is not taken. `code` names an error of the room, `details` fill its sentence."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def refuse(code: str, **details: str | int) -> NoReturn:
    """Raise Refused, hiding what a decoder said: its words may quote the file."""
    raise Refused(code, **details) from None
