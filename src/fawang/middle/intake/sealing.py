"""Telephone numbers and query codes of contacts: sealed, with the same blind index as those of parties."""

from __future__ import annotations

from fawang.base.identity.values import check_phone, mask_phone
from fawang.kernel import crypto

PHONE = "intake.phone"
CODE = "intake.query_code"
WORDS = "intake.words"


def clean_phone(text: str) -> str:
    """A number as it is stored, or empty for one that is withheld or cannot be a number."""
    try:
        return check_phone(text) if text.strip() else ""
    except ValueError:
        return ""


def seal_phone(phone: str) -> tuple[str, str]:
    """The sealed number and its index, both empty for an empty one."""
    return (crypto.seal(phone, context=PHONE), crypto.index(phone, context=PHONE)) if phone else ("", "")


def open_phone(sealed: str) -> str:
    """The number in clear, for looking people up and for reaching them; never for a page."""
    return crypto.unseal(sealed, context=PHONE) if sealed else ""


def indexes(phone: str) -> list[str]:
    """Every index the number may be stored under."""
    return crypto.indexes(phone, context=PHONE) if phone else []


def masked(sealed: str) -> str:
    """The number as pages show it."""
    return mask_phone(open_phone(sealed))


def seal_words(words: str) -> str:
    """What somebody said, sealed; empty for nothing."""
    return crypto.seal(words, context=WORDS) if words else ""


def open_words(stored: str) -> str:
    """What somebody said; rows from before words were sealed are read as they are."""
    return crypto.unseal(stored, context=WORDS) if crypto.is_sealed(stored) else stored
