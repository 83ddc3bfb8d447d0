"""The doors: who is acting, whether they may enter, and what a refusal looks like.

Every view says which permission it needs with `@requires("room.act")`; a view that says nothing is refused. The
session tells the account and as whom it acts; staff sessions end when nobody works for
`settings.FAWANG_STAFF_IDLE_SECONDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from fawang.base.organisations import selectors as organisations
from fawang.front.frame import refusals
from fawang.front.frame.policy import CITIZEN_ROLES
from fawang.front.frame.values import Requirement
from fawang.kernel import clock, policy
from fawang.kernel.errors import FawangError, NotLoggedIn, NotPermitted
from fawang.kernel.policy import VISITOR, Actor, Scope

ACTING_KEY = "acting"
CHOOSE_ACTOR = "frame.choose_actor"
SEEN_KEY = "seen_at"
# how often a busy session's "last seen" is written, in seconds: a write a request would queue at the database
SEEN_EVERY_SECONDS = 60
BACKGROUND_HEADER = "X-Background"
EXEMPT_MODULES = ("ninja.", "django.views.static", "django.contrib.staticfiles.", "whitenoise.")

View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: str, *, login: str = "") -> Callable[[View], View]:
    """Mark a view with the permission it needs; `login` is `citizen` or `staff` where the roles do not tell.

    The start-up checks refuse an undeclared permission and a view without this mark.
    """

    def mark(view: View) -> View:
        view.frame_requires = Requirement(permission, login)  # type: ignore[attr-defined]
        return view

    return mark


def requirement_of(view: Any) -> Requirement | None:  # noqa: ANN401 - Django hands over any callable
    """What the view was marked with, or None."""
    found = getattr(view, "frame_requires", None)
    return found if isinstance(found, Requirement) else None


def is_exempt(view: Any) -> bool:  # noqa: ANN401 - Django hands over any callable
    """Whether the view is a static file or an API operation, which asks `api_actor` by itself."""
    module = getattr(getattr(view, "func", view), "__module__", "") or ""
    return module.startswith(EXEMPT_MODULES)


def may_enter(actor: Actor, permission: str) -> bool:
    """Whether the actor holds the permission; what a visitor may see, everybody may see."""
    if Scope.ANYONE in policy.scopes(VISITOR, permission):
        return True
    return bool(policy.scopes(actor, permission))


def login_side(requirement: Requirement) -> str:
    """`citizen` when any citizen's role holds the permission, else `staff`."""
    if requirement.login:
        return requirement.login
    roles = {row.role for row in policy.table() if row.permission == requirement.permission}
    return "citizen" if roles & set(CITIZEN_ROLES) or not roles else "staff"


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request; the visitor where no middleware ran (for error pages)."""
    found = getattr(request, "actor", VISITOR)
    return found if isinstance(found, Actor) else VISITOR


def api_actor(request: HttpRequest) -> Actor:
    """The actor of an API request by its session cookie. Raises NotLoggedIn when nobody is logged in."""
    actor = actor_of(request)
    if actor.is_anonymous:
        raise NotLoggedIn
    return actor.through("API")


def _session_actor(request: HttpRequest) -> Actor:
    """Who the session says is acting; ends an idle staff session and marks the request as expired."""
    request.has_expired = False  # type: ignore[attr-defined]
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return VISITOR
    account = get_user(request)
    if not account.is_authenticated:
        return VISITOR
    request.user = account
    try:
        actor = organisations.actor_for(account, request.session.get(ACTING_KEY, ""))
    except FawangError as refusal:
        # the way to act has ended: never fall back to another one in silence, let the person choose
        request.acting_refusal = refusal  # type: ignore[attr-defined]
        actor = Actor(ref=f"account:{account.pk}", account_id=account.pk)
    seen, now = request.session.get(SEEN_KEY, 0), int(clock.now().timestamp())
    if actor.member_id is not None and seen and now - seen > settings.FAWANG_STAFF_IDLE_SECONDS:
        request.session.flush()
        request.has_expired = True  # type: ignore[attr-defined]
        return VISITOR
    # a page that refreshes itself is not a person at work
    if now - seen >= SEEN_EVERY_SECONDS and BACKGROUND_HEADER not in request.headers:
        request.session[SEEN_KEY] = now
    return actor


class ActorMiddleware:
    """Puts `request.actor`, keeps those out who may not enter, and keeps pages behind log-in out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer for the actor of the session."""
        request.actor = _session_actor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not actor_of(request).is_anonymous:
            response.headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse before the view runs. Raises ImproperlyConfigured for a view without `requires`."""
        requirement = requirement_of(view)
        if requirement is None:
            if is_exempt(view):
                return None
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} has no @requires(permission)")
        actor = actor_of(request)
        if may_enter(actor, requirement.permission):
            return None
        if actor.is_anonymous:
            return refusals.ask_to_log_in(request, login_side(requirement))
        if refusal := getattr(request, "acting_refusal", None):
            return None if requirement.permission == CHOOSE_ACTOR else refusals.ask_whom_to_act_as(request, refusal)
        return refusals.answer(request, NotPermitted(reason=requirement.permission), hide=bool(kwargs))


class ErrorMiddleware:
    """Turns what the product refuses on purpose into pages, alerts or JSON; anything else goes to Django's 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; only exceptions concern us."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """The answer for a FawangError, None for the unexpected."""
        if isinstance(exception, NotLoggedIn):
            requirement = requirement_of(request.resolver_match.func) if request.resolver_match else None
            return refusals.ask_to_log_in(request, login_side(requirement) if requirement else "citizen")
        if isinstance(exception, FawangError):
            # not yours and not there look the same: a page about one thing never says that the thing exists
            about_one_thing = bool(request.resolver_match and request.resolver_match.kwargs)
            hide = isinstance(exception, NotPermitted) and about_one_thing and request.method in {"GET", "HEAD"}
            return refusals.answer(request, exception, hide=hide)
        return None
