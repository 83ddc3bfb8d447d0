"""What somebody told before a form began: the story, answers of self-checks, questions to the assistant, a question to
a lawyer that waits for a log-in. Sealed, in the session only: the one place for what is carried from page to page.

It goes along through the log-in (`frame.session.log_in`) and into the form, so that nothing is typed twice; it is
forgotten after an hour, and with the session at a kiosk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from fawang.base.catalogue import screening
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.errors import NoSuchScreener
from fawang.base.catalogue.schema import ServiceItem
from fawang.front.frame.session import TOLD_KEY, TOLD_SECONDS
from fawang.kernel import clock, crypto
from fawang.kernel.errors import Invalid

# characters of everything that is told before a form; a session is no place for more
MOST = 30_000
_CONTEXT = "portal.told"
_CHECKS = "checks"
_STORY = "story"
_TURNS = "turns"
_QUESTION = "question"


def _read(request: HttpRequest) -> dict[str, Any]:
    kept = request.session.get(TOLD_KEY)
    if not kept or kept["at"] <= clock.now().timestamp() - TOLD_SECONDS:
        return {}
    return dict(json.loads(crypto.unseal(kept["sealed"], context=_CONTEXT)))


def _write(request: HttpRequest, told: dict[str, Any]) -> None:
    text = json.dumps(told, ensure_ascii=False)
    if len(text) > MOST:
        raise Invalid({"story": _("内容太长，请分几句说。")})
    request.session[TOLD_KEY] = {
        "at": int(clock.now().timestamp()), "sealed": crypto.seal(text, context=_CONTEXT),
    }  # fmt: skip


def keep_story(request: HttpRequest, text: str) -> None:
    """Remember what happened, as it was told on the first page."""
    _write(request, {**_read(request), _STORY: text})


def story(request: HttpRequest) -> str:
    """What was told, or nothing."""
    return str(_read(request).get(_STORY, ""))


def turns(request: HttpRequest) -> list[str]:
    """The questions put to the assistant, the oldest first."""
    return list(_read(request).get(_TURNS, []))


def keep_turns(request: HttpRequest, asked: Sequence[str]) -> None:
    """Remember the questions put to the assistant, for a follow-up and for the sheet."""
    _write(request, {**_read(request), _TURNS: list(asked)})


def question(request: HttpRequest) -> dict[str, Any]:
    """What was typed for a duty lawyer; what was told elsewhere begins it."""
    told = _read(request)
    begun = told.get(_STORY) or "\n".join(told.get(_TURNS, []))
    return dict(told.get(_QUESTION) or ({"story": begun} if begun else {}))


def keep_question(request: HttpRequest, typed: dict[str, Any]) -> None:
    """Remember it over the log-in; nothing forgets it, and what it began with: it was sent."""
    told = _read(request)
    left = {name: value for name, value in told.items() if name not in {_QUESTION, _STORY, _TURNS}}
    _write(request, {**told, _QUESTION: typed} if typed else left)


def answers(request: HttpRequest, screener: str) -> dict[str, Any]:
    """The answers of a self-check so far."""
    return dict(_read(request).get(_CHECKS, {}).get(screener, {}))


def keep_answers(request: HttpRequest, screener: str, given: dict[str, Any]) -> None:
    """Remember the answers of a self-check; none forgets it. The one answered last counts before the others."""
    told = _read(request)
    others = {name: old for name, old in told.get(_CHECKS, {}).items() if name != screener}
    _write(request, {**told, _CHECKS: {**others, **({screener: given} if given else {})}})


def known(request: HttpRequest, item: ServiceItem) -> dict[str, Any]:
    """What was told that a service asks: raw answers that it takes."""
    told = _read(request)
    found: dict[str, Any] = {}
    if item.description_from and told.get(_STORY):
        found |= screening.taken(item.questions, {item.description_from: told[_STORY]})
    for name, given in told.get(_CHECKS, {}).items():
        try:
            screener = catalogue.screener(name)
        except NoSuchScreener:
            continue
        screened = screening.screen(screener, given)
        if item.code in screened.services:
            found |= screening.carried(screened, item)
    return found
