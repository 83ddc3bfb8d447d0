"""Sessions of people, for pages and mini programs of ours: log in, choose as whom to act, log out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router
from ninja.responses import Status

from fawang.base.identity import services as identity
from fawang.base.organisations import selectors as organisations
from fawang.front.api.auth import actor_of
from fawang.front.api.binding import operation
from fawang.front.api.schemas import outgoing as out
from fawang.front.api.schemas.incoming import Acting, Phone, PhoneCode
from fawang.front.frame import doors, session
from fawang.kernel.errors import NotFound

router = Router(tags=["sessions"])
LOG_IN, USE = "api.log_in", "api.use_session"


def _account(request: HttpRequest) -> AbstractBaseUser:
    """The person of the session. Raises NotFound for a key: it has none."""
    account = getattr(request, "user", None)
    if not isinstance(account, AbstractBaseUser):
        raise NotFound
    return account


def _session(request: HttpRequest, account: AbstractBaseUser, acting: str, roles: frozenset[str]) -> dict[str, Any]:
    ways = [{"key": key, "label": label} for key, label in organisations.ways_to_act(account)]
    return {"roles": sorted(roles), "acting": acting, "ways": ways, "csrf_token": get_token(request)}


@operation(router, "POST", "/sessions/code", LOG_IN, {200: out.Sent}, summary="获取验证码 · Ask for a code")
def send_code(request: HttpRequest, body: Phone) -> dict[str, bool]:
    """Send a code to a mobile number."""
    identity.request_phone_code(body.phone, session.address_of(request))
    return {"is_sent": True}


@operation(router, "POST", "/sessions", LOG_IN, {201: out.Session}, summary="登录 · Log in")
def log_in(request: HttpRequest, body: PhoneCode) -> Status[dict[str, Any]]:
    """Log in with number and code; the session is a cookie. Staff log in on their page, with a second factor."""
    account = identity.login_by_phone_code(body.phone, body.code, session.address_of(request))
    session.log_in(request, account, "/")
    actor = organisations.actor_for(account)
    return Status(201, _session(request, account, "", actor.roles))


@operation(router, "GET", "/sessions/me", USE, {200: out.Session}, summary="我是谁 · Who I am")
def get_session(request: HttpRequest) -> dict[str, Any]:
    """Roles, ways to act, and the token that everything changing needs. Not for keys."""
    account = _account(request)
    return _session(request, account, request.session.get(doors.ACTING_KEY, ""), actor_of(request).roles)


@operation(router, "POST", "/sessions/acting", USE, {200: out.Session}, summary="切换身份 · Act as")
def act_as(request: HttpRequest, body: Acting) -> dict[str, Any]:
    """Act from now on as a member of an institution, for somebody represented, or as oneself."""
    account = _account(request)
    if not session.act_as(request, body.key):
        raise NotFound
    return _session(request, account, body.key, organisations.actor_for(account, body.key).roles)


@operation(router, "DELETE", "/sessions", USE, {200: out.Taken}, summary="退出 · Log out")
def log_out(request: HttpRequest) -> dict[str, bool]:
    """End the session."""
    _account(request)
    session.log_out(request)
    return {"is_taken": True}
