"""Answers and suggestions out of what is stored. Reading them is open to everyone, as the law is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fawang.base.knowledge.answering import composing, sheets
from fawang.base.knowledge.errors import IndexNotReady
from fawang.base.knowledge.selectors.laws import cited
from fawang.base.knowledge.selectors.searching import search
from fawang.base.knowledge.values import OpinionSheet, Outcome, Quote, Reply
from fawang.kernel import clock


def answer(question: str, *, earlier: str = "", on: date | None = None) -> Reply:
    """The answer to a question out of articles in force and reviewed pieces, each line compared with the store.

    `earlier` is what was asked before. Below the calibrated certainty nothing is claimed: `near` holds what is close.
    """
    return composing.answer(question, earlier=earlier, on=on)


def suggest(text: str, most: int = 5) -> list[Quote]:
    """What may help somebody who writes an answer: the article a citation means, else the nearest pieces and articles.

    Certain or not, the reader is a professional. Every line is as stored, every article in force today.
    """
    day = clock.today()
    words = text.strip()
    if not words:
        return []
    named = [one.article for one in cited(words, day) if one.article is not None and not one.why_not]
    if named and len(words) <= 60:
        whole = [composing.whole(article) for article in {one.key: one for one in named}.values()]
        return composing.as_stored(whole, day)[:most]
    reply = composing.answer(words, on=day)
    found = [*reply.quotes, *reply.near]
    if len(found) < most and len(words) <= 20 and reply.outcome != Outcome.WAITING:
        found += _having(words, day)
    return composing.each_once(found)[:most]


def _having(words: str, day: date) -> list[Quote]:
    """Articles that have every word, for who knows what to look for."""
    try:
        hits = search(words, most=3).hits
    except IndexNotReady:
        return []
    return composing.as_stored([composing.whole(hit.article) for hit in hits], day)


def as_stored(quotes: Sequence[Quote], on: date | None = None) -> list[Quote]:
    """Those of the quotes that still stand in the store word for word."""
    return composing.as_stored(list(quotes), on or clock.today())


def sheet(question: str, reply: Reply | None = None) -> OpinionSheet:
    """An opinion put together by the machine, for a duty lawyer to confirm."""
    return sheets.sheet(question, reply or composing.answer(question))
