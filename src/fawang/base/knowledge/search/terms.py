"""Texts as numbers: two-character pieces and words, each a code below 2^42."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import rjieba
from numpy.typing import NDArray

Codes = NDArray[np.uint64]
CODE_BITS = 42
_CHARACTER_BITS = 21
_BREAK = "\n"
_PLANE = 0x10000


def plain(text: str) -> str:
    """Compatible forms as one (full width, circled), lower case; what both articles and questions go through."""
    return unicodedata.normalize("NFKC", text).replace("\x00", "").lower()


@lru_cache(maxsize=1)
def _is_word() -> NDArray[np.bool_]:
    return np.array([chr(point).isalnum() for point in range(_PLANE)], dtype=bool)


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def pieces_of_many(texts: Sequence[str]) -> tuple[Codes, NDArray[np.int64]]:
    """The two-character pieces of texts, with the number of the text each is of; no piece crosses a sign or a text."""
    clean = [plain(text).replace(_BREAK, " ") for text in texts]
    points = _points(_BREAK.join(clean) + _BREAK)
    owner = np.repeat(np.arange(len(clean)), [len(text) + 1 for text in clean])
    known = _is_word()[np.minimum(points, _PLANE - 1)] | (points >= _PLANE)
    pairs = np.flatnonzero(known[:-1] & known[1:])
    codes = (points[pairs].astype(np.uint64) << np.uint64(_CHARACTER_BITS)) | points[pairs + 1].astype(np.uint64)
    return codes, owner[pairs]


def pieces(text: str) -> Codes:
    """The two-character pieces of a text, in order."""
    return pieces_of_many([text])[0]


def beginning_with(character: str) -> tuple[int, int]:
    """The range of the codes of pieces that begin with a character."""
    point = ord(character)
    return point << _CHARACTER_BITS, (point + 1) << _CHARACTER_BITS


@lru_cache(maxsize=200_000)
def word_code(word: str) -> int:
    """The code of a word: a digest, so that no list of words is kept."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") >> (64 - CODE_BITS)


def words(text: str) -> Codes:
    """The words of a text, longer ones also in their parts, in order."""
    found = rjieba.cut_for_search(plain(text))
    return np.array([word_code(word) for word in found if any(c.isalnum() for c in word)], dtype=np.uint64)


def words_of_many(texts: Sequence[str]) -> tuple[Codes, NDArray[np.int64]]:
    """The words of texts, with the number of the text each is of."""
    parts = [words(text) for text in texts]
    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return (np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)), owner
