"""Live chat with a duty lawyer: before it, in it, after it. Nothing about it stands in an address."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fawang.front.frame.doors import actor_of, requires
from fawang.front.frame.refusals import wants_fragment
from fawang.front.frame.session import address_of
from fawang.front.portal import applying, chatting
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, Invalid, RefusedByState
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services
from fawang.middle.intake.errors import NoSuchChat


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def chat(request: HttpRequest) -> HttpResponse:
    """The conversation, or the form before one. A story that another page hands over (`q`) is kept in the form."""
    view = chatting.current(request)
    if view is not None:
        return render(request, "portal/chat/talk.html", chatting.page(request, view, words=chatting.story(request)))
    if request.method != "POST" or "start" not in request.POST:
        return render(request, "portal/chat/start.html", chatting.form(request))
    return _start(request)


def _start(request: HttpRequest) -> HttpResponse:
    post, secret = request.POST, request.POST.get("key", "")
    try:
        services.start_chat(
            actor_of(request), secret=secret, words=chatting.story(request), domain=post.get("domain", ""),
            channel=applying.origin_of(request).channel, address=address_of(request),
        )  # fmt: skip
    except FawangError as wrong:
        return _again(request, wrong)
    response = redirect("portal:chat")
    chatting.remember(request, response, secret)
    return response


def _again(request: HttpRequest, wrong: FawangError) -> HttpResponse:
    fields = {
        ("q" if name in {"text", "words"} else name): words for name, words in getattr(wrong, "fields", {}).items()
    }
    context = chatting.form(request, errors=fields, error="" if fields else wrong.text)
    return render(request, "portal/chat/start.html", context, status=wrong.status)


@require_GET
@requires("portal.see")
def news(request: HttpRequest) -> HttpResponse:
    """What was said after the last message on the page, asked for every few seconds; no content while nothing was."""
    actor, secret = actor_of(request), chatting.secret_of(request)
    after = ids.row_number(request.GET.get("after", "")) or 0
    try:
        view = intake.visitor_update(actor, secret, min(after, 10**6))
    except NoSuchChat:
        if not wants_fragment(request):
            raise
        # somebody logged out in another tab: the page begins again instead of asking on
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("portal:chat")})
    if secret:
        services.show_visitor(actor, secret=secret)
    context = chatting.page(request, view)
    if not view.lines and request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "portal/chat/news.html", context)


@require_POST
@requires("portal.see")
def say(request: HttpRequest) -> HttpResponse:
    """Send a message; what cannot be taken stays in the box, with the reason."""
    actor, secret, key = actor_of(request), chatting.secret_of(request), request.POST.get("key", "")
    errors: dict[str, str] = {}
    try:
        services.say(actor, secret=secret, text=request.POST.get("text", ""), key=key)
    except Invalid as wrong:
        errors = {name: str(words) for name, words in wrong.fields.items()}
    except (RefusedByState, NoSuchChat) as refusal:
        toasts.warning(request, refusal.text)
        return redirect("portal:chat")
    if not wants_fragment(request) and not errors:
        return redirect("portal:chat")
    after = ids.row_number(request.POST.get("after", "")) or 0
    view = intake.visitor_update(actor, secret, min(after, 10**6) if wants_fragment(request) else 0)
    template = "portal/chat/news.html" if wants_fragment(request) else "portal/chat/talk.html"
    context = chatting.page(request, view, errors=errors, words=request.POST.get("text", "") if errors else "")
    if errors:
        context["key"] = key
    return render(
        request, template, {**context, "has_sent": True}, status=422 if errors and not wants_fragment(request) else 200
    )


@require_POST
@requires("portal.see")
def end(request: HttpRequest) -> HttpResponse:
    """End it; then it can be rated."""
    services.leave_chat(actor_of(request), secret=chatting.secret_of(request))
    return redirect("portal:chat")


@require_POST
@requires("portal.see")
def rate(request: HttpRequest) -> HttpResponse:
    """Rate it, once."""
    try:
        services.rate_chat(
            actor_of(request), secret=chatting.secret_of(request),
            grade=ids.row_number(request.POST.get("grade", "")) or 0, text=request.POST.get("text", ""),
        )  # fmt: skip
        toasts.success(request, _("谢谢您的评价。"))
    except FawangError as refusal:
        toasts.warning(request, next(iter(getattr(refusal, "fields", {}).values()), refusal.text))
    return redirect("portal:chat")


@require_POST
@requires("portal.see")
def call_back(request: HttpRequest) -> HttpResponse:
    """Rather be called: from the form before a chat, or instead of waiting on."""
    post, view = request.POST, chatting.current(request)
    secret = chatting.secret_of(request) if view is not None else ""
    try:
        services.call_me_back(
            actor_of(request), phone=post.get("phone", ""), words=chatting.story(request), secret=secret,
            domain=post.get("domain", ""), channel=applying.origin_of(request).channel,
            address=address_of(request), key=post.get("key", ""),
        )  # fmt: skip
    except FawangError as wrong:
        if view is None:
            return _again(request, wrong)
        toasts.warning(request, next(iter(getattr(wrong, "fields", {}).values()), wrong.text))
        return redirect("portal:chat")
    response = redirect("portal:chat")
    if view is None:
        chatting.remember(request, response, post.get("key", ""))
    return response


@require_POST
@requires("portal.see")
def anew(request: HttpRequest) -> HttpResponse:
    """Leave what is over behind and begin again."""
    response = redirect("portal:chat")
    chatting.forget(request, response)
    return response
