"""The part of an article or a piece that answers: whole lines and sentences of the stored text, never changed."""

from __future__ import annotations

import re
from collections.abc import Callable

from fawang.base.knowledge.numerals import written
from fawang.base.knowledge.values import ArticleValue

_SHORT = 150
_ENOUGH = 360
_ITEM = re.compile(r"^\s*[（(]\s*[一二三四五六七八九十百]+\s*[）)]")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
Weigh = Callable[[str], float]


def lines_of(text: str) -> list[str]:
    """The lines of a text as they stand, without the space around them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs (款) of an article, each with its items (项)."""
    found: list[list[str]] = []
    for line in lines_of(text):
        if found and _ITEM.match(line):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def of_article(article: ArticleValue, weigh: Weigh) -> tuple[tuple[str, ...], str]:
    """(the lines to quote, the citation with its 款 where only part is quoted)."""
    parts = paragraphs(article.text)
    every = tuple(line for part in parts for line in part)
    if len(article.text) <= _SHORT or len(parts) == 0:
        return every, article.citation
    chosen = max(range(len(parts)), key=lambda at: (weigh("".join(parts[at])), -at))
    part = parts[chosen]
    citation = f"{article.citation}第{written(chosen + 1)}款" if len(parts) > 1 else article.citation
    if sum(map(len, part)) <= _ENOUGH:
        return tuple(part), citation
    if len(part) == 1:
        return _sentences(part[0], weigh), citation
    best = max(range(1, len(part)), key=lambda at: (weigh(part[at]), -at))
    return (part[0] if len(part[0]) <= _ENOUGH else _sentences(part[0], weigh)[0], part[best]), citation


def _sentences(text: str, weigh: Weigh) -> tuple[str, ...]:
    """The best sentence of a long line, with the one after it where there is room."""
    every = [one.strip() for one in _SENTENCE.findall(text) if one.strip()]
    if not every:
        return (text,)
    best = max(range(len(every)), key=lambda at: (weigh(every[at]), -at))
    return tuple(every[best : best + 2]) if sum(map(len, every[best : best + 2])) <= _ENOUGH else (every[best],)


def of_piece(body: str, weigh: Weigh, most: int = 3) -> tuple[str, ...]:
    """The lines of a piece that say most about the question, in their order."""
    every = lines_of(body)
    best = sorted(range(len(every)), key=lambda at: (-weigh(every[at]), at))[:most]
    kept, room = [], _ENOUGH
    for at in best:
        if weigh(every[at]) > 0 and len(every[at]) <= room:
            kept.append(at)
            room -= len(every[at])
    return tuple(every[at] for at in sorted(kept)) or tuple(every[:1])
