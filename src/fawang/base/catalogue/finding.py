"""Which services a story may be about: two-character pieces and English words of what a service says of itself.

No dictionary and no training: names, the words people use (`aliases`), summary, conditions and the choices of its own
questions, each with a weight, against the pieces of the story; a piece that many services have says little.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import is_

from fawang.base.catalogue.schema import ServiceItem
from fawang.base.catalogue.values import Published

_PUNCTUATION = re.compile(r"[\W_]+")
_WORD = re.compile(r"[a-z]{3,}")
_NAME, _SUMMARY, _CONDITIONS, _CHOICE = 1.0, 0.6, 0.3, 0.4
# below this a story has hardly a word in common with a service
_LEAST = 3.0
# a text that is hardly more than one word that a service names as its own
_WHOLE = 5.0
# what people write in every story; it says nothing about the matter
_CHATTER = (
    "怎么办 怎么 我想 请问 可以 能不能 是不是 怎样 如何 应该 需要 现在 什么 多少 时候 没有 因为 一个 我们 他们 自己 "
    "已经 这个 那个 还是 如果 要求 办理 申请 问题 处理 情况 问一下 您好 你好 事情"
)
_CHAT_ENGLISH = "the and for with that this what how can have has not was are you your from will who which"


def pieces(text: str) -> set[str]:
    """The two-character pieces and English words of a text."""
    plain = _PUNCTUATION.sub(" ", text.lower())
    pairs = {plain[at : at + 2] for at in range(len(plain) - 1)}
    return {pair for pair in pairs if not pair.isascii() and " " not in pair} | set(_WORD.findall(plain))


_SAYS_NOTHING = pieces(f"{_CHATTER} {_CHAT_ENGLISH}")


@dataclass(frozen=True)
class Index:
    """For each piece the services that have it, with what it counts there."""

    services: tuple[Published, ...]
    places: dict[str, tuple[tuple[int, float], ...]]
    words: tuple[tuple[str, tuple[int, ...]], ...]

    def search(self, text: str, limit: int) -> list[Published]:
        """The services nearest to a text, best first; none that has hardly a word in common with it."""
        score: dict[int, float] = defaultdict(float)
        for piece in pieces(text) - _SAYS_NOTHING:
            for at, weight in self.places.get(piece, ()):
                score[at] += weight
        short = text.strip().lower()
        for word, named in self.words:
            if len(word) * 2 >= len(short) and word in short:
                for at in named:
                    score[at] += _WHOLE
        best = sorted(score, key=lambda at: (-score[at], self.services[at].code))[:limit]
        return [self.services[at] for at in best if score[best[0]] >= _LEAST and score[at] >= score[best[0]] / 4]


def _weights(item: ServiceItem) -> dict[str, float]:
    """What a service says of itself, each piece with the weight of the best place it stands in."""
    said = [(text, _NAME) for text in (item.zh, item.en, *item.aliases)]
    said += [(text, _SUMMARY) for text in (item.summary.zh, item.summary.en)]
    said += [(text, _CONDITIONS) for text in (item.guide.conditions.zh, item.guide.conditions.en)]
    said += [(option.zh, _CHOICE) for question in item.questions if not question.bank for option in question.options]
    found: dict[str, float] = {}
    for text, weight in said:
        for piece in pieces(text):
            found[piece] = max(found.get(piece, 0.0), weight)
    return found


_kept: list[Index] = []


def index_of(services: Sequence[Published]) -> Index:
    """The index of these services; made once for the same versions (the same objects, `selectors.version`)."""
    for index in _kept:
        if len(index.services) == len(services) and all(map(is_, index.services, services)):
            return index
    index = _index(tuple(services))
    _kept[:] = [index]
    return index


def _index(services: tuple[Published, ...]) -> Index:
    raw: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, published in enumerate(services):
        for piece, weight in _weights(published.item).items():
            raw[piece].append((at, weight))
    places = {}
    for piece, found in raw.items():
        rarity = math.log(1 + (len(services) - len(found) + 0.5) / (len(found) + 0.5))
        places[piece] = tuple((at, weight * rarity) for at, weight in found)
    words: dict[str, list[int]] = defaultdict(list)
    for at, published in enumerate(services):
        for word in {alias.lower() for alias in published.item.aliases if not alias.isascii()}:
            words[word].append(at)
    return Index(services, places, tuple((word, tuple(named)) for word, named in words.items()))
