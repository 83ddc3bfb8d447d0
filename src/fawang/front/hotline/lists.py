"""Lists: contacts, and who is to be called back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fawang.front.frame.doors import actor_of, requires
from fawang.front.hotline import forms, pages
from fawang.kernel.errors import FawangError, Invalid
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services
from fawang.middle.intake.values import ContactOutcome


@requires("intake.see_contacts")
@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest) -> HttpResponse:
    """The contacts of the unit or area; one's own with `mine=1`. What is searched for is sent in the body: telephone
    numbers and names do not belong in addresses."""
    get, mine = request.GET, request.GET.get("mine") == "1"
    text = request.POST.get("text", "").strip()
    page = intake.contacts(
        actor_of(request), mine=mine, outcome=get.get("outcome", ""), wrap_up=get.get("wrap_up", ""),
        domain=get.get("domain", ""), text=text, before=get.get("before", ""),
    )  # fmt: skip
    context = {
        "page": page, "chosen": get, "mine": mine, "text": text, "outcomes": ContactOutcome.choices,
        "wrap_ups": pages.table("wrap_up"), "domains": pages.table("domain1"),
    }  # fmt: skip
    return render(request, "hotline/contacts.html", context)


@requires("intake.call_back")
@require_GET
def callbacks(request: HttpRequest) -> HttpResponse:
    """Who is to be called back, the earliest promise first."""
    return _list(request, request.GET.get("contact", ""))


def _list(request: HttpRequest, number: str, errors: dict[str, str] | None = None) -> HttpResponse:
    """The list, and the record of one of its rows where one is chosen."""
    actor = actor_of(request)
    context = {
        "page": intake.callback_list(actor, after=request.GET.get("after", "")),
        "contact": intake.contact(actor, number) if number else None,
        "history": intake.caller_history(actor, number) if number else None,
        "wrap_ups": pages.table("wrap_up"), "errors": errors or {}, "text": request.POST.get("text", ""),
    }  # fmt: skip
    return render(request, "hotline/callbacks.html", context, status=422 if errors else 200)


@requires("intake.call_back")
@require_POST
def attempt(request: HttpRequest, number: str) -> HttpResponse:
    """Write down an attempt to call back."""
    post = request.POST
    try:
        view = services.record_callback(
            actor_of(request), contact=number, reached=post.get("reached") == "yes", text=post.get("text", ""),
            wrap_up=post.get("wrap_up", ""), version=forms.version(post),
        )  # fmt: skip
    except Invalid as wrong:
        return _list(request, number, {name: str(text) for name, text in wrong.fields.items()})
    except FawangError as refusal:
        messages.error(request, refusal.text)
        return redirect("hotline:callbacks")
    ended = view.callback_done_at is not None
    messages.success(request, _("已记录，回拨结束。") if ended else _("已记录。换一天、换一个时间再拨。"))
    return redirect("hotline:callbacks")
