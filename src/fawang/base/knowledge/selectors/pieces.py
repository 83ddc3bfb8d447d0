"""Questions about what editors write."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from fawang.base.knowledge import digests, shaping, valid
from fawang.base.knowledge.errors import PieceUnknown
from fawang.base.knowledge.models import Article, Piece, PieceArticle
from fawang.base.knowledge.numerals import label_of
from fawang.base.knowledge.policy import REVIEW, WRITE
from fawang.base.knowledge.selectors.laws import between
from fawang.base.knowledge.values import ArticleRef, Difference, Doubt, DoubtValue, PieceKind, PieceState, PieceValue
from fawang.kernel import clock
from fawang.kernel.policy import Actor, require, scopes

_PUBLISHED = Q(state=Piece.State.PUBLISHED)


def _value(row: Piece) -> PieceValue:
    links: list[PieceArticle] = sorted(row.articles.all(), key=lambda one: (one.law_id, one.number, one.suffix))
    refs = tuple(
        ArticleRef(shaping.law(link.law), link.number, link.suffix, label_of(link.number, link.suffix))
        for link in links
    )
    doubts = [
        DoubtValue(Doubt(link.doubt), f"{link.law.short}{label_of(link.number, link.suffix)}", link.doubt_since)
        for link in links
        if link.doubt and link.doubt_since is not None
    ]
    if row.state == Piece.State.PUBLISHED and row.review_by is not None and row.review_by <= clock.today():
        doubts.append(DoubtValue(Doubt.DATE, "", row.review_by))
    return PieceValue(
        id=row.key,
        kind=PieceKind(row.kind),
        state=PieceState(row.state),
        title=row.title,
        summary=row.summary,
        body=row.body,
        language=row.language,
        source=row.source,
        by=row.by,
        reviewed_by=row.reviewed_by,
        published_at=row.published_at,
        review_by=row.review_by,
        version=row.version,
        articles=refs,
        doubts=tuple(doubts),
        remark=row.remark,
    )


def _values(rows: QuerySet[Piece], most: int) -> list[PieceValue]:
    return [_value(row) for row in rows.prefetch_related("articles__law")[:most]]


def published(*, kind: PieceKind | None = None, text: str = "", most: int = 50) -> list[PieceValue]:
    """What is published, the newest first; with `text`, what has it in its title or summary."""
    rows = Piece.objects.filter(_PUBLISHED)
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    clean = text.replace("\x00", "").strip()
    if clean:
        rows = rows.filter(Q(title__contains=clean) | Q(summary__contains=clean))
    return _values(rows.order_by("-published_at", "-id"), most)


def published_about(places: Sequence[tuple[str, int, int]], most: int = 10) -> list[PieceValue]:
    """What is published and rests on one of these articles (law's key, number, suffix) and is in no doubt."""
    if not places:
        return []
    any_of = Q()
    for law, number, suffix in places:
        any_of |= Q(law__key=law, number=number, suffix=suffix)
    links = PieceArticle.objects.filter(any_of, doubt="").values("piece_id")
    return _values(Piece.objects.filter(_PUBLISHED, id__in=links).order_by("-published_at", "-id"), most)


def piece(actor: Actor, key: str) -> PieceValue:
    """A piece: a published one for everyone, any other for who writes or reviews. Raises PieceUnknown."""
    rows = Piece.objects.filter(key=key)
    if not (scopes(actor, WRITE) or scopes(actor, REVIEW)):
        rows = rows.filter(_PUBLISHED)
    row = rows.prefetch_related("articles__law").first()
    if row is None:
        raise PieceUnknown
    return _value(row)


def workload(actor: Actor, state: PieceState, most: int = 200) -> list[PieceValue]:
    """The pieces in a state, the oldest first. Raises NotPermitted."""
    if not scopes(actor, REVIEW):
        require(actor, WRITE)
    return _values(Piece.objects.filter(state=state.value).order_by("created_at", "id"), most)


def overdue(actor: Actor, most: int = 200) -> list[PieceValue]:
    """Published pieces to review: an article changed or went, or their day has come. Raises NotPermitted."""
    if not scopes(actor, REVIEW):
        require(actor, WRITE)
    doubted = PieceArticle.objects.exclude(doubt="").values("piece_id")
    rows = Piece.objects.filter(_PUBLISHED).filter(Q(review_by__lte=clock.today()) | Q(id__in=doubted))
    return _values(rows.order_by("review_by", "id"), most)


def changes(actor: Actor, key: str) -> list[tuple[str, Difference | None]]:
    """For each article that puts a piece in doubt: how it reads now against what was read at the last review.

    None where the old text, or a new one, is not in the store. Raises PieceUnknown, NotPermitted.
    """
    if not scopes(actor, REVIEW):
        require(actor, WRITE)
    links = PieceArticle.objects.filter(piece__key=key).exclude(doubt="").select_related("law").order_by("id")
    return [(f"{link.law.short}{label_of(link.number, link.suffix)}", _change(link)) for link in links]


def _change(link: PieceArticle) -> Difference | None:
    rows = list(
        Article.objects.filter(version__law=link.law_id, number=link.number, suffix=link.suffix)
        .select_related("version__law")
        .order_by("-version__valid_from", "-id")
    )
    now = valid.prefer(rows, clock.today())
    was = next((row for row in rows if digests.digest(row.text) == link.digest), None)
    if now is None or was is None or now.id == was.id:
        return None
    return between(shaping.article(was), shaping.article(now))
