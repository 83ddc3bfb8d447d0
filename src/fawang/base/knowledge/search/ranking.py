"""A question in, the articles that answer it out: by its words, and by what was learned where anything was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fawang.base.knowledge.search import terms
from fawang.base.knowledge.search.figures import MATCH, Figures
from fawang.base.knowledge.search.indexing import Index
from fawang.base.knowledge.search.sparse import Floats

# of a long story only the beginning is read: a second of reading is no answer
LONGEST = 2_000
PIECES_WEIGHT = 0.5


def matches(index: Index, text: str) -> Floats:
    """How well each national article that stands matches the words and pieces of a text (BM25)."""
    text = text[:LONGEST]
    return index.words.scores(terms.words(text)) + PIECES_WEIGHT * index.pieces.scores(terms.pieces(text))


def lexical(index: Index, text: str) -> Floats:
    """The same, the best as 1."""
    return evened(matches(index, text))


def evened(scores: Floats) -> Floats:
    """Scores with the best as 1."""
    best = float(scores.max()) if len(scores) else 0.0
    return np.asarray(scores / max(best, 1e-6), dtype=np.float32)


def score(index: Index, figures: Figures | None, text: str) -> Floats:
    """The score of every national article that stands."""
    return score_of(matches(index, text), figures, text)


def score_of(found: Floats, figures: Figures | None, text: str) -> Floats:
    """The same, where the match in words is known."""
    matching = MATCH * evened(found)
    like = figures.likeness(text[:LONGEST]) if figures is not None else None
    return matching if like is None else matching + like


def best(scores: Floats, top: int) -> NDArray[np.int64]:
    """The documents with the highest scores, best first; of equals the earlier one. Those without a score go."""
    top = min(top, len(scores))
    if top <= 0:
        return np.zeros(0, dtype=np.int64)
    chosen = np.argpartition(-scores, top - 1)[:top] if top < len(scores) else np.arange(len(scores))
    ordered = chosen[np.lexsort((chosen, -scores[chosen]))]
    return ordered[scores[ordered] > 0]
