"""One conversation: read, write, hand on, end, wrap up, make an order of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fawang.base.catalogue import selectors as catalogue
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.frame.refusals import wants_fragment
from fawang.front.workbench.chats import desk
from fawang.kernel import crypto, ids
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.policy import Actor
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services
from fawang.middle.intake.errors import NoSuchChat
from fawang.middle.intake.values import ChatView

_ORDER_SERVICES = ("CONSULT_MESSAGE", "GENERAL_DEMAND")


def _after(text: str) -> int:
    return min(ids.row_number(text) or 0, 10**6)


def _conversation(view: ChatView, actor: Actor, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    parts = (view.state, view.agent, view.guests, view.urgency, view.wrap_up, view.orders, view.is_mine)
    is_guest = not view.is_mine and may_enter(actor, desk.JOIN)
    return {
        "chat": view, "key": ids.token(), "seen": crypto.digest(repr(parts).encode())[:12],
        "mine": "LAWYER" if view.is_mine else "SUPERVISOR", "longest": intake.chat_rules().longest,
        "may_write": view.is_open and (view.is_mine or (is_guest and bool(view.guests))), **more,
    }  # fmt: skip


def _context(actor: Actor, view: ChatView, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Everything on the page: the lists, the conversation, and what can be done with it."""
    language = get_language() or "zh-hans"
    people, units = intake.colleagues(actor) if view.is_mine and view.is_open else ((), ())
    return {
        **desk.context_of(actor, open_chat=view.token), **_conversation(view, actor),
        "people": people, "units": units,
        "phrases": [one.en if language.startswith("en") else one.zh for one in intake.chat_rules().phrases],
        "domains": [(row.code, row.say(language)) for row in catalogue.table("domain1")],
        "wrap_ups": [(row.code, row.say(language)) for row in catalogue.table("wrap_up")],
        "services": [one.item for one in catalogue.items() if one.code in _ORDER_SERVICES],
        "may_order": view.is_mine and may_enter(actor, "intake.take_contacts"), **more,
    }  # fmt: skip


@require_GET
@requires(desk.SEE)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """A conversation: one's own, one that was joined, or one that is over, to read."""
    actor = actor_of(request)
    services.show_life(actor)
    return render(request, "workbench/chats/talk.html", _context(actor, intake.chat(actor, token)))


@require_GET
@requires(desk.SEE)
def news(request: HttpRequest, token: str) -> HttpResponse:
    """What was said after the last message on the page; no content while nothing was."""
    actor = actor_of(request)
    services.show_life(actor)
    try:
        view = intake.chat(actor, token, after=max(1, _after(request.GET.get("after", ""))))
    except NoSuchChat:
        if not wants_fragment(request):
            raise
        # it was handed on, or went back to the queue: the page stops asking
        messages.info(request, _("这次咨询已经转给别人，或者回到了队列。"))
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("workbench:chats")})
    context = _conversation(view, actor)
    if not view.lines and request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "workbench/chats/news.html", context)


@require_POST
@requires(desk.SEE)
def say(request: HttpRequest, token: str) -> HttpResponse:
    """Write into it; what cannot be taken stays in the box, with the reason."""
    actor, typed, key = actor_of(request), request.POST.get("text", ""), request.POST.get("key", "")
    errors: dict[str, str] = {}
    try:
        services.answer_chat(actor, chat=token, text=typed, key=key)
    except Invalid as wrong:
        errors = {name: str(words) for name, words in wrong.fields.items()}
    if not wants_fragment(request):
        if not errors:
            return redirect("workbench:chat", token=token)
        context = _context(actor, intake.chat(actor, token), errors=errors, words=typed)
        return render(request, "workbench/chats/talk.html", {**context, "key": key}, status=422)
    view = intake.chat(actor, token, after=max(1, _after(request.POST.get("after", ""))))
    context = _conversation(view, actor, errors=errors, words=typed if errors else "", has_sent=True)
    return render(request, "workbench/chats/news.html", {**context, "key": key} if errors else context)


@require_POST
@requires(desk.TAKE)
def transfer(request: HttpRequest, token: str) -> HttpResponse:
    """Hand it to a colleague or to another unit, with a note."""
    kind, _bar, to = request.POST.get("to", "").partition(":")
    people = {"colleague": to} if kind == "person" else {"unit": to} if kind == "unit" else {}
    return _done(request, token, lambda actor: services.transfer_chat(
        actor, chat=token, note=request.POST.get("note", ""), **people
    ), _("已转交，备注对方能看到。"))  # fmt: skip


@require_POST
@requires(desk.TAKE)
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End it; then it is wrapped up."""
    services.end_chat(actor_of(request), chat=token)
    return redirect("workbench:chat", token=token)


@require_POST
@requires(desk.TAKE)
def wrap_up(request: HttpRequest, token: str) -> HttpResponse:
    """Write down what was answered; ends the conversation where it goes on."""
    post = request.POST
    return _done(request, token, lambda actor: services.wrap_up_chat(
        actor, chat=token, answer=post.get("answer", ""), wrap_up=post.get("wrap_up", ""),
        domain=post.get("domain", ""), key=post.get("key") or None,
    ), _("已记录。"))  # fmt: skip


@require_POST
@requires(desk.TAKE)
def order(request: HttpRequest, token: str) -> HttpResponse:
    """Carry what was said into the contact, and open the questions of a service below it."""
    number = services.note_chat(actor_of(request), chat=token)
    code = request.POST.get("service", "")
    chosen = code if code in _ORDER_SERVICES else _ORDER_SERVICES[0]
    return redirect(f"{reverse('hotline:contact', args=[number])}?service={chosen}")


def _done(request: HttpRequest, token: str, act: Callable[[Actor], object], words: str) -> HttpResponse:
    """Do it and go back to the desk; what is refused is shown on the conversation with what was typed."""
    actor = actor_of(request)
    try:
        act(actor)
    except FawangError as wrong:
        errors = {name: str(sentence) for name, sentence in getattr(wrong, "fields", {}).items()}
        typed = {name: request.POST.get(name, "") for name in ("note", "answer", "wrap_up", "domain", "to")}
        more = {"errors": errors, "error": "" if errors else wrong.text, "typed": typed}
        context = _context(actor, intake.chat(actor, token), **more)
        return render(request, "workbench/chats/talk.html", context, status=wrong.status)
    messages.success(request, words)
    return redirect("workbench:chats")
