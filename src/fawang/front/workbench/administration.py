"""Administration: services open or closed, roles, who logged in and looked at what, background work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue import services as publishing
from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services as organisations_services
from fawang.base.organisations.values import MEMBER_ROLES, ROLES
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.events import selectors as events
from fawang.kernel.outbox import selectors as outbox

AUDITED = 200
EVENT_NAMES: dict[str, str | Promise] = {
    "identity.logged_in.v1": gettext_lazy("登录"),
    "identity.log_in_failed.v1": gettext_lazy("登录失败"),
    "identity.log_in_locked.v1": gettext_lazy("多次失败，暂时锁定"),
    "identity.logged_out.v1": gettext_lazy("退出"),
    "identity.field_unmasked.v1": gettext_lazy("查看隐藏信息"),
    "identity.verified.v1": gettext_lazy("实名核验"),
}


@requires("catalogue.publish")
def services_page(request: HttpRequest) -> HttpResponse:
    """All services with their version, and whether they take demands."""
    return render(request, "workbench/services.html", {"rows": catalogue.offers()})


@requires("catalogue.publish")
def set_service(request: HttpRequest, code: str) -> HttpResponse:
    """Close a service with a reason, or open it again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    reason = request.POST.get("reason", "").strip()
    if request.POST.get("act") == "open":
        publishing.reopen_item(actor_of(request), code=code, reason=reason)
        messages.success(request, _("已重新开放。"))
    elif reason:
        publishing.close_item(actor_of(request), code=code, reason=reason)
        messages.success(request, _("已停止受理。在办的不受影响。"))
    else:
        context = {"rows": catalogue.offers(), "wrong": code, "errors": {f"reason-{code}": _("请写明为什么停止受理。")}}
        return render(request, "workbench/services.html", context, status=422)
    return HttpResponseRedirect(reverse("workbench:services"))


def _roles(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    actor, text, token = actor_of(request), request.GET.get("text", ""), request.GET.get("unit", "")
    context: dict[str, Any] = {
        "text": text, "found": organisations.institutions(text=text, limit=20).rows if text.strip() else (),
        "role_choices": [(code, ROLES[code]) for code in ROLES if code in MEMBER_ROLES],
    }  # fmt: skip
    if token:
        unit = organisations.institution_by_token(token)
        context |= {"unit": unit, "members": organisations.members(actor, unit.id)}
    return render(request, "workbench/roles.html", {**context, **more}, status=status)


@requires("organisations.manage_roles")
def roles_page(request: HttpRequest) -> HttpResponse:
    """Find an institution; see, give and end roles in it."""
    if request.method != "POST":
        return _roles(request)
    actor, unit = actor_of(request), organisations.institution_by_token(request.GET.get("unit", ""))
    try:
        account = identity.account_by_username(actor, request.POST.get("username", "").strip())
        if account is None:
            raise Invalid({"username": _("没有这个用户名，请核对。")})
        organisations_services.add_membership(
            actor, account_id=account.pk, institution_id=unit.id, role=request.POST.get("role", "")
        )
    except FawangError as refusal:
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        return _roles(
            request, status=refusal.status, errors=errors, error="" if errors else refusal.text, typed=request.POST
        )
    messages.success(request, _("已授予角色，下一次操作起生效。"))
    return HttpResponseRedirect(request.get_full_path())


@requires("organisations.manage_roles")
def end_role(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End a role now."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    organisations_services.end_membership(actor_of(request), membership_id, reason=request.POST.get("reason", ""))
    messages.success(request, _("已收回角色，立即生效。"))
    return HttpResponseRedirect(f"{reverse('workbench:roles')}?unit={request.POST.get('unit', '')}")


@requires("identity.read_log_ins")
def audit_page(request: HttpRequest) -> HttpResponse:
    """The newest log-ins, failures and unmaskings, without what was seen."""
    wanted = request.GET.get("kind", "")
    rows = events.recent(prefix=wanted if wanted in EVENT_NAMES else "identity.", limit=AUDITED)
    ids_ = {
        int(row.actor.split(":")[1]) for row in rows if row.actor.startswith("account:") and row.actor[8:].isdigit()
    }
    names = {f"account:{pk}": name for pk, name in identity.account_names(ids_).items()}
    shown = [
        (row, EVENT_NAMES.get(row.name, row.name), names.get(row.actor, row.actor), (row.data or {}).get("reason", ""))
        for row in rows
    ]
    return render(request, "workbench/audit.html", {"rows": shown, "kinds": EVENT_NAMES.items(), "kind": wanted})


@requires("workbench.see_machine")
def machine_page(request: HttpRequest) -> HttpResponse:
    """How much background work waits, for how long, and what is stuck."""
    depth = outbox.depth()
    return render(request, "workbench/machine.html", {"depth": depth, "lag_seconds": int(depth.lag.total_seconds())})
