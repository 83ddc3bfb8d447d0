"""How likely it is that a right article is among the first three: two small models, fitted on development questions.

What they take: which share of the question's words the best article has, how much it says, and by how much the first
stand above the fifth and the tenth. One for a search that goes by words alone, one for a taught one. How they were
fitted and how often they are right on questions kept aside: docs/rooms/knowledge.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fawang.base.knowledge.search import terms
from fawang.base.knowledge.search.indexing import Index
from fawang.base.knowledge.search.inverted import K1
from fawang.base.knowledge.search.ranking import LONGEST, PIECES_WEIGHT

# below this it is said that nothing certain was found
ENOUGH = 0.5
# below this not even what is nearest is shown
NEAR = 0.2
# what a word that no law has would tell
_UNKNOWN = 9.0


@dataclass(frozen=True)
class _Model:
    covered: float
    said: float
    above_fifth: float
    above_tenth: float
    constant: float


_BY_WORDS = _Model(9.081, 0.334, -0.039, 0.456, -5.141)
_TAUGHT = _Model(6.137, 0.557, -0.101, 0.461, -4.406)


def certainty(index: Index, text: str, raw: float, scores: Sequence[float], *, is_taught: bool) -> float:
    """The likelihood, from 0 to 1, for a question: its best match in words, and its ten best scores, best first."""
    if not scores:
        return 0.0
    words, pieces = terms.words(text[:LONGEST]), terms.pieces(text[:LONGEST])
    covered = raw / max(_most(index, words, pieces), 1e-6)
    model = _TAUGHT if is_taught else _BY_WORDS
    said = math.log1p(len(np.unique(words)) if is_taught else raw)
    fifth, tenth = scores[min(4, len(scores) - 1)], scores[-1]
    sum_of = (
        model.covered * covered + model.said * said + model.constant
        + model.above_fifth * (scores[0] - fifth) + model.above_tenth * (scores[0] - tenth)
    )  # fmt: skip
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_of))))


def _most(index: Index, words: terms.Codes, pieces: terms.Codes) -> float:
    """The score of an article that had every term of the question, also those that no article has."""
    total = 0.0
    for part, codes, weight in ((index.words, np.unique(words), 1.0), (index.pieces, np.unique(pieces), PIECES_WEIGHT)):
        known, found = part.find(codes)
        rarity = float(part.rarity(found).sum()) + _UNKNOWN * (len(codes) - len(known))
        total += weight * (K1 + 1) * rarity
    return total
