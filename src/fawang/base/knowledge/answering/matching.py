"""Which published pieces are about a question: words in common, weighed by how rare they are in the law."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import rjieba
from numpy.typing import NDArray

from fawang.base.knowledge.search import terms
from fawang.base.knowledge.search.indexing import Index
from fawang.base.knowledge.selectors.pieces import published
from fawang.base.knowledge.values import PieceKind, PieceValue

# from here on a piece is about the question; chosen on pairs of questions and answers (docs/rooms/knowledge.md)
ENOUGH = 0.42
MOST = 400
_UNKNOWN = 6.0
_LETTERS = "我你他她它的了吗呢吧啊是不在有没要想去来就都也还很这那个和与跟给把被会能办做说几一人家上下到从对后前时里咋"
_FILLING = frozenset(_LETTERS).union(
    ["我们", "他们", "没有", "可以", "怎么", "怎样", "怎么办", "如何", "什么", "哪里", "哪个", "为什么", "多少"],
    ["多久", "请问", "您好", "你好", "谢谢", "应该", "应当", "现在", "已经", "但是", "因为", "所以", "如果", "啷个"],
    ["咋办", "咋个", "一个"],
)


@dataclass(frozen=True)
class About:
    """A piece with how much it is about the question, from 0 to 1."""

    piece: PieceValue
    score: float


def _words(text: str) -> frozenset[str]:
    return frozenset(
        word for word in rjieba.cut(terms.plain(text)) if word not in _FILLING and any(c.isalnum() for c in word)
    )


@lru_cache(maxsize=2 * MOST)
def _of(_key: str, _version: int, title: str, text: str) -> tuple[frozenset[str], frozenset[str]]:
    return _words(title), _words(f"{title}\n{text}")


class Weights:
    """How much a word tells: its rarity in the law; a word that no law has tells about as much as a rare one."""

    def __init__(self, index: Index, question: str) -> None:
        self.words = sorted(_words(question))
        codes: NDArray[np.uint64] = np.array([terms.word_code(word) for word in self.words], dtype=np.uint64)
        known, found = index.words.find(codes)
        weights = np.full(len(codes), _UNKNOWN, dtype=np.float32)
        weights[known] = index.words.rarity(found)
        self.of = dict(zip(self.words, weights.tolist(), strict=True))
        self.all = sum(self.of.values())

    def share(self, words: frozenset[str]) -> float:
        """Which share of the question these words have."""
        return sum(self.of.get(word, 0.0) for word in words) / self.all if self.all else 0.0

    def text(self, text: str) -> float:
        """What a stretch of text has in common with the question."""
        return sum(weight for word, weight in self.of.items() if word in text)


def score(weights: Weights, title: str, text: str, *, key: str = "", version: int = 0) -> float:
    """How much a piece is about the question: the question's words in it, and the title's words in the question."""
    titled, every = _of(key, version, title, text)
    asked = weights.share(every)
    if not titled:
        return asked
    named = sum(1 for word in titled if word in weights.of) / len(titled)
    return 0.6 * asked + 0.4 * max(named, weights.share(titled))


def _score(weights: Weights, piece: PieceValue) -> float:
    return score(weights, piece.title, f"{piece.summary}\n{piece.body}", key=piece.id, version=piece.version)


def about(index: Index, question: str, with_added: str, most: int = 2) -> tuple[list[About], Weights]:
    """The published pieces that are about a question, as asked or with the law's words, and in no doubt; best first."""
    weights, as_asked = Weights(index, with_added), Weights(index, question)
    found = [
        About(piece, max(_score(weights, piece), _score(as_asked, piece)))
        for piece in published(most=MOST)
        if not piece.doubts and piece.kind != PieceKind.EVENT
    ]
    best = sorted(found, key=lambda one: (-one.score, one.piece.id))[:most]
    return [one for one in best if one.score >= ENOUGH], weights
