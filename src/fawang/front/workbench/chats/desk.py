"""The desk of chat duty: the queue at the left, one's own conversations, signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from fawang.base.catalogue import selectors as catalogue
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel import crypto
from fawang.kernel.errors import FawangError
from fawang.kernel.policy import Actor
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services
from fawang.middle.intake.values import ChatDesk, ChatRow

SEE, TAKE, JOIN = "intake.see_chat_desk", "intake.take_chats", "intake.join_chats"


def context_of(actor: Actor, *, open_chat: str = "") -> dict[str, Any]:
    """The lists of the desk; `open_chat` is the one on the page."""
    desk = intake.chat_desk(actor)
    names = {row.code: row.say(get_language() or "zh-hans") for row in catalogue.table("domain1")}
    return {"desk": desk, "open_chat": open_chat, "domain_names": names, "desk_seen": print_of(desk, names)}


def print_of(desk: ChatDesk, names: dict[str, str]) -> str:
    """What decides how the lists look."""

    def of(rows: tuple[ChatRow, ...]) -> list[object]:
        return [(row.token, row.urgency, row.waited_minutes, row.is_unread, row.is_gone, row.agent) for row in rows]

    parts = [
        desk.is_signed_in,
        desk.lawyers,
        len(names),
        *map(of, (desk.waiting, desk.mine, desk.others, desk.to_wrap_up)),
    ]
    return crypto.digest(repr(parts).encode())[:12]


@require_GET
@requires(SEE)
def page(request: HttpRequest) -> HttpResponse:
    """The queue and what is open, between two conversations."""
    actor = actor_of(request)
    services.show_life(actor)
    return render(request, "workbench/chats/desk.html", context_of(actor))


@require_GET
@requires(SEE)
def lists(request: HttpRequest) -> HttpResponse:
    """The lists again, asked for every few seconds: no content while nothing changed."""
    actor = actor_of(request)
    services.show_life(actor)
    context = context_of(actor, open_chat=request.GET.get("open", "")[:30])
    if request.GET.get("seen") == context["desk_seen"]:
        return HttpResponse(status=204)
    return render(request, "workbench/chats/lists.html", context)


@require_POST
@requires(TAKE)
def seat(request: HttpRequest) -> HttpResponse:
    """Begin or end chat duty."""
    services.sign_in_to_chats(actor_of(request), is_on=request.POST.get("on") == "1")
    return redirect("workbench:chats")


@require_POST
@requires(TAKE)
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Take a chat: one of two colleagues gets it."""
    try:
        services.take_chat(actor_of(request), chat=token)
    except FawangError as refusal:
        messages.warning(request, refusal.text)
        return redirect("workbench:chats")
    return redirect("workbench:chat", token=token)


@require_POST
@requires(JOIN)
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Join as a supervisor; both sides see it."""
    services.join_chat(actor_of(request), chat=token, is_open=request.POST.get("quietly") != "1")
    return redirect("workbench:chat", token=token)
