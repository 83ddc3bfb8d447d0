"""Staff accounts as the three administrators see them: find, create, lock, let in again. And one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fawang.base.identity import selectors as identity
from fawang.base.identity import services
from fawang.base.identity.errors import ChallengeOver
from fawang.base.organisations import selectors as organisations
from fawang.front.frame import qr, session
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.workbench.administration.fields import Field, Form
from fawang.kernel import crypto
from fawang.kernel.errors import FawangError, Invalid, NotFound, NotPermitted
from fawang.kernel.policy import Actor, Scope, scopes

SEE = "identity.see_accounts"
MANAGE = "identity.manage_accounts"
PAGE_SIZE = 30
TICKET_KEY = "new_authenticator"
SEAL_CONTEXT = "workbench.new_authenticator"
STATES: tuple[tuple[str, str | Promise], ...] = (
    ("active", gettext_lazy("在用")),
    ("closed", gettext_lazy("已停用")),
    ("one_time", gettext_lazy("还没改一次性密码")),
    ("no_authenticator", gettext_lazy("还没绑定验证器")),
)


@requires(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """Staff accounts by user name, narrowed by words and state."""
    actor, text, state = actor_of(request), request.GET.get("text", "")[:60], request.GET.get("state", "")
    page = identity.accounts(actor, text=text, state=state, after=request.GET.get("after", ""), limit=PAGE_SIZE)
    context = {
        "page": page, "text": text, "state": state, "states": STATES, "may_create": _makes_any(actor),
        "has_previous": bool(request.GET.get("after")), "is_filtered": bool(text or state),
    }  # fmt: skip
    return render(request, "workbench/accounts.html", context)


_NEW = (
    Field("username", gettext_lazy("用户名"), is_required=True, most=64,
          hint=gettext_lazy("小写字母开头，可用小写字母、数字和 . _ -。")),
    Field("display_name", gettext_lazy("姓名"), "name", is_required=True, most=100),
    Field("phone", gettext_lazy("手机号"), "phone"),
)  # fmt: skip


def _makes_any(actor: Actor) -> bool:
    """Whether the actor makes accounts by themselves: who administers a unit makes them with a role there."""
    return Scope.ALL in scopes(actor, MANAGE)


@requires(MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Create an account; its one-time password is shown this once."""
    if not _makes_any(actor_of(request)):
        raise NotPermitted(reason=MANAGE)
    form = Form(_NEW, {}, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            issued = services.open_account(
                actor_of(request), username=form.text("username"), display_name=form.text("display_name"),
                phone=form.text("phone"),
            )  # fmt: skip
            back = reverse("workbench:account", args=[issued.token])
            return render(request, "workbench/issued.html", {"issued": issued, "back": back, "is_new": True})
        except FawangError as refusal:
            form.refuse(refusal)
    return render(request, "workbench/account_new.html", {"form": form}, status=form.status)


def _page(request: HttpRequest, token: str, status: int = 200, **more: object) -> HttpResponse:
    actor = actor_of(request)
    account = identity.account_of_token(actor, token)
    context: dict[str, Any] = {
        "account": account, "rows": organisations.memberships(actor, account.id),
        "locked_until": identity.locked_until(actor, account.id), "is_own": account.id == actor.account_id,
        "may_issue": may_enter(actor, MANAGE), "may_guard": may_enter(actor, "identity.guard_accounts"),
        "may_close": may_enter(actor, "identity.close_accounts"),
        "may_end": may_enter(actor, "organisations.manage_roles"),
    }  # fmt: skip
    return render(request, "workbench/account.html", {**context, **more}, status=status)


@requires(SEE)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """One account: its state, its roles, and what this administrator may do to it."""
    return _page(request, token)


def _guarded(actor: Actor, account_id: int, reason: str) -> None:
    if not reason:
        raise Invalid({"totp_reason": _("请写明重置的原因，例如“手机丢失，已当面核对身份”。")})
    services.reset_totp(actor, account_id, reason=reason)


def _closed(actor: Actor, account_id: int, reason: str) -> None:
    services.close_account(actor, account_id, reason=reason)


# what the buttons of an account's page do, and what is said then
_ACTS: dict[str, tuple[Callable[[Actor, int, str], None], str | Promise]] = {
    "reset-authenticator": (_guarded, gettext_lazy("已解除验证器，下次登录时重新绑定。")),
    "unlock": (
        lambda actor, account_id, reason: services.unlock_account(actor, account_id),
        gettext_lazy("已解除锁定，现在可以登录。"),
    ),
    "close": (_closed, gettext_lazy("已停用，打开的页面下一次操作就会退出。")),
    "reopen": (
        lambda actor, account_id, reason: services.reopen_account(actor, account_id),
        gettext_lazy("已重新启用。"),
    ),
}


@requires(SEE)
def act(request: HttpRequest, token: str, what: str) -> HttpResponse:
    """Do one of the acts of an account's page."""
    actor = actor_of(request)
    account = identity.account_of_token(actor, token)
    back = reverse("workbench:account", args=[token])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    try:
        if what == "issue-password":
            issued = services.reset_password(actor, account.id)
            return render(request, "workbench/issued.html", {"issued": issued, "back": back, "is_new": False})
        if what not in _ACTS:
            raise NotFound
        verb, said = _ACTS[what]
        verb(actor, account.id, request.POST.get("reason", "").strip())
    except Invalid as refusal:
        return _page(request, token, status=refusal.status, errors=refusal.fields)
    messages.success(request, str(said))
    return HttpResponseRedirect(back)


# --- one's own -------------------------------------------------------------------------------------------------------
def _own(request: HttpRequest, error: FawangError | None = None, status: int = 200, **more: object) -> HttpResponse:
    form = Form((), {})
    if error is not None:
        form.refuse(error)
    actor = actor_of(request)
    account = identity.own_account(actor)
    context = {
        "account": account, "rows": [row for row in organisations.memberships(actor, account.id) if row.is_active],
        "errors": form.errors, "error": form.sentence, **more,
    }  # fmt: skip
    return render(request, "workbench/me.html", context, status=form.status if error else status)


@requires("workbench.enter")
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: roles, password, authenticator."""
    return _own(request)


@requires("workbench.enter")
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session stays, all others end."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("workbench:me"))
    new_one = request.POST.get("password", "")
    try:
        if new_one != request.POST.get("again", ""):
            raise Invalid({"again": _("两次输入的密码不一样。请重新输入。")})
        services.change_password(
            actor_of(request), old=request.POST.get("old", ""), new=new_one, ip=session.address_of(request)
        )
    except FawangError as refusal:
        return _own(request, refusal)
    request.user.refresh_from_db()  # type: ignore[union-attr]  # somebody is logged in: the door has seen to it
    update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
    messages.success(request, _("密码已更改。其他设备上的登录已经退出。"))
    return HttpResponseRedirect(reverse("workbench:me"))


@requires("workbench.enter")
def new_authenticator(request: HttpRequest) -> HttpResponse:
    """Put a new authenticator in the old one's place: first the old one's code, then the new one's."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("workbench:me"))
    actor, code, ip = actor_of(request), request.POST.get("code", ""), session.address_of(request)
    sealed = request.session.get(TICKET_KEY, "")
    try:
        if request.POST.get("step") == "finish" and sealed:
            _address, _at, ticket = crypto.unseal(sealed, context=SEAL_CONTEXT).partition("\n")
            services.finish_new_authenticator(actor, ticket=ticket, code=code, ip=ip)
            del request.session[TICKET_KEY]
            messages.success(request, _("新的验证器已经生效，旧的不再有用。"))
            return HttpResponseRedirect(reverse("workbench:me"))
        address, ticket = services.begin_new_authenticator(actor, code=code, ip=ip)
        sealed = crypto.seal(f"{address}\n{ticket}", context=SEAL_CONTEXT)
        request.session[TICKET_KEY] = sealed
        return _scan(request, sealed)
    except ChallengeOver as over:
        request.session.pop(TICKET_KEY, None)
        return _own(request, over)
    except FawangError as refusal:
        if request.POST.get("step") == "finish" and sealed:
            return _scan(request, sealed, refusal)
        return _own(request, refusal)


def _scan(request: HttpRequest, sealed: str, error: FawangError | None = None) -> HttpResponse:
    address = crypto.unseal(sealed, context=SEAL_CONTEXT).partition("\n")[0]
    secret = parse_qs(urlsplit(address).query).get("secret", [""])[0]
    context = {"picture": qr.data_uri(address), "secret": secret, "error": error.text if error else ""}
    return render(request, "workbench/authenticator.html", context, status=error.status if error else 200)
