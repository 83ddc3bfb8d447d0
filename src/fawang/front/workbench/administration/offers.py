"""Services open or closed, and how the background work is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue import services as publishing
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel.outbox import selectors as outbox


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


@requires("workbench.see_machine")
def machine_page(request: HttpRequest) -> HttpResponse:
    """How much background work waits, for how long, and what is stuck."""
    depth = outbox.depth()
    return render(request, "workbench/machine.html", {"depth": depth, "lag_seconds": int(depth.lag.total_seconds())})
