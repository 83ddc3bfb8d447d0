"""A question in, quoted law out; and the sheet that a lawyer can confirm."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fawang.base.identity.services import throttle
from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services
from fawang.front.frame.doors import requires
from fawang.front.frame.session import address_of
from fawang.front.portal import asking, finding, told
from fawang.kernel import clock
from fawang.middle.intake import selectors as intake

# from one address; a whole hall behind one still gets through
QUESTIONS = throttle.Rule("portal_questions", 120, timedelta(minutes=10), timedelta(minutes=2))


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def ask(request: HttpRequest) -> HttpResponse:
    """The box, and under it the answer. Questions are sent as POST and kept sealed, so that none is in an address."""
    question = request.POST.get("q", "").strip()[: asking.MAX_QUESTION]
    if request.method == "POST" and not question:
        errors = {"errors": {"q": _("请先写一句话，说说您想问什么。")}}
        return render(request, "portal/ask/ask.html", errors, status=422)
    if not question:
        return render(request, "portal/ask/ask.html", {})
    throttle.spend(QUESTIONS, address_of(request))
    turns = told.turns(request) if request.POST.get("follow") else []
    reply = services.drafted(knowledge.answer(question, earlier=" ".join(turns)))
    asking.keep(request, [*turns, question])
    danger = intake.look_for_danger(question)
    context = {
        "reply": reply, "turns": turns, "quotes": asking.shown(reply.quotes), "near": asking.shown(reply.near),
        "danger": danger,
        "person_first": asking.is_person_first(reply, is_danger=danger.is_now),
    }  # fmt: skip
    with translation.override("en") if reply.is_english else translation.override(translation.get_language()):
        return render(request, "portal/ask/ask.html", context)


@require_GET
@requires("portal.see")
def sheet(request: HttpRequest) -> HttpResponse:
    """What was asked and what the law says, on one sheet to print and to take to a lawyer."""
    turns = told.turns(request)
    if not turns:
        return redirect("portal:ask")
    made = knowledge.sheet("\n".join(turns), knowledge.answer(turns[-1], earlier=" ".join(turns[:-1])))
    context = {
        "sheet": made, "quotes": asking.shown(made.quotes), "fits": finding.find(" ".join(turns)).fits,
        "today": clock.today(),
    }  # fmt: skip
    return render(request, "portal/ask/sheet.html", context)
