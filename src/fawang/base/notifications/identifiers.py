"""Recognises personal identifiers that must not stand in a message's text."""

from __future__ import annotations

import re

_FOUND = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"  # mobile telephone
    r"|(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
)


def masked(text: str) -> str:
    """The text with every such identifier reduced to its ends."""
    return _FOUND.sub(lambda found: f"{found[0][:3]}***{found[0][-2:]}", text)


def holds_identifier(text: str) -> bool:
    """Whether a mobile number, a resident identity number or an e-mail address stands in the text.

    An order's number contains neither: its digits follow letters and its groups do not read as a birth date of an
    identity number standing alone.
    """
    return _FOUND.search(text) is not None
