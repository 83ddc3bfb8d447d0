"""Rows as the frozen data other rooms get."""

from __future__ import annotations

from fawang.base.knowledge.models import Article, Law, Version
from fawang.base.knowledge.values import ArticleValue, Kind, LawValue, Standing, VersionValue


def law(row: Law) -> LawValue:
    """A law."""
    return LawValue(row.key, row.title, row.short, Kind(row.kind), row.department)


def version(row: Version) -> VersionValue:
    """A version; its law must have been fetched with it."""
    return VersionValue(
        key=row.key,
        law=law(row.law),
        label=row.label,
        standing=Standing(row.standing),
        issuer=row.issuer,
        published_on=row.published_on,
        valid_from=row.valid_from,
        is_from_known=row.is_from_known,
        valid_to=row.valid_to,
        source=row.source,
        licence=row.licence,
        snapshot_on=row.snapshot_on,
        history=tuple(row.history),
    )


def article(row: Article, of: VersionValue | None = None) -> ArticleValue:
    """An article; its version and law must have been fetched with it, or be given."""
    return ArticleValue(
        key=row.key,
        version=of or version(row.version),
        number=row.number,
        suffix=row.suffix,
        label=row.label,
        chapter=row.chapter,
        section=row.section,
        text=row.text,
    )
