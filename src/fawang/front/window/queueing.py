"""The hall's queue at a window: call the next, recall, pass over, send on; give out a number; end the day."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.values import Priority
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import WindowValue
from fawang.front.frame import qr
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, NotFound
from fawang.kernel.policy import Actor

_SESSION = "queue_window"


def _unit(actor: Actor) -> int:
    if actor.unit_id is None:
        raise NotFound
    return actor.unit_id


def _window(request: HttpRequest) -> WindowValue | None:
    """The window this browser sits at, as its worker said."""
    token = str(request.session.get(_SESSION, ""))
    unit = _unit(actor_of(request))
    return next((one for one in organisations.windows(unit) if one.token == token), None)


@requires("meetings.call")
def queue(request: HttpRequest) -> HttpResponse:
    """Whom this window serves, who is next, and giving out a number; first, which window one sits at."""
    actor = actor_of(request)
    unit = organisations.institution(_unit(actor))
    if request.method == "POST":
        chosen = request.POST.get("window", "")
        if chosen and chosen not in {one.token for one in organisations.windows(unit.id)}:
            raise NotFound
        request.session[_SESSION] = chosen
        return HttpResponseRedirect(reverse("window:queue"))
    window = _window(request)
    lines = meetings.lines_of(unit.id)
    context = {
        "unit": unit, "window": window, "windows": organisations.windows(unit.id),
        "serving": meetings.serving(actor, window.id) if window else None,
        "waiting": meetings.queue(actor, window.id) if window else [],
        "counts": [(meetings.line_name(code), count) for code, count in meetings.waiting_by_line(unit.id).items()],
        "lines": [(code, meetings.line_name(code)) for code in lines], "priorities": Priority.choices,
        "only_line": lines[0] if len(lines) == 1 else "",
        "key": ids.token(),
    }  # fmt: skip
    return render(request, "window/queue.html", context)


@requires("meetings.call")
def act(request: HttpRequest, what: str) -> HttpResponse:
    """One press at the window."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor, window = actor_of(request), _window(request)
    token = request.POST.get("ticket", "")
    try:
        if what == "end":
            closed = services.end_day(actor=actor, institution_id=_unit(actor))
            messages.success(request, _("今天的叫号已结束，没有叫到的 %(count)s 个号已关闭。") % {"count": closed})
        elif window is None:
            raise NotFound
        elif what == "next":
            called = services.call_next(actor=actor, window_id=window.id, current=token)
            if called is None:
                messages.info(request, _("现在没有人等候。"))
        elif what == "transfer":
            sent = services.transfer(actor=actor, token=token, line=request.POST.get("line", ""))
            name = {"number": sent.number, "line": meetings.line_name(sent.line)}
            messages.success(request, _("%(number)s 已转到%(line)s，保留原来的顺序。") % name)
        elif what in _ACTS:
            _ACTS[what](actor=actor, token=token)
        else:
            raise NotFound
    except FawangError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.text)
    return HttpResponseRedirect(reverse("window:queue"))


_ACTS = {"recall": services.recall, "skip": services.pass_over, "done": services.serve}


@requires("window.receive")
def give(request: HttpRequest) -> HttpResponse:
    """Give a number to somebody who stands here."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = actor_of(request)
    try:
        ticket = services.take_ticket(
            actor=actor, institution_id=_unit(actor), line=request.POST.get("line", ""),
            priority=request.POST.get("priority", ""), key=request.POST.get("key", ""),
        )  # fmt: skip
    except FawangError as refusal:
        messages.error(request, refusal.text)
        return HttpResponseRedirect(reverse("window:queue"))
    return HttpResponseRedirect(reverse("window:ticket", args=[ticket.token]))


@requires("window.receive")
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """A number, to print: with the code of its live page."""
    found = meetings.ticket(token)
    if found.institution_id != _unit(actor_of(request)):
        raise NotFound
    address = settings.FAWANG_SITE_URL.rstrip("/") + f"/queue/{found.token}/"
    context = {"ticket": found, "line": meetings.line_name(found.line), "picture": qr.data_uri(address)}
    return render(request, "window/ticket.html", context)
