"""Which text of a law was in force on a day, as far as the sources tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from fawang.base.knowledge.models import Article, Version
from fawang.base.knowledge.values import LIVE

_LIVE = [standing.value for standing in LIVE]


def on(day: date, prefix: str = "") -> Q:
    """Versions in force on a day. One that no longer stands and whose end nobody noted is never claimed to be."""
    begun = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})
    lasts = Q(**{f"{prefix}valid_to__gte": day}) | Q(
        **{f"{prefix}valid_to__isnull": True, f"{prefix}standing__in": _LIVE}
    )
    return begun & lasts


def is_in_force(version: Version, day: date) -> bool:
    """The same question of one version."""
    begun = version.valid_from is None or version.valid_from <= day
    if version.valid_to is None:
        return begun and version.standing in _LIVE
    return begun and day <= version.valid_to


def choose(versions: Iterable[Version], day: date) -> Version | None:
    """The version in force: the latest begun, of two of one day the one that the source says stands."""
    valid = [version for version in versions if is_in_force(version, day)]
    return max(valid, key=_rank, default=None)


def prefer(articles: Iterable[Article], day: date) -> Article | None:
    """The article in force among articles of one number."""
    valid = [article for article in articles if is_in_force(article.version, day)]
    return max(valid, key=lambda article: _rank(article.version), default=None)


def _rank(version: Version) -> tuple[date, bool, int]:
    return version.valid_from or date.min, version.standing in _LIVE, -version.pk
