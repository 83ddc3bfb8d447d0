"""Identifiers that people see. None of them tells how many there are.

`serial` is a keyed permutation of 0…999,999: a format-preserving Feistel network over 1000 × 1000, so two inputs never
share an output and nobody without the key learns the input (§1 of the work-order standard).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_SPACE = 1000
_ROUNDS = 8
# no 0/O, 1/I/L, U/V: read aloud on the telephone without mistakes
READABLE = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def token(length: int = 22) -> str:
    """A random lower-case identifier for URLs; 22 characters carry 110 bits."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    return "".join(secrets.choice(alphabet) for _ in range(length))


def readable_code(length: int = 8) -> str:
    """A random code for people to read, type and say."""
    return "".join(secrets.choice(READABLE) for _ in range(length))


def serial(value: int, *, key: bytes, tweak: str) -> int:
    """Permute `value` (0 ≤ value < 1,000,000) under `key` and `tweak`. Raises ValueError outside the range."""
    if not 0 <= value < _SPACE * _SPACE:
        raise ValueError("outside the serial's range")
    left, right = divmod(value, _SPACE)
    for round_number in range(_ROUNDS):
        message = f"{tweak}|{round_number}|{right}".encode()
        mixed = int.from_bytes(hmac.new(key, message, hashlib.sha256).digest()[:8], "big")
        left, right = right, (left + mixed) % _SPACE
    return left * _SPACE + right


def check_mod_11_2(digits: str) -> str:
    """The ISO 7064 MOD 11-2 check character of a string of digits (`X` for ten)."""
    total = 0
    for digit in digits:
        total = ((total + int(digit)) * 2) % 11
    value = (12 - total) % 11
    return "X" if value == 10 else str(value)


def row_number(text: str) -> int | None:
    """The id that a text from outside names; None for anything else (`²` is a digit to Python, and a database has no
    room for more than 18)."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
