"""Learns from answered questions: which terms of a question point to which articles.

Two steps, both plain numbers. *Ground*: the corpus alone gives each term and each article a direction (a truncated
singular value decomposition of the weighted term matrix), so that unlike words with like company lie close. *Teaching*:
directions of the questions' terms and of the answering articles are moved until right articles stand above those that
only share words with a question – the likeness is trained as an addition to the match in words, not in its place.
Every method tried, with its figures, is in docs/rooms/knowledge.md and docs/adr/0012.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fawang.base.knowledge.search import ranking
from fawang.base.knowledge.search.figures import LIKENESS, MATCH, WORD, Figures, codes_of
from fawang.base.knowledge.search.indexing import Index
from fawang.base.knowledge.search.inverted import Inverted
from fawang.base.knowledge.search.sparse import Floats, Ints, Rows, unit

Progress = Callable[[str, int, int], None]
DIMENSIONS = 256
MOST_EXAMPLES = 6_000
_EXTRA = 10
_PASSES = 2
_RARE_WORD, _RARE_PIECE, _RARE_ASKED = 2, 3, 2
_ROUNDS = 8
_BATCH = 128
_NEAR = 30
_OTHERS = 800
_WITHOUT_WORDS = 0.3
_RATE = 5e-3
_HOLD = 1e-4


@dataclass(frozen=True)
class Example:
    """A question with the documents that answer it."""

    question: str
    right: tuple[int, ...]


@dataclass(frozen=True)
class Ground:
    """What the corpus alone tells: the terms, how rare they are, and directions of terms and of articles."""

    codes: NDArray[np.uint64]
    rarity: Floats
    terms: Floats
    articles: Floats

    def with_terms_of(self, questions: Sequence[str], size: int) -> Ground:
        """The same with a row for what people say and laws do not; such a term points nowhere until it is taught."""
        asked, times = np.unique(np.concatenate([np.unique(codes_of(text)) for text in questions]), return_counts=True)
        is_new = (times >= _RARE_ASKED) & ~np.isin(asked, self.codes)
        codes = np.concatenate([self.codes, asked[is_new]])
        rarity = np.concatenate([self.rarity, np.log((size + 1) / (times[is_new] + 1)).astype(np.float32)])
        nowhere = np.zeros((int(is_new.sum()), self.terms.shape[1]), dtype=np.float32)
        order = np.argsort(codes)
        return Ground(codes[order], rarity[order], np.concatenate([self.terms, nowhere])[order], self.articles)

    def rows(self, texts: Sequence[str]) -> Rows:
        """Texts as weighted terms, each of length one."""
        owners, columns, weights = [], [], []
        for number, text in enumerate(texts):
            codes, counts = np.unique(codes_of(text), return_counts=True)
            at = np.searchsorted(self.codes, codes)
            at[at == len(self.codes)] = 0
            known = self.codes[at] == codes
            columns.append(at[known])
            weights.append(1 + np.log(counts[known]))
            owners.append(np.full(int(known.sum()), number))
        shape = (len(texts), len(self.codes))
        flat = np.concatenate(owners), np.concatenate(columns), np.concatenate(weights)
        gathered = Rows.gather(*flat, shape)
        return gathered.scaled(self.rarity).unit()


def ground(index: Index, progress: Progress) -> Ground:
    """Directions of terms and articles, from the corpus alone."""
    parts = [_common(index.words, WORD, _RARE_WORD), _common(index.pieces, np.uint64(0), _RARE_PIECE)]
    codes = np.concatenate([codes for codes, _having in parts])
    having = np.concatenate([having for _codes, having in parts])
    order = np.argsort(codes)
    every = codes[order]
    rarity = np.log((index.national + 1) / (having[order] + 1)).astype(np.float32)
    matrix = _articles(index, every).scaled(rarity).unit()
    directions = _directions(matrix, progress)
    return Ground(every, rarity, directions, unit(matrix.times(directions)))


def _common(part: Inverted, mark: np.uint64, rare: int) -> tuple[NDArray[np.uint64], Ints]:
    having = np.diff(part.starts)
    kept = having >= rare
    return np.asarray(part.codes)[kept] | mark, having[kept]


def _articles(index: Index, every: NDArray[np.uint64]) -> Rows:
    """The corpus as rows of terms, out of the index."""
    rows, columns, weights = [], [], []
    for part, mark in ((index.words, WORD), (index.pieces, np.uint64(0))):
        codes = np.asarray(part.codes) | mark
        at = np.minimum(np.searchsorted(every, codes), len(every) - 1)
        column = np.repeat(np.where(every[at] == codes, at, -1), np.diff(part.starts))
        kept = column >= 0
        rows.append(np.asarray(part.documents)[kept].astype(np.int64))
        columns.append(column[kept])
        weights.append(1 + np.log(np.asarray(part.counts)[kept].astype(np.float32)))
    shape = (index.national, len(every))
    return Rows.gather(np.concatenate(rows), np.concatenate(columns), np.concatenate(weights), shape)


def _directions(matrix: Rows, progress: Progress) -> Floats:
    """The leading right singular vectors, by a random sketch and a few passes (Halko, Martinsson, Tropp 2011)."""
    across = matrix.turned()
    wide = min(DIMENSIONS + _EXTRA, len(matrix), matrix.width)
    sketch = np.random.default_rng(0).standard_normal((matrix.width, wide)).astype(np.float32)
    steps = 2 * _PASSES + 2
    for number in range(_PASSES):
        tall, _rest = np.linalg.qr(matrix.times(sketch))
        progress("ground", 2 * number + 1, steps)
        sketch, _rest = np.linalg.qr(across.times(tall))
        progress("ground", 2 * number + 2, steps)
    tall, _rest = np.linalg.qr(matrix.times(sketch))
    small = across.times(tall)
    progress("ground", steps, steps)
    directions, _values, _turn = np.linalg.svd(small, full_matrices=False)
    return np.ascontiguousarray(directions[:, :DIMENSIONS], dtype=np.float32)


@dataclass
class _Moving:
    """A matrix that is moved against its gradient, with memory of where it went (Adam, Kingma and Ba 2015)."""

    value: Floats
    rate: float
    rest: float = 0.0
    first: Floats = field(init=False)
    second: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.first, self.second = np.zeros_like(self.value), np.zeros_like(self.value)

    def move(self, gradient: Floats, step: int) -> None:
        self.first *= 0.9
        self.first += 0.1 * gradient
        self.second *= 0.98
        self.second += 0.02 * gradient * gradient
        fast = self.rate / (1 - 0.9**step)
        self.value -= fast * self.first / (np.sqrt(self.second / (1 - 0.98**step)) + 1e-8)


class _Teaching:
    """One run of teaching over a fixed set of examples."""

    def __init__(self, index: Index, ground: Ground, examples: Sequence[Example], progress: Progress) -> None:
        self.ground, self.examples, self.progress = ground, examples, progress
        self.random = np.random.default_rng(0)
        rows = ground.rows([example.question for example in examples])
        self.plain = rows.times(ground.terms)
        self.own = np.unique(rows.columns)
        self.rows = Rows(rows.starts, np.searchsorted(self.own, rows.columns), rows.weights, len(self.own))
        self.right = np.unique(np.concatenate([example.right for example in examples]))
        self._match(index)
        width = ground.terms.shape[1]
        self.turn = _Moving(np.eye(width, dtype=np.float32), _RATE * 0.2)
        self.shift = _Moving(np.zeros((len(self.own), width), dtype=np.float32), _RATE)
        self.moved = _Moving(np.zeros((len(self.right), width), dtype=np.float32), _RATE)
        self.asked = _Moving(np.zeros(len(self.right), dtype=np.float32), _RATE * 5)

    def _match(self, index: Index) -> None:
        """Match in words of every example with the articles that may stand against the right ones."""
        near, rows = [], []
        for number, example in enumerate(self.examples):
            scores = ranking.lexical(index, example.question)
            near.append(np.argpartition(-scores, min(_NEAR, len(scores) - 1))[:_NEAR])
            rows.append(scores.astype(np.float16))
            if number % 50 == 0:
                self.progress("match", number, len(self.examples))
        others = self.random.choice(index.national, min(index.national, 10 * _OTHERS), replace=False)
        self.pool = np.unique(np.concatenate([self.right, others, *near]))
        self.match = np.stack([row[self.pool] for row in rows])
        self.near = [np.searchsorted(self.pool, some) for some in near]
        self.right_places = [np.searchsorted(self.pool, np.array(example.right)) for example in self.examples]
        self.answer_of = np.full(len(self.pool), -1)
        self.answer_of[np.searchsorted(self.pool, self.right)] = np.arange(len(self.right))

    def run(self) -> None:
        """All rounds."""
        step, answers = 0, np.flatnonzero(self.answer_of >= 0)
        for number in range(_ROUNDS):
            order = self.random.permutation(len(self.examples))
            for first in range(0, len(order), _BATCH):
                step += 1
                batch = order[first : first + _BATCH]
                others = self.random.integers(0, len(self.pool), _OTHERS)
                self._step(batch, np.unique(np.concatenate([answers, others, *(self.near[i] for i in batch)])), step)
            self.progress("teaching", number + 1, _ROUNDS)

    def _step(self, batch: Ints, against: Ints, step: int) -> None:
        """Softmax over the articles that stand against each other; everything moves a little against its gradient."""
        answer = self.answer_of[against]
        answers = np.flatnonzero(answer >= 0)
        articles = self.ground.articles[self.pool[against]]
        articles[answers] += self.moved.value[answer[answers]]
        questions = self.rows.pick(batch)
        pointing = self.plain[batch] @ self.turn.value + questions.times(self.shift.value)
        length = np.linalg.norm(pointing, axis=1, keepdims=True) + 1e-6
        pointing = pointing / length
        scores = LIKENESS * pointing @ articles.T
        scores[:, answers] += self.asked.value[answer[answers]]
        if self.random.random() >= _WITHOUT_WORDS:
            scores += MATCH * self.match[np.ix_(batch, against)].astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        for row, example in enumerate(batch):
            places = np.searchsorted(against, self.right_places[example])
            scores[row, places] -= 1 / len(places)
        scores /= len(batch)
        towards = LIKENESS * scores @ articles
        towards = (towards - pointing * (towards * pointing).sum(axis=1, keepdims=True)) / length
        moved, asked = np.zeros_like(self.moved.value), np.zeros_like(self.asked.value)
        moved[answer[answers]] = LIKENESS * scores[:, answers].T @ pointing
        asked[answer[answers]] = scores[:, answers].sum(axis=0)
        straight = np.eye(len(self.turn.value), dtype=np.float32)
        self.turn.move(self.plain[batch].T @ towards + _HOLD * (self.turn.value - straight), step)
        self.shift.move(questions.turned().times(towards) + _HOLD * self.shift.value, step)
        self.moved.move(moved + _HOLD * self.moved.value, step)
        self.asked.move(asked + _HOLD * self.asked.value, step)


def teach(
    index: Index, ground: Ground, examples: Sequence[Example], said: dict[str, Any], progress: Progress
) -> Figures:
    """The figures that a set of examples gives."""
    ground = ground.with_terms_of([example.question for example in examples], index.national)
    teaching = _Teaching(index, ground, examples, progress)
    teaching.run()
    table = ground.terms @ teaching.turn.value
    table[teaching.own] += teaching.shift.value
    table *= ground.rarity[:, None]
    articles, asked = ground.articles.copy(), np.zeros(index.national, dtype=np.float32)
    articles[teaching.right] += teaching.moved.value
    asked[teaching.right] = teaching.asked.value
    keys = np.asarray(index.keys[: index.national])
    return Figures(ground.codes, table.astype(np.float16), keys, articles, asked, said)
