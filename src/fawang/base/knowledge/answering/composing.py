"""Puts an answer together: looks for pieces and articles, picks the lines that answer, compares each with the store.

A question is words to look for and nothing else: whatever it says – orders, rules, text pasted from elsewhere – can
only change what is found. The words of an answer are those of the store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from fawang.base.knowledge import digests, shaping, valid
from fawang.base.knowledge.answering import certainty, lexicon, matching, passages
from fawang.base.knowledge.errors import IndexNotReady
from fawang.base.knowledge.models import Article, Piece, PieceArticle
from fawang.base.knowledge.numerals import written
from fawang.base.knowledge.search import figures, indexing, ranking
from fawang.base.knowledge.selectors.laws import REPEALED, cited, looked_up
from fawang.base.knowledge.values import ArticleValue, Cited, Hit, Outcome, Quote, Reply
from fawang.kernel import clock

ARTICLES = 3
PIECES = 2
_LOOKED_AT = 10
_CITED = 4
# an answer this certain needs nothing of what was asked before
_ALONE = 0.7
# found with added words by a taught search: it must be surer, for that is not what its certainty was fitted on
_WITH_ADDED = 0.65
_MOST_EARLIER = 1_000


@dataclass(frozen=True)
class Findings:
    """What was found, and how certain it is that a right article is among the first."""

    certainty: float
    pieces: list[matching.About]
    hits: list[Hit]
    weights: matching.Weights


def answer(question: str, *, earlier: str = "", on: date | None = None) -> Reply:
    """The answer to a question, perhaps after an earlier one. Never raises for what somebody typed."""
    day = on or clock.today()
    asked = question.strip()
    if lexicon.complains(asked):
        return Reply(asked, Outcome.COMPLAINT)
    if lexicon.wants_person(asked):
        return Reply(asked, Outcome.PERSON)
    try:
        return _answer(asked, earlier.strip()[:_MOST_EARLIER], day)
    except IndexNotReady:
        quotes = tuple(_cited(asked, day)[0])
        return Reply(asked, Outcome.ANSWERED if quotes else Outcome.WAITING, quotes)


def _answer(asked: str, earlier: str, day: date) -> Reply:
    quotes, former = _cited(asked, day)
    if quotes and looked_up(asked, day) is not None:
        return Reply(asked, Outcome.ANSWERED, tuple(as_stored(quotes, day)), certainty=1.0)
    understood = lexicon.understand(asked)
    found = find(understood, day)
    if earlier and found.certainty < _ALONE and not found.pieces:
        found = find(lexicon.joined(understood, lexicon.understand(earlier)), day)
    chosen = [*(_piece(one, found.weights) for one in found.pieces)]
    is_sure = found.certainty >= certainty.ENOUGH
    articles = [_article(hit, found.weights) for hit in found.hits[:ARTICLES]]
    quotes += chosen + (articles if is_sure else [])
    quotes = as_stored(each_once(quotes), day)
    near = as_stored(articles, day) if certainty.NEAR <= found.certainty < certainty.ENOUGH else []
    outcome = Outcome.ANSWERED if quotes else Outcome.UNSURE if near else Outcome.NOTHING
    return Reply(
        question=asked, outcome=outcome, quotes=tuple(quotes), near=tuple(near), added=understood.added,
        mended=understood.mended, former=tuple(former), is_english=understood.is_english, certainty=found.certainty,
    )  # fmt: skip


def find(understood: lexicon.Understood, day: date) -> Findings:
    """The nearest articles in force and pieces, with how certain they are.

    A taught search knows what people say: the law's words are added for it only where the question is not enough.
    """
    index = indexing.current()
    taught = figures.current(index)
    if taught is not None:
        best, sure = _ranked(index, taught, understood.plain)
        if sure < certainty.ENOUGH and understood.added:
            other, likelier = _ranked(index, taught, understood.text)
            if likelier >= _WITH_ADDED:
                best, sure = other, likelier
    else:
        best, sure = _ranked(index, None, understood.text)
    pieces, weights = matching.about(index, understood.plain, understood.text, PIECES)
    rows = Article.objects.filter(id__in=[row for row, _score in best]).select_related("version__law")
    by_id = {row.id: row for row in rows if valid.is_in_force(row.version, day)}
    hits = [Hit(shaping.article(by_id[row]), score) for row, score in best if row in by_id]
    return Findings(sure, pieces, hits, weights)


def _ranked(index: indexing.Index, taught: figures.Figures | None, text: str) -> tuple[list[tuple[int, float]], float]:
    """(row ids of the best articles with their scores, how certain it is)."""
    matches = ranking.matches(index, text)
    scores = ranking.score_of(matches, taught, text)
    best = [(int(index.ids[one]), float(scores[one])) for one in ranking.best(scores, _LOOKED_AT)]
    most = float(matches.max()) if len(matches) else 0.0
    sure = certainty.certainty(index, text, most, [score for _row, score in best], is_taught=taught is not None)
    return best, sure


def _cited(asked: str, day: date) -> tuple[list[Quote], list[Cited]]:
    """(the articles that the question itself names and that are in force, those that are not)."""
    named = cited(asked, day)[:_CITED]
    quotes = []
    for one in named:
        if one.article is None or one.why_not:
            continue
        parts = passages.paragraphs(one.article.text)
        is_part = 0 < one.paragraph <= len(parts) and len(parts) > 1
        lines = tuple(parts[one.paragraph - 1]) if is_part else tuple(passages.lines_of(one.article.text))
        citation = f"{one.article.citation}第{written(one.paragraph)}款" if is_part else one.article.citation
        quotes.append(Quote(citation, lines, is_part, article=one.article))
    return quotes, [one for one in named if one.why_not == REPEALED]


def whole(article: ArticleValue) -> Quote:
    """An article quoted in full."""
    return Quote(article.citation, tuple(passages.lines_of(article.text)), is_part=False, article=article)


def _article(hit: Hit, weights: matching.Weights) -> Quote:
    lines, citation = passages.of_article(hit.article, weights.text)
    is_part = "".join(lines) != "".join(passages.lines_of(hit.article.text))
    return Quote(citation, lines, is_part, article=hit.article)


def _piece(found: matching.About, weights: matching.Weights) -> Quote:
    lines = passages.of_piece(found.piece.body, weights.text)
    return Quote(found.piece.title, lines, len(lines) < len(passages.lines_of(found.piece.body)), piece=found.piece)


def each_once(quotes: list[Quote]) -> list[Quote]:
    """The first quote of each article and piece."""
    seen: set[str] = set()
    kept = []
    for quote in quotes:
        key = quote.article.key if quote.article is not None else quote.piece.id if quote.piece is not None else ""
        if key not in seen:
            seen.add(key)
            kept.append(quote)
    return kept


def as_stored(quotes: list[Quote], day: date) -> list[Quote]:
    """Those quotes whose every line stands in the store as quoted, in an article in force or a piece in no doubt."""
    keys = [quote.article.key for quote in quotes if quote.article is not None]
    tokens = [quote.piece.id for quote in quotes if quote.piece is not None]
    articles = {row.key: row for row in Article.objects.filter(key__in=keys).select_related("version__law")}
    pieces = dict(Piece.objects.filter(key__in=tokens, state=Piece.State.PUBLISHED).values_list("key", "body"))
    for token in _in_doubt(list(pieces), day):
        pieces.pop(token, None)
    kept = []
    for quote in quotes:
        if quote.article is not None:
            row = articles.get(quote.article.key)
            if row is not None and valid.is_in_force(row.version, day) and _stands(quote.lines, row.text):
                kept.append(replace(quote, article=shaping.article(row)))
        elif quote.piece is not None and _stands(quote.lines, pieces.get(quote.piece.id, "")):
            kept.append(quote)
    return kept


def _in_doubt(tokens: list[str], day: date) -> set[str]:
    """The pieces one of whose articles reads otherwise on that day than at their review, noticed yet or not."""
    rows = PieceArticle.objects.filter(piece__key__in=tokens)
    links = list(rows.values_list("piece__key", "law_id", "number", "suffix", "digest", "doubt")) if tokens else []
    now = digests.in_force([(law, number, suffix) for _token, law, number, suffix, _digest, _doubt in links], day)
    return {
        token
        for token, law, number, suffix, digest, doubt in links
        if doubt or now.get((law, number, suffix), "") != digest
    }


def _stands(lines: tuple[str, ...], text: str) -> bool:
    """Whether every line is there, word for word, in this order."""
    at = 0
    for line in lines:
        found = text.find(line, at) if line else -1
        if found < 0:
            return False
        at = found + len(line)
    return bool(lines)
