"""Guides, answers, cases and events as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.errors import ArticleUnknown
from fawang.base.knowledge.values import PIECE_NAMES, ArticleRef, PieceKind, PieceValue
from fawang.front.portal import lawbook
from fawang.kernel.policy import VISITOR

_FOUND = 6
_LISTED = 100


@dataclass(frozen=True)
class Basis:
    """An article a piece rests on: its citation, and its page as it reads today where there is one."""

    citation: str
    url: str
    text: str


@dataclass(frozen=True)
class Page:
    """A piece with the articles it rests on."""

    piece: PieceValue
    kind: str | Promise
    basis: list[Basis]

    @property
    def lines(self) -> list[str]:
        """The text line by line: each says one thing."""
        return [line for line in self.piece.body.splitlines() if line.strip()]


def kinds() -> list[tuple[str, str | Promise]]:
    """What editors write, to choose from."""
    return [(kind.value, PIECE_NAMES[kind]) for kind in PieceKind]


def rows(kind: str) -> list[PieceValue]:
    """What is published of a kind."""
    return knowledge.published(kind=PieceKind(kind), most=_LISTED)


def found(text: str) -> list[PieceValue]:
    """What is published and has the words, or is about the question."""
    named = knowledge.published(text=text, most=_FOUND)
    seen = {piece.id for piece in named}
    about = [quote.piece for quote in knowledge.suggest(text) if quote.piece is not None]
    return [*named, *(piece for piece in about if piece.id not in seen)][:_FOUND]


def page(key: str) -> Page:
    """A published piece. Raises PieceUnknown."""
    piece = knowledge.piece(VISITOR, key)
    return Page(piece, PIECE_NAMES[piece.kind], [_basis(ref) for ref in piece.articles])


def _basis(ref: ArticleRef) -> Basis:
    name = ref.law.short if ref.law.short.startswith("《") else f"《{ref.law.short}》"
    version = knowledge.version_on(ref.law.key)
    if version is not None:
        try:
            article = knowledge.article_at(version.key, ref.number, ref.suffix)
            return Basis(article.citation, lawbook.url_of(article), article.text)
        except ArticleUnknown:
            pass
    return Basis(f"{name}{ref.label}", reverse("portal:law", args=[ref.law.key]), "")
