"""A kiosk: a terminal in a hall or a village that many people use one after another.

Staff enrol the device once; a signed cookie then says where it stands. Pages are the portal's, larger, with a keyboard
on the screen, and nothing stays behind: an idle page ends the visit. Locking and heartbeat of devices come later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

COOKIE = "terminal"
SALT = "frame.terminal"
YEARS_SECONDS = 400 * 24 * 3600
CHANNEL = "31"
IDLE_SECONDS = 90


@dataclass(frozen=True)
class Terminal:
    """Where a kiosk stands: its name, the unit that looks after it, and the division."""

    name: str
    unit: str
    division: str

    @property
    def source(self) -> str:
        """What an order remembers of it."""
        return f"kiosk:{self.unit}:{self.name}"[:80]


ORIGIN_COOKIE = "origin"
ORIGIN_SALT = "frame.origin"
ORIGIN_SECONDS = 24 * 3600


def remember_origin(response: HttpResponseBase, *, source: str, division: str) -> None:
    """Remember for a day which printed code was scanned. A cookie, since logging in begins a fresh session."""
    value = signing.dumps([source[:80], division], salt=ORIGIN_SALT)
    response.set_cookie(
        ORIGIN_COOKIE, value, max_age=ORIGIN_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def origin_of(request: HttpRequest) -> tuple[str, str]:
    """(source, division) of the code that was scanned; empty texts when none was."""
    try:
        source, division = signing.loads(
            request.COOKIES.get(ORIGIN_COOKIE, ""), salt=ORIGIN_SALT, max_age=ORIGIN_SECONDS
        )
    except (signing.BadSignature, ValueError):
        return "", ""
    return str(source), str(division)


def enrol(response: HttpResponseBase, terminal: Terminal) -> None:
    """Make the browser a kiosk."""
    value = signing.dumps(asdict(terminal), salt=SALT)
    response.set_cookie(
        COOKIE, value, max_age=YEARS_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def dismiss(response: HttpResponseBase) -> None:
    """Make the browser an ordinary one again."""
    response.delete_cookie(COOKIE, samesite="Lax")


def forget_origin(response: HttpResponseBase) -> None:
    """The next visitor did not scan it."""
    response.delete_cookie(ORIGIN_COOKIE, samesite="Lax")


def terminal_of(request: HttpRequest) -> Terminal | None:
    """The kiosk that the request comes from; None for every other browser, and for a cookie that is not ours."""
    value = request.COOKIES.get(COOKIE)
    if not value:
        return None
    try:
        return Terminal(**signing.loads(value, salt=SALT, max_age=YEARS_SECONDS))
    except (signing.BadSignature, TypeError):
        return None


class TerminalMiddleware:
    """Pages on a kiosk are kept nowhere: going back after the visit ended shows nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with caching switched off on kiosks."""
        response = self.get_response(request)
        if COOKIE in request.COOKIES and not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response
