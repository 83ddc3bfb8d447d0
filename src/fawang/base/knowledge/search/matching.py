"""Full-text search: articles that contain every word asked for."""

from __future__ import annotations

import re
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from fawang.base.knowledge.models import Article
from fawang.base.knowledge.search import terms
from fawang.base.knowledge.search.indexing import Index

_MOST_WORDS = 12
_LONGEST = 200
# of so many of the best it is looked whether the words stand in them as they are
_READ = 60
_AS_THEY_ARE = 100.0
_RUNS = re.compile(r"[^\W_]+")


def containing(index: Index, text: str, *, local: bool, former: bool) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(the documents that have every piece of every word, best first; their scores)."""
    words = _RUNS.findall(terms.plain(text[:_LONGEST]))[:_MOST_WORDS]
    nothing = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    if not words:
        return nothing
    found = [documents for word in words for documents in _having(index, word)]
    chosen = reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), sorted(found, key=len))
    chosen = chosen[_wanted(index, chosen, local=local, former=former)]
    if len(chosen) == 0:
        return nothing
    asked = np.concatenate([terms.pieces(word) for word in words])
    scores = index.everything.scores(asked)[chosen] + 1e-3
    order = np.lexsort((chosen, -scores))
    return _as_they_are(index, words, chosen[order].astype(np.int64), scores[order])


def _having(index: Index, word: str) -> list[NDArray[np.int32]]:
    if len(word) == 1:
        return [index.everything.between(*terms.beginning_with(word))]
    codes = np.unique(terms.pieces(word))
    known, found = index.everything.find(codes)
    if len(known) < len(codes):
        return [np.zeros(0, dtype=np.int32)]
    return [index.everything.having(term) for term in found.tolist()]


def _wanted(index: Index, documents: NDArray[np.int32], *, local: bool, former: bool) -> NDArray[np.bool_]:
    wanted = documents < index.national
    if local:
        wanted |= (documents >= index.national) & (documents < index.standing)
    if former:
        wanted |= documents >= index.standing
    return wanted


def _as_they_are(
    index: Index, words: list[str], documents: NDArray[np.int64], scores: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Raise those of the best in which the words stand as they were asked for."""
    best = {int(index.ids[one]): at for at, one in enumerate(documents[:_READ])}
    rows = Article.objects.filter(id__in=list(best)).values_list("id", "text", "version__law__short")
    scores = scores.copy()
    for row, text, name in rows:
        plain = terms.plain(f"{name} {text}")
        if all(word in plain for word in words):
            scores[best[row]] += _AS_THEY_ARE
    order = np.lexsort((documents, -scores))
    return documents[order], scores[order]
