"""Questions about the law at hand. Law and what is published is open to everyone; drafts to who writes or reviews."""

from __future__ import annotations

from fawang.base.knowledge.selectors.answering import answer, as_stored, sheet, suggest
from fawang.base.knowledge.selectors.laws import (
    NO_ARTICLE,
    NOT_YET,
    REPEALED,
    article,
    article_at,
    between,
    cited,
    contents,
    difference,
    has_laws,
    law,
    laws,
    looked_up,
    snapshots,
    version_on,
    versions,
)
from fawang.base.knowledge.selectors.pieces import changes, overdue, piece, published, published_about, workload
from fawang.base.knowledge.selectors.searching import is_indexed, learned, relevant, relevant_keys, search

__all__ = [
    "NOT_YET", "NO_ARTICLE", "REPEALED", "answer", "article", "article_at", "as_stored", "between", "changes", "cited",
    "contents", "difference", "has_laws", "is_indexed", "law", "laws", "learned", "looked_up", "overdue", "piece",
    "published", "published_about", "relevant", "relevant_keys", "search", "sheet", "snapshots", "suggest",
    "version_on", "versions", "workload",
]  # fmt: skip
