"""Written questions to a duty lawyer, and the answers that were published without the people in them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question
from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.values import PieceKind
from fawang.base.workorders.values import Filing
from fawang.front.frame import questions
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.portal import applying, chatting, notice, told
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, Invalid, NotFound
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services

SERVICE = "CONSULT_MESSAGE"
_ASKED = ("domain", "story", "area", "urgency")
PAGE = 20


def _questions() -> list[Question]:
    """Of the service's questions those that cannot be done without; the rest can be told afterwards."""
    asked = {question.id: question for question in catalogue.item(SERVICE, must_be_open=True).item.questions}
    return [asked[name] for name in _ASKED]


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def ask(request: HttpRequest) -> HttpResponse:
    """Write a question. A story that another page hands over (`q`) is kept; what was typed before a log-in too."""
    if request.method == "POST" and ("send" in request.POST or questions.is_narrowing(request.POST)):
        typed = {question.id: questions.read(question, request.POST) for question in _questions()}
        typed["may_publish"] = "anonymised" if request.POST.get("may_publish") == "anonymised" else "private"
        if questions.is_narrowing(request.POST):
            return _form(request, typed)
        return _send(request, typed) if actor_of(request).party_id is not None else _log_in(request, typed)
    typed = told.question(request)
    if request.method == "POST":
        typed = {**typed, "story": chatting.story(request), "domain": request.POST.get("domain", "")}
    return _form(request, typed)


def _form(request: HttpRequest, typed: dict[str, Any], *, refusal: FawangError | None = None) -> HttpResponse:
    errors = {name: str(words) for name, words in getattr(refusal, "fields", {}).items()}
    actor = actor_of(request)
    context = {
        "asked": [(question, typed.get(question.id), errors.get(question.id, "")) for question in _questions()],
        "may_publish": typed.get("may_publish") or "private", "key": request.POST.get("key") or ids.token(),
        "has_agreed": actor.party_id is None or notice.has_agreed(actor), "parts": notice.PARTS,
        "errors": errors, "error": refusal.text if refusal and not errors else "",
        "danger": intake.look_for_danger(str(typed.get("story") or "")), "item": catalogue.item(SERVICE).item,
    }  # fmt: skip
    return render(request, "portal/questions/ask.html", context, status=refusal.status if refusal else 200)


def _log_in(request: HttpRequest, typed: dict[str, Any]) -> HttpResponse:
    """Keep what was typed, and come back to it after the log-in."""
    if may_enter(actor_of(request), "workbench.enter"):
        return redirect("frame:acting")
    login = redirect(f"{reverse('frame:login')}?next={reverse('portal:ask-lawyer')}")
    try:
        told.keep_question(request, typed)
    except Invalid as refusal:
        return _form(request, typed, refusal=refusal)
    toasts.info(request, _("用手机号登录后就能发出，您写的都还在。答复会告诉这个号码。"))
    return login


def _send(request: HttpRequest, typed: dict[str, Any]) -> HttpResponse:
    actor, origin = actor_of(request), applying.origin_of(request)
    answers = {name: typed[name] for name in _ASKED if typed.get(name) not in (None, "")}
    filing = Filing(
        service_code=SERVICE, answers=answers, area="", channel=origin.channel, applicant_id=actor.party_id,
        applicant_kind=applying.kind_of(actor), applicant_level=actor.level, source=origin.source,
    )  # fmt: skip
    try:
        notice.agree(actor, is_ticked=request.POST.get("agree") == "1", channel=origin.channel)
        number = services.file_demand(actor, filing=filing, key=request.POST.get("key") or None).number
    except FawangError as refusal:
        return _form(request, typed, refusal=refusal)
    if typed["may_publish"] == "anonymised":
        services.agree_to_publish(actor, order=number)
    told.keep_question(request, {})
    return redirect("portal:done", number=number)


@require_GET
@requires("portal.see")
def published(request: HttpRequest) -> HttpResponse:
    """Published answers by field of law and words."""
    text, domain = request.GET.get("text", "").strip()[:60], request.GET.get("domain", "")[:6]
    found = intake.published_answers(text=text, domain=domain)
    page = min(max(1, (ids.row_number(request.GET.get("page", "")) or 0)), 10_000)
    names = dict(chatting.domains())
    rows = [(piece, names.get(code[:3], "")) for piece, code in found[(page - 1) * PAGE : page * PAGE]]
    context = {
        "rows": rows, "text": text, "domain": domain, "domains": chatting.domains(), "count": len(found),
        "next": page + 1 if len(found) > page * PAGE else 0,
    }  # fmt: skip
    return render(request, "portal/questions/list.html", context)


@require_GET
@requires("portal.see")
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """One published answer."""
    piece = knowledge.piece(actor_of(request), token)
    if piece.kind != PieceKind.ANSWER or piece.published_at is None or piece.state != "PUBLISHED":
        raise NotFound
    return render(request, "portal/questions/answer.html", {"piece": piece})


@require_POST
@requires("portal.see_matters")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take back the consent to the anonymised version."""
    services.withdraw_publication(actor_of(request), order=number)
    toasts.success(request, _("已撤回。公开的内容已经撤下。"))
    return redirect("portal:matter", number=number)
