"""The visitor's side of a chat: the secret that opens it, and what a page of it shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue import selectors as catalogue
from fawang.front.frame import terminal
from fawang.front.frame.doors import actor_of
from fawang.front.frame.session import CHAT_COOKIE as COOKIE
from fawang.front.frame.session import CHAT_PATH, forget_chat
from fawang.kernel import crypto, ids
from fawang.middle.intake import selectors as intake
from fawang.middle.intake.errors import NoSuchChat
from fawang.middle.intake.values import ChatView, Waiting

_COOKIE_SECONDS = 24 * 3600
MOST_STORY = 4000


def secret_of(request: HttpRequest) -> str:
    """The secret of this browser's chat; empty where there is none."""
    if terminal.terminal_of(request) is not None:
        return str(request.session.get(COOKIE, ""))
    return request.COOKIES.get(COOKIE, "")[:60]


def remember(request: HttpRequest, response: HttpResponseBase, secret: str) -> None:
    """Keep the secret in a cookie that no script reads; on a kiosk in the session, which ends with the visit."""
    if terminal.terminal_of(request) is not None:
        request.session[COOKIE] = secret
    else:
        _set(response, COOKIE, secret, CHAT_PATH, _COOKIE_SECONDS)


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """This browser has no chat any more."""
    request.session.pop(COOKIE, None)
    forget_chat(response)


def _set(response: HttpResponseBase, name: str, value: str, path: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )  # fmt: skip


def story(request: HttpRequest) -> str:
    """What another page handed over, or what was typed here."""
    return str(request.POST.get("q", ""))[: 5 * MOST_STORY].strip()


def domains() -> list[tuple[str, str]]:
    """The fields of law, with words."""
    language = get_language() or "zh-hans"
    return [(row.code, row.say(language)) for row in catalogue.table("domain1")]


def form(request: HttpRequest, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The page before a chat."""
    waiting = intake.waiting_time(actor_of(request))
    typed = {name: request.POST.get(name, "") for name in ("domain", "phone")}
    words = story(request)
    return {
        "waiting": waiting, "is_open": waiting.is_duty_time or bool(waiting.lawyers), "typed": typed, "words": words,
        "domains": domains(), "key": ids.token(40), "danger": intake.look_for_danger(words),
        "may_be_watched": intake.chat_rules().may_watch_silently, "longest": intake.chat_rules().longest, **more,
    }  # fmt: skip


def current(request: HttpRequest) -> ChatView | None:
    """This browser's chat, or the one going on of the person logged in."""
    try:
        return intake.chat_of(actor_of(request), secret_of(request))
    except NoSuchChat:
        return None


GRADES = ((5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意")))


def page(request: HttpRequest, view: ChatView, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The conversation."""
    waiting = intake.waiting_time(actor_of(request), secret_of(request)) if view.is_waiting else None
    return {
        "chat": view, "key": ids.token(), "seen": _print_of(view, waiting), "longest": intake.chat_rules().longest,
        "waiting": waiting, "mine": "VISITOR", "grades": GRADES, **more,
    }  # fmt: skip


def _print_of(view: ChatView, waiting: Waiting | None) -> str:
    """What decides how the page looks besides the messages: it is drawn anew when this changes."""
    wait = (waiting.place, waiting.minutes, waiting.lawyers, waiting.is_duty_time) if waiting else ()
    parts = (view.state, view.agent, view.guests, view.urgency, view.grade, view.orders, *wait)
    return crypto.digest(repr(parts).encode())[:12]
