"""Chinese from pinyin, for the keyboard on a kiosk's screen: words and characters, the commoner in our texts first."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from pypinyin import constants
from pypinyin.contrib.tone_convert import to_normal

from fawang.base.catalogue import selectors as catalogue

MOST = 24
MAX_LETTERS = 24


@lru_cache(maxsize=1)
def _index() -> dict[str, list[str]]:
    """Words and characters by their pinyin without tones."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, readings in constants.PINYIN_DICT.items():
        # the characters of everyday texts; rare ones would bury them
        if 0x4E00 <= code <= 0x9FA5:
            for reading in readings.split(","):
                found[to_normal(reading).replace("ü", "v")].add(chr(code))
    for word, parts in constants.PHRASES_DICT.items():
        if 2 <= len(word) <= 4:
            found["".join(to_normal(part[0]).replace("ü", "v") for part in parts)].add(word)
    return {key: sorted(words) for key, words in found.items()}


@lru_cache(maxsize=1)
def _text() -> str:
    """Chinese as people meet it here: what services are called, how people ask for them, what is asked."""
    pieces: list[str] = []
    for published in catalogue.items(listed_only=False):
        item = published.item
        pieces += [item.zh, item.summary.zh, item.guide.conditions.zh, item.guide.steps.zh, *item.aliases]
        pieces += [question.zh for question in item.questions]
    return "\n".join(pieces)


@lru_cache(maxsize=2_000)
def candidates(typed: str) -> tuple[str, ...]:
    """What the letters may mean, best first, at most 24; () for what is no pinyin."""
    letters = typed.lower().replace("'", "")[:MAX_LETTERS]
    if not letters.isascii() or not letters.isalpha():
        return ()
    words = _index().get(letters, [])
    text = _text()
    ranked = sorted(words, key=lambda word: (-text.count(word) * len(word), len(word) > 1, word))
    return tuple(ranked[:MOST])
