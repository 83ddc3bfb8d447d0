"""The inbox of messages. People and their leave are in `administration.people`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from fawang.base.notifications import selectors as inbox
from fawang.base.notifications import services as notifications
from fawang.front.frame.doors import actor_of, requires


@requires("notifications.inbox")
def messages_page(request: HttpRequest) -> HttpResponse:
    """The actor's messages, newest first."""
    shown = inbox.inbox(actor_of(request), before=request.GET.get("before", ""))
    return render(request, "workbench/messages.html", {"page": shown})


@requires("notifications.inbox")
def mark_read(request: HttpRequest, token: str) -> HttpResponse:
    """Mark a message read, and go to the order it speaks of."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    notifications.mark_read(actor=actor_of(request), token=token)
    number = request.POST.get("order", "")
    return HttpResponseRedirect(reverse("workbench:order", args=[number]) if number else reverse("workbench:messages"))
