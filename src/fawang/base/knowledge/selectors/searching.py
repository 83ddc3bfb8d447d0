"""Finding articles: by words that must be there, and by a question. The same numbers on every database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fawang.base.knowledge import shaping
from fawang.base.knowledge.models import Article
from fawang.base.knowledge.search import figures, indexing, matching, ranking
from fawang.base.knowledge.values import Found, Hit

MOST_COUNTED = 1_000


def _hits(ids: Sequence[int], scores: Sequence[float]) -> tuple[Hit, ...]:
    rows = Article.objects.filter(id__in=ids).select_related("version__law")
    by_id = {row.id: shaping.article(row) for row in rows}
    return tuple(Hit(by_id[one], score) for one, score in zip(ids, scores, strict=True) if one in by_id)


def search(text: str, *, local: bool = False, former: bool = False, first: int = 0, most: int = 20) -> Found:
    """Articles that contain every word of `text` (words are set apart by spaces), best first.

    Every hit has all two-character pieces of each word in its text or in its law's name; where the words themselves
    stand in it, it comes first. `local` also looks in local regulations, `former` in what is no longer in force. Raises
    IndexNotReady.
    """
    index = indexing.current()
    documents, scores = matching.containing(index, text, local=local, former=former)
    count = len(documents)
    if count == 0:
        return Found((), 0)
    page = documents[first : first + most]
    hits = _hits([int(index.ids[one]) for one in page], [float(one) for one in scores[first : first + most]])
    return Found(hits, min(count, MOST_COUNTED), count > MOST_COUNTED)


def relevant(text: str, top: int = 10, *, on: date | None = None) -> list[Hit]:
    """The national articles that answer a question or a story, best first; with `on`, only those in force that day.

    Raises IndexNotReady.
    """
    index = indexing.current()
    documents, scores = _ranked(index, text, top if on is None else 2 * top + 10)
    hits = _hits([int(index.ids[one]) for one in documents], [float(scores[one]) for one in documents])
    if on is None:
        return list(hits)
    return [hit for hit in hits if hit.article.version.is_valid_on(on)][:top]


def relevant_keys(text: str, top: int = 10) -> list[str]:
    """The keys of the same articles, without reading them. Raises IndexNotReady."""
    index = indexing.current()
    documents, _scores = _ranked(index, text, top)
    return [str(index.keys[one]) for one in documents]


def _ranked(index: indexing.Index, text: str, top: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    scores = ranking.score(index, figures.current(index), text)
    return ranking.best(scores, top), scores


def is_indexed() -> bool:
    """Whether articles can be searched now."""
    return indexing.is_ready()


def learned() -> dict[str, Any]:
    """What the search was taught: `examples`, `articles`, `at`; empty when it was taught nothing."""
    return figures.said()
