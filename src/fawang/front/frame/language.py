"""Which language a page speaks: the cookie, else the account's choice, else what the browser asks for, else Chinese."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE_SECONDS = 365 * 24 * 3600
SESSION_KEY = "language"


def choose(request: HttpRequest) -> str:
    """The code of one of `settings.LANGUAGES` for this request."""
    known = dict(settings.LANGUAGES)
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in known:
        return cookie
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    chosen = request.session.get(SESSION_KEY, "") if has_session else ""
    if chosen in known:
        return str(chosen)
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    """Speaks the chosen language for the length of the request and says so in the answer's headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in its language."""
        language = choose(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
