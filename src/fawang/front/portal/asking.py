"""What the page of questions and answers keeps and shows: the questions of a conversation, and ways to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from fawang.base.knowledge.values import Quote, Reply
from fawang.front.portal import lawbook
from fawang.kernel import clock, crypto

MAX_QUESTION = 2_000
_KEY = "asked"
_CONTEXT = "portal.asked"
_TURNS = 3
_MINUTES = 30
_MESSAGE = "CONSULT_MESSAGE"


@dataclass(frozen=True)
class Ways:
    """Where a person answers: the chat and the written question where they are offered, else a message to a lawyer."""

    chat: str
    question: str


@dataclass(frozen=True)
class Shown:
    """A quote with the page it stands on."""

    quote: Quote
    url: str


def ways() -> Ways:
    """The ways to a person that this installation offers."""
    message = reverse("portal:start", args=[_MESSAGE])
    return Ways(_page("portal:chat"), _page("portal:ask-lawyer") or message)


def _page(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shown(quotes: Sequence[Quote]) -> list[Shown]:
    """The quotes with the pages of what they quote."""
    return [Shown(quote, _url(quote)) for quote in quotes]


def _url(quote: Quote) -> str:
    if quote.article is not None:
        return lawbook.url_of(quote.article)
    return reverse("portal:guide", args=[quote.piece.id]) if quote.piece is not None else ""


def keep(request: HttpRequest, turns: Sequence[str]) -> None:
    """Keep the last questions of this visit, sealed, for a follow-up and for the sheet."""
    sealed = crypto.seal("\n".join(turn.replace("\n", " ") for turn in turns[-_TURNS:]), context=_CONTEXT)
    request.session[_KEY] = [sealed, int(clock.now().timestamp())]


def kept(request: HttpRequest) -> list[str]:
    """The questions of the last half hour, the oldest first."""
    sealed, at = request.session.get(_KEY, ["", 0])
    if not sealed or clock.now().timestamp() - at > 60 * _MINUTES:
        return []
    return crypto.unseal(sealed, context=_CONTEXT).split("\n")


def is_person_first(reply: Reply, *, is_danger: bool) -> bool:
    """Whether a person comes before anything quoted: danger, a complaint, the wish for one, or no source."""
    return is_danger or reply.outcome != "ANSWERED"
