"""Self-checks: a few questions before any form – may I, which way, how long, where."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fawang.base.catalogue import forms, screening
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question, Screener
from fawang.base.catalogue.screening import Screening
from fawang.front.frame import questions
from fawang.front.frame.doors import actor_of, requires
from fawang.front.portal import checking, finding, placing, told
from fawang.kernel.errors import Invalid


@require_GET
@requires("portal.see")
def checks(request: HttpRequest) -> HttpResponse:
    """All self-checks."""
    return render(request, "portal/checks.html", {"screeners": catalogue.screeners()})


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def check(request: HttpRequest, name: str) -> HttpResponse:
    """The next question, the one that is changed (`?ask=`), or what the answers mean."""
    screener = catalogue.screener(name)
    if request.method == "POST":
        if "restart" in request.POST:
            told.keep_answers(request, name, {})
            return redirect("portal:check-oneself", name=name)
        return _take(request, screener)
    found = screening.screen(screener, told.answers(request, name))
    wanted = next((q for q in found.asked if q.id == request.GET.get("ask", "")), None)
    if (question := wanted or found.following) is not None:
        return _ask(request, found, question, found.answers.get(question.id))
    services = checking.services(found)
    line = services[0].published.line if services else ""
    context = {
        "screener": screener, "found": found, "results": checking.results(found), "rows": checking.rows(found),
        "services": services, "line": line,
        "centres": finding.nearest_centres(actor_of(request), placing.position(request.session), line=line),
    }  # fmt: skip
    return render(request, "portal/checked.html", context)


def _take(request: HttpRequest, screener: Screener) -> HttpResponse:
    """Keep one answer; what is no longer asked because of it is forgotten."""
    found = screening.screen(screener, told.answers(request, screener.screener))
    wanted = request.POST.get("question", "")
    question = next((q for q in found.asked if q.id == wanted), found.following)
    if question is None:
        return redirect("portal:check-oneself", name=screener.screener)
    value = questions.read(question, request.POST)
    if questions.is_narrowing(request.POST):
        return _ask(request, found, question, value)
    try:
        cleaned = forms.opened(forms.clean(screener.questions, {**found.answers, question.id: value}, partial=True))
        if question.id not in cleaned:
            forms.clean([question], {})
    except Invalid as wrong:
        return _ask(request, found, question, value, wrong)
    asked = {q.id for q in forms.asked(screener.questions, cleaned)}
    told.keep_answers(request, screener.screener, {key: each for key, each in cleaned.items() if key in asked})
    return redirect("portal:check-oneself", name=screener.screener)


def _ask(
    request: HttpRequest, found: Screening, question: Question, value: object, wrong: Invalid | None = None
) -> HttpResponse:
    errors = dict(wrong.fields) if wrong else {}
    context = {
        "screener": found.screener, "question": question, "value": value, "errors": errors,
        "own_error": errors.get(question.id, ""), "rows": checking.rows(found, before=question),
    }  # fmt: skip
    return render(request, "portal/check_question.html", context, status=422 if errors else 200)
