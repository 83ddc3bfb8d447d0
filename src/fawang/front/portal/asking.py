"""What the page of questions and answers keeps and shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from fawang.base.knowledge.values import Quote, Reply
from fawang.front.portal import lawbook, told

MAX_QUESTION = 2_000
_TURNS = 3


@dataclass(frozen=True)
class Shown:
    """A quote with the page it stands on."""

    quote: Quote
    url: str


def shown(quotes: Sequence[Quote]) -> list[Shown]:
    """The quotes with the pages of what they quote."""
    return [Shown(quote, _url(quote)) for quote in quotes]


def _url(quote: Quote) -> str:
    if quote.article is not None:
        return lawbook.url_of(quote.article)
    return reverse("portal:guide", args=[quote.piece.id]) if quote.piece is not None else ""


def keep(request: HttpRequest, turns: Sequence[str]) -> None:
    """Keep the last questions of this visit, for a follow-up and for the sheet."""
    told.keep_turns(request, [turn.replace("\n", " ") for turn in turns[-_TURNS:]])


def is_person_first(reply: Reply, *, is_danger: bool) -> bool:
    """Whether a person comes before anything quoted: danger, a complaint, the wish for one, or no source."""
    return is_danger or reply.outcome != "ANSWERED"
