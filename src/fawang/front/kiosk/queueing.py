"""The hall: taking a number, checking in with the code of a booking, and the screen that calls."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.values import Priority
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.front.frame import qr, terminal
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, NotFound


def _hall(request: HttpRequest) -> InstitutionValue | None:
    """Where this kiosk stands; None for a device that is none, which gives out nothing."""
    found = terminal.terminal_of(request)
    return organisations.institution_by_token(found.unit) if found else None


@require_http_methods(["GET", "POST"])
@requires("kiosk.use")
def take(request: HttpRequest) -> HttpResponse:
    """Choose what one comes for, get a number; or say the code of a booking."""
    hall, error, typed = _hall(request), "", request.POST.get("code", "")
    if request.method == "POST":
        if hall is None:
            raise NotFound
        try:
            return _taken(request, hall)
        except NotFound:
            error = _("没有找到今天在这里的预约。请核对取号码，或到服务台问一下。")
        except FawangError as refused:
            error = refused.text
    lines = meetings.lines_of(hall.id) if hall else ()
    waiting = meetings.waiting_by_line(hall.id) if hall else {}
    context = {
        "hall": hall, "error": error, "typed": typed, "priorities": [row for row in Priority.choices if row[0]],
        "lines": [(code, meetings.line_name(code), waiting.get(code, 0)) for code in lines],
        "key": request.POST.get("key") or ids.token(),
    }  # fmt: skip
    return render(request, "kiosk/queue.html", context, status=422 if error else 200)


def _taken(request: HttpRequest, hall: InstitutionValue) -> HttpResponse:
    actor, priority = actor_of(request), request.POST.get("priority", "")
    if "code" in request.POST:
        ticket = services.check_in_self(
            actor=actor, institution_id=hall.id, claim_code=request.POST["code"], priority=priority
        )
        return redirect("kiosk:ticket", token=ticket.token) if ticket else redirect("kiosk:checked-in")
    found = services.take_ticket(
        actor=actor, institution_id=hall.id, line=request.POST.get("line", ""), priority=priority,
        key=request.POST.get("key", ""),
    )  # fmt: skip
    return redirect("kiosk:ticket", token=found.token)


@require_safe
@requires("kiosk.use")
def checked_in(request: HttpRequest) -> HttpResponse:
    """Checked in for something that calls no numbers: a person, a room."""
    return render(request, "kiosk/checked_in.html")


@require_safe
@requires("kiosk.use")
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """The number in large letters, with the code of its live page."""
    found = meetings.ticket(token)
    address = settings.FAWANG_SITE_URL.rstrip("/") + f"/queue/{found.token}/"
    context = {"ticket": found, "line": meetings.line_name(found.line), "picture": qr.data_uri(address)}
    return render(request, "kiosk/ticket.html", context)


@require_safe
@requires("kiosk.use")
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """The screen of a hall: which number goes to which window. It refreshes itself; it knows no names."""
    place = organisations.institution_by_token(token)
    counts = [(meetings.line_name(code), count) for code, count in meetings.waiting_by_line(place.id).items()]
    response = render(
        request, "kiosk/screen.html", {"place": place, "called": meetings.screen(place.id), "counts": counts}
    )
    response.headers["Cache-Control"] = "no-store"
    return response
