"""My messages and my details."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.notifications import selectors as notifications
from fawang.base.notifications import services as notifying
from fawang.front.frame.doors import actor_of, requires
from fawang.front.frame.refusals import safe_next
from fawang.front.portal import notice
from fawang.kernel.errors import FawangError, Invalid, NotFound


@require_http_methods(["GET", "POST"])
@requires("portal.see_matters")
def messages(request: HttpRequest) -> HttpResponse:
    """My messages, newest first; one button says that those shown were read."""
    actor = actor_of(request)
    page = notifications.inbox(actor, before=request.GET.get("before", ""))
    if request.method == "POST":
        for message in page.messages:
            if not message.is_read:
                notifying.mark_read(actor=actor, token=message.token)
        return HttpResponseRedirect(request.get_full_path())
    has_unread = any(not message.is_read for message in page.messages)
    return render(request, "portal/messages.html", {"page": page, "has_unread": has_unread})


def _party(request: HttpRequest) -> int:
    party_id = actor_of(request).party_id
    if party_id is None:
        raise NotFound
    return party_id


def _me(request: HttpRequest, error: FawangError | None = None, **typed: str) -> HttpResponse:
    actor, party_id = actor_of(request), _party(request)
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    context = {
        "card": identity.party_card(actor, party_id), "typed": typed, "errors": fields,
        "error": error.text if error is not None and not fields else "",
        "representations": identity.representations(actor, party_id),
        "consents": [c for c in identity.consents(actor, party_id) if c.withdrawn_at is None],
        "party_id": party_id, "purpose": notice.PURPOSE,
    }  # fmt: skip
    return render(request, "portal/me.html", context, status=error.status if error is not None else 200)


@require_http_methods(["GET", "POST"])
@requires("portal.see_me")
def me(request: HttpRequest) -> HttpResponse:
    """My details; the e-mail address can be changed here."""
    if request.method != "POST":
        return _me(request)
    email = request.POST.get("email", "").strip()
    try:
        identities.change_details(actor_of(request), party_id=_party(request), email=email)
    except FawangError as error:
        return _me(request, error, email=email)
    toasts.success(request, _("已保存。"))
    return redirect("portal:me")


@require_http_methods(["GET", "POST"])
@requires("portal.see_me")
def verify(request: HttpRequest) -> HttpResponse:
    """Have name and number checked (identity level 2); then, where a service needs it, that it is the person (3)."""
    typed = {name: request.POST.get(name, "").strip() for name in ("name", "id_no")}
    target = safe_next(request, request.POST.get("next") or request.GET.get("next", ""), "/me/")
    context: dict[str, object] = {
        "typed": typed, "next": target, "level": actor_of(request).level, "is_online": identities.can_confirm_online(),
    }  # fmt: skip
    if request.method == "POST":
        try:
            if "confirm" in request.POST:
                identities.confirm_online(actor_of(request), _party(request))
                toasts.success(request, _("已确认是您本人。"))
                return HttpResponseRedirect(target)
            identities.verify_identity(actor_of(request), _party(request), typed["name"], typed["id_no"])
            toasts.success(request, _("实名核验已通过。"))
            return HttpResponseRedirect(target)
        except FawangError as error:
            fields = dict(error.fields) if isinstance(error, Invalid) else {}
            context |= {"errors": fields, "error": "" if fields else error.text}
            return render(request, "portal/verify.html", context, status=error.status)
    return render(request, "portal/verify.html", context)


@require_POST
@requires("portal.see_me")
def withdraw_consent(request: HttpRequest) -> HttpResponse:
    """Withdraw the consent to the notice; it is asked for again before the next application."""
    identities.withdraw_consent(actor_of(request), party_id=_party(request), purpose=notice.PURPOSE)
    toasts.success(request, _("已撤回同意。下次申请前会再问您。"))
    return redirect("portal:me")


@require_POST
@requires("portal.see_me")
def end_representation(request: HttpRequest) -> HttpResponse:
    """End a representation of or by me."""
    actor = actor_of(request)
    token = request.POST.get("token", "")
    row = next((r for r in identity.representations(actor, _party(request)) if r.token == token), None)
    if row is None:
        raise NotFound
    identities.end_representation(actor, row.id)
    toasts.success(request, _("代理关系已结束。"))
    return redirect("portal:me")
