"""Logging in and out: the session's side of it. Who somebody is, is decided by the identity room."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from fawang.base.identity import services as identity
from fawang.base.organisations import selectors as organisations
from fawang.front.frame.context import ELDER_COOKIE
from fawang.front.frame.doors import ACTING_KEY, SEEN_KEY
from fawang.front.frame.language import COOKIE_SECONDS, SESSION_KEY
from fawang.front.frame.refusals import safe_next
from fawang.kernel import clock

BACKEND = "django.contrib.auth.backends.ModelBackend"
NEXT_KEY = "next"
# what a visitor told before the log-in, sealed; it goes along for an hour, so that nobody types it twice
TOLD_KEY = "told"
TOLD_SECONDS = 3600
# the secret of a visitor's chat: the portal keeps it, a log-out forgets it
CHAT_COOKIE, CHAT_PATH = "fawang_chat", "/chat/"


def address_of(request: HttpRequest) -> str:
    """The address the request came from; behind our own proxy the one the proxy saw."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    # the last entry is the proxy's own observation; what stands before it was sent by the client
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


def log_in(request: HttpRequest, account: AbstractBaseUser, target: str) -> HttpResponseRedirect:
    """Begin a fresh session for the account (its key changes, so a planted one is worthless) and go to `target`."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "") or getattr(account, "language", "")
    told = request.session.get(TOLD_KEY)
    # nothing else of the visitor's session is carried over, neither what was pending nor what somebody else left
    request.session.flush()
    login(request, account, backend=BACKEND)  # type: ignore[arg-type]  # the identity room's model, by its base class
    request.session[SEEN_KEY] = int(clock.now().timestamp())
    if told and told["at"] > clock.now().timestamp() - TOLD_SECONDS:
        request.session[TOLD_KEY] = told
    if language in dict(settings.LANGUAGES):
        request.session[SESSION_KEY] = language
    response = HttpResponseRedirect(safe_next(request, target))
    if getattr(account, "elder_mode", False) and ELDER_COOKIE not in request.COOKIES:
        remember(response, ELDER_COOKIE, "1")
    return response


def log_out(request: HttpRequest) -> None:
    """End the session and forget everything in it; the log-out is written down."""
    account = getattr(request, "user", None)
    if account is not None and account.is_authenticated:
        identity.record_log_out(account, address_of(request))
    logout(request)


def forget_chat(response: HttpResponseBase) -> None:
    """This browser has no chat any more."""
    response.delete_cookie(CHAT_COOKIE, path=CHAT_PATH, samesite="Lax")


def act_as(request: HttpRequest, key: str) -> bool:
    """Act from now on as `key`; False when the account may not. The session's key changes with the rights."""
    account = getattr(request, "user", None)
    if account is None or key not in {known for known, _words in organisations.ways_to_act(account)}:
        return False
    request.session.cycle_key()
    request.session[ACTING_KEY] = key
    return True


def remember(response: HttpResponseRedirect, name: str, value: str) -> HttpResponseRedirect:
    """Keep a choice about the look for a year in a cookie that carries nothing about the person."""
    response.set_cookie(name, value, max_age=COOKIE_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
