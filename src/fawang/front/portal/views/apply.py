"""The application: begin, one question a page, check, send, receipt."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fawang.base.catalogue import selectors as catalogue
from fawang.base.divisions import selectors as divisions
from fawang.base.documents import selectors as documents
from fawang.base.documents.values import DocumentValue
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as workorders
from fawang.base.workorders.numbers import spoken
from fawang.base.workorders.values import OrderView
from fawang.front.frame import files, order_actions, qr, questions, reading, session, terminal
from fawang.front.frame.doors import ACTING_KEY, actor_of, requires
from fawang.front.portal import applying, notice, shown, told
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, Invalid, NotFound
from fawang.kernel.policy import Actor


def _ways(request: HttpRequest) -> list[tuple[str, str]]:
    """For whom somebody may apply here: oneself and those represented, never as a member of an institution."""
    return [way for way in organisations.ways_to_act(request.user) if not way[0].startswith("member:")]  # type: ignore[arg-type]


def _chosen(request: HttpRequest) -> Actor:
    """The actor for whom it is begun; the session acts as that one from now on."""
    wanted = request.POST.get("acting", "")
    if not wanted or wanted == (request.session.get(ACTING_KEY) or "self"):
        return actor_of(request)
    if not session.act_as(request, wanted):
        raise NotFound
    return organisations.actor_for(request.user, wanted)  # type: ignore[arg-type]


@require_http_methods(["GET", "POST"])
@requires("portal.apply")
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Before the first question: for whom, which identity level, the notice."""
    item, error = catalogue.item(code).item, None
    if request.method == "POST":
        try:
            return _begin(request, code)
        except FawangError as refused:
            error = refused
    actor = actor_of(request)
    context = {
        "item": item, "ways": _ways(request), "acting": request.session.get(ACTING_KEY) or "self",
        "is_level_enough": actor.level >= item.identity_level, "has_agreed": notice.has_agreed(actor),
        "parts": notice.PARTS, "key": ids.token(), "error": error.text if error else "",
        "is_open": shown.takes_demands(item), "reuses": applying.reuses(actor), "reuse_text": applying.REUSE_TEXT,
        "count": sum(not (question.material or question.compute) for question in item.questions),
        "told": len(told.known(request, item)),
    }  # fmt: skip
    return render(request, "portal/start.html", context, status=error.status if error else 200)


def _begin(request: HttpRequest, code: str) -> HttpResponse:
    actor = _chosen(request)
    origin = applying.origin_of(request)
    item = catalogue.item(code, must_be_open=True).item
    notice.agree(actor, is_ticked=request.POST.get("agree") == "1", channel=origin.channel)
    applying.set_reuse(actor, is_wanted=request.POST.get("reuse") == "1", channel=origin.channel)
    known = told.known(request, item)
    draft = applying.begin(
        actor, item=item, origin=origin, key=request.POST.get("key") or ids.token(), told=known
    ).draft  # fmt: skip
    view = orders.get(actor, draft)
    asked = applying.asked(view)
    if known and (name := applying.resume_at(view)):
        # what was told before is not asked again; the check page shows all of it
        return redirect("portal:question", draft=draft, name=name)
    if not asked:
        return redirect("portal:check", draft=draft)
    return redirect("portal:question", draft=draft, name=asked[0].id)


def _opened(request: HttpRequest, draft: str) -> tuple[OrderView, bool]:
    """The draft, moved to a newer form when a page is opened (a form sent from an open page is taken as it was)."""
    actor = actor_of(request)
    if request.method == "POST":
        return orders.get(actor, draft), False
    view, has_moved = applying.opened(actor, draft)
    if has_moved:
        toasts.info(request, _("这项服务的表单更新了，您填过的都带过来了。需要重新填的，会在那一项说明。"))
    return view, has_moved


def _sent(view: OrderView) -> HttpResponseRedirect | None:
    """Where to go with an address of a draft that was sent (or cancelled) meanwhile."""
    if view.state == "DRAFT":
        return None
    return redirect("portal:matter", number=view.number) if view.number else redirect("portal:mine")


@require_GET
@requires("portal.see")
def scanned(request: HttpRequest, code: str, division: str, board: str) -> HttpResponse:
    """A printed or shown code was scanned (扫码能得): the service opens, its place filled in, its board remembered."""
    catalogue.item(code)
    if not divisions.exists(division):
        raise NotFound
    response = redirect("portal:service", code=code)
    terminal.remember_origin(response, source=f"code:{division}:{board}", division=division)
    return response


@require_GET
@requires("portal.apply")
def resume(request: HttpRequest, draft: str) -> HttpResponse:
    """Go on where something is missing."""
    view, _has_moved = _opened(request, draft)
    if (elsewhere := _sent(view)) is not None:
        return elsewhere
    name = applying.resume_at(view)
    return redirect("portal:question", draft=draft, name=name) if name else redirect("portal:check", draft=draft)


@require_http_methods(["GET", "POST"])
@requires("portal.apply")
def question(request: HttpRequest, draft: str, name: str) -> HttpResponse:
    """One question: shown with what is known, kept when it is answered."""
    actor = actor_of(request)
    view, has_moved = _opened(request, draft)
    if (elsewhere := _sent(view)) is not None:
        return elsewhere
    if has_moved and name not in {asked.id for asked in applying.asked(view)}:
        return redirect("portal:resume", draft=draft)
    here = applying.step(actor, draft, name)
    context = {"here": here, "value": here.value, "is_from_check": request.GET.get("from") == "check"}
    if request.method != "POST":
        return _ask(request, context)
    value = None if "remove" in request.POST else questions.read(here.question, request.POST)
    context["value"] = value
    if questions.is_narrowing(request.POST):
        return _ask(request, context)
    try:
        kept = applying.keep(actor, here, value, questions.uploaded(here.question, request.FILES))
    except Invalid as wrong:
        return _ask(request, {**context, "errors": wrong.fields, "own_error": wrong.fields.get(name, "")}, 422)
    if "remove" in request.POST:
        return HttpResponseRedirect(request.get_full_path())
    if kept is not None and _may_be_read(request, kept):
        return redirect("portal:read", draft=draft, name=name)
    after = "" if context["is_from_check"] else applying.following(actor, here)
    if after:
        return redirect("portal:question", draft=draft, name=after)
    to_papers = not context["is_from_check"] and applying.papers(orders.get(actor, draft))
    return redirect("portal:papers" if to_papers else "portal:check", draft=draft)


@require_http_methods(["GET", "POST"])
@requires("portal.apply")
def papers(request: HttpRequest, draft: str) -> HttpResponse:
    """The papers that are needed for these answers: handed in as photos or files, or brought later."""
    actor = actor_of(request)
    view, _has_moved = _opened(request, draft)
    if (elsewhere := _sent(view)) is not None:
        return elsewhere
    errors: dict[str, object] = {}
    if request.method == "POST":
        try:
            kept = applying.hand_in(actor, view, request.FILES, removed=request.POST.get("remove", ""))
            readable = {one.token for one in kept if _may_be_read(request, one)}
            fresh = orders.get(actor, draft)
            for row in applying.papers(fresh) if readable else ():
                if row.file in readable:
                    return redirect("portal:read", draft=draft, name=row.question.id)
            return redirect("portal:papers" if {"remove", "stay"} & set(request.POST) else "portal:check", draft=draft)
        except Invalid as wrong:
            errors, view = dict(wrong.fields), orders.get(actor, draft)
    rows = applying.papers(view)
    named = documents.named(actor, [row.file for row in rows if row.file])
    asked = applying.asked(view)
    context = {
        "view": view, "errors": errors, "last": asked[-1].id if asked else "",
        "rows": [(row, named.get(row.file or ""), errors.get(row.question.id, "")) for row in rows],
        "readable": {one.token for one in named.values() if reading.may_read(one)},
    }  # fmt: skip
    return render(request, "portal/papers.html", context, status=422 if errors else 200)


def _may_be_read(request: HttpRequest, kept: DocumentValue) -> bool:
    """Say that the same file was there before; whether what was handed in is worth reading."""
    if repeated := files.repeat_words(kept):
        toasts.info(request, repeated)
    return reading.may_read(kept)


def _ask(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    here = context["here"]
    if isinstance(here, applying.QuestionStep) and str(here.question.type) == "file" and context["value"]:
        context["file"] = documents.named(actor_of(request), [str(context["value"])]).get(str(context["value"]))
    if isinstance(here, applying.QuestionStep):
        aside = [one for one in orders.set_aside(actor_of(request), here.view.draft) if one.is_asked]
        context["aside"] = next((one for one in aside if one.question.id == here.question.id), None)
    return render(request, "portal/question.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires("portal.apply")
def check(request: HttpRequest, draft: str) -> HttpResponse:
    """All answers to look over, then send. A double click sends once; a closed service keeps the draft."""
    actor, error = actor_of(request), None
    if request.method == "POST":
        try:
            outcome = applying.send(
                actor, draft=draft, version=order_actions.version_of(request.POST),
                key=request.POST.get("key") or ids.token(),
            )  # fmt: skip
            return redirect(
                "portal:visit" if applying.ends_in_a_visit(actor, outcome) else "portal:done", number=outcome.number
            )
        except FawangError as refused:
            error = refused
    view = orders.get(actor, draft) if error else _opened(request, draft)[0]
    if (elsewhere := _sent(view)) is not None:
        return elsewhere
    fields = error.fields if isinstance(error, Invalid) else {}
    rows = applying.answered(view)
    context = {
        "view": view, "rows": rows, "files": documents.named(actor, applying.files_of(view)), "key": ids.token(),
        "problems": applying.problems(view, fields), "error": error.text if error and not fields else "",
        "code": error.code if error else "", "last": rows[-1].question.id if rows else "",
        "papers": applying.papers(view), "asides": [one for one in orders.set_aside(actor, draft) if not one.is_asked],
        "says": shown.verdict(applying.published_of(view).item, applying.assessed(view)),
    }  # fmt: skip
    return render(request, "portal/check.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@requires("portal.apply")
def discard(request: HttpRequest, draft: str) -> HttpResponse:
    """Give up a draft, after asking."""
    actor = actor_of(request)
    view = orders.get(actor, draft)
    if (elsewhere := _sent(view)) is not None:
        return elsewhere
    if request.method == "POST":
        workorders.perform(actor=actor, order=draft, action="cancel", data={})
        return redirect("portal:mine")
    return render(request, "portal/discard.html", {"view": view})


@require_GET
@requires("portal.see_matters")
def done(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt: number, query code, QR code, the promise, what happens next."""
    actor = actor_of(request)
    view = orders.get(actor, number)
    clocks = [c for c in shown.open_clocks(orders.clocks(actor, number)) if c.duty == "unit"]
    address = settings.FAWANG_SITE_URL.rstrip("/") + reverse("portal:track") + f"?number={view.number}"
    unit = organisations.names([view.unit_id]).get(view.unit_id, "") if view.unit_id else ""
    context = {
        "view": view, "spoken": spoken(view.number), "code": orders.query_code(actor, number), "unit": unit,
        "picture": qr.data_uri(address), "clocks": clocks, "where": shown.where(view, unit),
        "next": shown.what_next(view), "papers": applying.papers(view),
        "parts": shown.parts(orders.parts(actor, number)) if view.state == "SPLIT" else [],
        "says": shown.verdict(applying.published_of(view).item, applying.assessed(view)),
    }  # fmt: skip
    return render(request, "portal/done.html", context)
