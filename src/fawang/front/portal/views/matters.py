"""My matters: the list, one matter, everything that can be done to it, its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fawang.back.casework import selectors as casework
from fawang.base.documents import selectors as documents
from fawang.base.identity import selectors as identity
from fawang.base.meetings import selectors as meetings
from fawang.base.notifications import selectors as notifications
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.errors import NoSuchAction
from fawang.base.workorders.numbers import spoken
from fawang.base.workorders.values import Choice, OrderView, Outcome
from fawang.front.frame import amending, questions
from fawang.front.frame.doors import actor_of, requires
from fawang.front.portal import acting, applying, shown, visiting
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.policy import Actor
from fawang.middle.intake import selectors as intake

PAGE = 20


@require_GET
@requires("portal.see_matters")
def mine(request: HttpRequest) -> HttpResponse:
    """My matters, drafts on top, newest first."""
    page = orders.mine(actor_of(request), before=request.GET.get("before", ""), size=PAGE)
    context = {
        "page": page, "drafts": [row for row in page.rows if row.state == "DRAFT"],
        "rows": [row for row in page.rows if row.state != "DRAFT"],
    }  # fmt: skip
    return render(request, "portal/mine.html", context)


@require_GET
@requires("portal.see_matters")
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """One matter: where it is, who has it, what comes next, due when and why, what happened."""
    actor = actor_of(request)
    view = orders.get(actor, number)
    if not view.number:
        return redirect("portal:resume", draft=view.draft)
    return render(request, "portal/matter.html", {**_told(actor, view), **_kept(actor, view)})


@require_GET
@requires("portal.see_matters")
def paper(request: HttpRequest, number: str, sequence: str) -> HttpResponse:
    """A paper that was made in a matter, to read and print: the opinion, the agreement."""
    actor = actor_of(request)
    context = {"view": orders.get(actor, number), "sheet": casework.sheet(actor, number, int(sequence))}
    return render(request, "portal/paper.html", context)


def _told(actor: Actor, view: OrderView) -> dict[str, Any]:
    place = organisations.institutions_by_id([view.unit_id]).get(view.unit_id) if view.unit_id else None
    handler = identity.account_names([view.handler_id]).get(view.handler_id, "") if view.handler_id else ""
    clocks, steps = orders.clocks(actor, view.number), orders.timeline(actor, view.number)
    return {
        "view": view, "spoken": spoken(view.number), "unit": place, "handler": handler,
        "where": shown.where(view, place.name if place else ""), "next": shown.what_next(view),
        "tracker": shown.tracker(view), "buttons": acting.offered(actor, view),
        "clocks": shown.open_clocks(clocks),
        "timeline": shown.happenings(steps), "papers": casework.of_order(view, steps),
    }  # fmt: skip


def _kept(actor: Actor, view: OrderView) -> dict[str, Any]:
    parts = shown.parts(orders.parts(actor, view.number)) if view.state == "SPLIT" else []
    bookings = [b for b in meetings.bookings_of(actor, view.number) if b.state == "BOOKED"] if view.is_offline else []
    return {
        "messages_of": notifications.messages_of(actor, view.number)[-5:],
        "documents": documents.of_order(actor, view.number), "bookings": bookings,
        "links": [] if parts else orders.links(actor, view.number), "parts": parts,
        "code": orders.query_code(actor, view.number), "publication": intake.publication_of(view),
        "rows": applying.answered(view), "changes": amending.told(actor, orders.changes(actor, view.number)),
        "amended": _may_be_amended(actor, view),
    }  # fmt: skip


def _may_be_amended(actor: Actor, view: OrderView) -> set[str]:
    """The ids of the answers that may be corrected now."""
    if not amending.may(actor, view):
        return set()
    asked = {row.question.id for row in applying.answered(view) if not row.question.compute}
    return {name for name in asked if amending.question_of(view, name) is not None}


def _page(request: HttpRequest, view: OrderView, choice: Choice, **context: Any) -> HttpResponse:  # noqa: ANN401
    error = context.pop("refused", None)
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    typed = context.get("typed", {})
    shown_context = {
        "view": view, "choice": choice, "key": ids.token(), "errors": fields,
        "error": error.text if error is not None and not fields else "",
        "form": [(q, typed.get(q.id), fields.get(q.id, "")) for q in choice.form], **context,
    }  # fmt: skip
    template = "portal/rate.html" if choice.code == "rate" else "portal/act.html"
    return render(request, template, shown_context, status=error.status if error is not None else 200)


@require_http_methods(["GET", "POST"])
@requires("portal.see_matters")
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Do something to a matter: its form, or what came of it. What was typed survives every refusal."""
    actor = actor_of(request)
    view = orders.get(actor, number)
    if action == "switch_offline":
        return redirect("portal:visit", number=view.number)
    try:
        choice = acting.choice_of(actor, number, action)
    except NoSuchAction:
        return _gone(request, view, action)
    if request.method != "POST":
        return _page(request, view, choice)
    typed = acting.read(choice, request.POST)
    if questions.is_narrowing(request.POST):
        return _page(request, view, choice, typed=typed)
    try:
        outcome = acting.do(request, view, choice, typed)
    except FawangError as refused:
        return _page(request, orders.get(actor, number), choice, typed=typed, refused=refused)
    return _done(request, choice, outcome)


def _gone(request: HttpRequest, view: OrderView, action: str) -> HttpResponse:
    """An action that is not possible (any more): after a double click it was done already."""
    key = request.POST.get("key", "")
    if request.method == "POST" and key and key == request.session.get("done_key"):
        return redirect("portal:matter", number=view.number)
    messages.warning(request, _("现在不能做这一步了，请看最新进展。"))
    return redirect("portal:matter", number=view.number)


def _done(request: HttpRequest, choice: Choice, outcome: Outcome) -> HttpResponse:
    request.session["done_key"] = request.POST.get("key", "")
    said = _("已完成：%(action)s。") % {"action": shown.say(choice.zh, choice.en)}
    if "claim_code" in outcome.extra:
        said += " " + _("新的查询码是 %(code)s，原来的不能再用。") % {"code": outcome.extra["claim_code"]}
    messages.success(request, said)
    return redirect("portal:matter", number=outcome.number)


@require_http_methods(["GET", "POST"])
@requires("portal.see_matters")
def visit(request: HttpRequest, number: str) -> HttpResponse:
    """Move a matter to a window: choose a centre, then a free time."""
    actor = actor_of(request)
    view = orders.get(actor, number)
    choice, error = acting.choice_of(actor, number, "switch_offline"), None
    centre = visiting.centre(request.GET["at"]) if request.GET.get("at") else None
    if request.method == "POST":
        data = visiting.chosen(request.POST.get("slot", ""))
        try:
            outcome = acting.do(request, view, choice, data)
            return _done(request, choice, outcome)
        except FawangError as refused:
            error, view = refused, orders.get(actor, number)
    context = {
        "view": view, "centre": centre, "key": ids.token(), "error": error.text if error else "",
        "centres": [] if centre else visiting.centres(actor, view),
        "days": visiting.days(actor, centre) if centre else [],
    }  # fmt: skip
    return render(request, "portal/visit.html", context, status=error.status if error else 200)


@require_GET
@requires("portal.see_matters")
def document(request: HttpRequest, token: str) -> HttpResponseBase:
    """One of my files, to save."""
    opened = documents.open(actor_of(request), token)
    response = FileResponse(opened.content)
    # after the response has guessed its own
    for name, value in opened.value.headers.items():
        response.headers[name] = value
    return response
