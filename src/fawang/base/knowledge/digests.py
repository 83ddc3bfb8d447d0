"""What articles say on a day, as digests: so that a change is noticed and only a change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

from fawang.base.knowledge.models import Article
from fawang.base.knowledge.valid import prefer

Place = tuple[int, int, int]


def digest(text: str) -> str:
    """Of a text, whatever its spaces."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()


def in_force(places: Iterable[Place], day: date) -> dict[Place, str]:
    """The digest of the text in force for each (law id, number, suffix) that has one."""
    wanted = set(places)
    rows = Article.objects.filter(
        version__law__in={law for law, _number, _suffix in wanted},
        number__in={number for _law, number, _suffix in wanted},
    ).select_related("version")
    best: dict[Place, Article] = {}
    for row in rows:
        place = (row.version.law_id, row.number or 0, row.suffix)
        if place in wanted and (chosen := prefer([row, *([best[place]] if place in best else [])], day)):
            best[place] = chosen
    return {place: digest(row.text) for place, row in best.items()}
