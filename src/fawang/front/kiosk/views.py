"""The kiosk's first page, the end of a visit, and making a device a kiosk."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fawang.base.catalogue import selectors as catalogue
from fawang.base.organisations import selectors as organisations
from fawang.front.frame import session, terminal
from fawang.front.frame.doors import actor_of, requires
from fawang.front.frame.terminal import Terminal

_NAME = re.compile(r"[\w\u4e00-\u9fff -]{1,30}")


@require_safe
@requires("kiosk.use")
def start(request: HttpRequest) -> HttpResponse:
    """What can be done here, in large letters; without enrolment, how a device becomes a kiosk."""
    lines = [line for line in catalogue.lines().values() if catalogue.items(line=line.line)]
    return render(request, "kiosk/start.html", {"lines": lines})


@require_http_methods(["GET", "POST"])
@requires("kiosk.use")
def end(request: HttpRequest) -> HttpResponse:
    """End the visit: log out, empty the browser's stores, go back to the first page. Ending twice does no harm."""
    session.log_out(request)
    response = HttpResponseRedirect(reverse("kiosk:start"))
    # cookies stay: one of them says that this is a kiosk, the session's was just replaced
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    terminal.forget_origin(response)
    return response


@require_http_methods(["GET", "POST"])
@requires("kiosk.enrol")
def enrol(request: HttpRequest) -> HttpResponse:
    """Make this device a kiosk of the unit, or take it back; whoever did it is logged out at once."""
    actor = actor_of(request)
    unit = organisations.institution(actor.unit_id or 0)
    name, error = request.POST.get("name", "").strip(), ""
    if request.method == "POST":
        if "dismiss" in request.POST:
            response: HttpResponse = redirect("kiosk:enrol")
            terminal.dismiss(response)
            return response
        if _NAME.fullmatch(name):
            session.log_out(request)
            response = redirect("kiosk:start")
            terminal.enrol(response, Terminal(name=name, unit=unit.token, division=unit.division_code))
            return response
        error = _("请给终端起一个名字，30 个字以内，例如“一楼大厅1号”。")
    context = {"unit": unit, "name": name, "error": error, "known": terminal.terminal_of(request)}
    return render(request, "kiosk/enrol.html", context, status=422 if error else 200)
