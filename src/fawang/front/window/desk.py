"""Today at the window: who is booked, who is here, and the order they come for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.values import Published
from fawang.base.documents import selectors as documents
from fawang.base.identity import selectors as identity
from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services as bookings
from fawang.base.meetings.errors import NoSuchLine
from fawang.base.meetings.values import TicketView
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import Choice, OrderView
from fawang.front.frame import amending, order_actions
from fawang.front.frame.doors import actor_of, requires
from fawang.front.frame.order_actions import Attempt
from fawang.kernel import clock, ids
from fawang.kernel.errors import FawangError, NotFound
from fawang.kernel.policy import Actor

# in place of a booking's token: the person said a code
BY_CODE = "code"
# what is done at a window, the most usual first
OFFERED = (
    "compare_original", "switch_online", "reply_correction", "reply_supplement", "note_contact", "note", "urge",
    "object", "reopen", "withdraw",
)  # fmt: skip


@requires("window.receive")
def today(request: HttpRequest) -> HttpResponse:
    """The day's bookings and the orders that were moved to this window."""
    actor = actor_of(request)
    if actor.unit_id is None:
        raise NotFound
    day = meetings.day_list(actor, actor.unit_id, clock.today())
    names = identity.masked_names({one.party_id for one in day if one.party_id})
    context = {
        "day": [(one, names.get(one.party_id or 0, "")) for one in day], "today": clock.today(),
        "desk": orders.queue(actor, name="desk"), "code": request.GET.get("code", ""),
    }  # fmt: skip
    return render(request, "window/today.html", context)


@requires("window.receive")
def receive(request: HttpRequest, token: str, act: str) -> HttpResponse:
    """Somebody is here, did not come, or is served; with `code` as the token by the code they say."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = actor_of(request)
    try:
        if act == "here":
            said = request.POST.get("code", "")
            booking = (
                bookings.check_in(actor=actor, claim_code=said)
                if token == BY_CODE
                else bookings.check_in(actor=actor, token=token)
            )
            messages.success(request, _("已签到：%(name)s") % {"name": booking.bookable_name})
            if (ticket := _ticket(actor, booking.token)) is not None:
                messages.info(request, _("排队号 %(number)s，到预约时间先叫。") % {"number": ticket.number})
            if booking.order_ref:
                return HttpResponseRedirect(reverse("window:order", args=[booking.order_ref]))
        elif act == "done":
            bookings.finish(actor=actor, token=token)
        elif act == "missed":
            bookings.mark_no_show(actor=actor, token=token)
        else:
            raise NotFound
    except FawangError as refusal:
        if refusal.status == 404 and token != BY_CODE:
            raise
        messages.error(request, refusal.text)
    return HttpResponseRedirect(reverse("window:today"))


def _ticket(actor: Actor, token: str) -> TicketView | None:
    """The number of somebody who has just checked in; None where the hall calls no numbers for this."""
    try:
        return bookings.ticket_for_booking(actor=actor, token=token)
    except NoSuchLine:
        return None


def _choices(actor: Actor, number: str) -> list[Choice]:
    possible = {choice.code: choice for choice in orders.actions(actor, number)}
    return [possible[code] for code in OFFERED if code in possible]


def _card(actor: Actor, order: OrderView) -> object:
    try:
        return identity.party_card(actor, order.applicant_id) if order.applicant_id else None
    except FawangError:
        return None


def _page(request: HttpRequest, order: OrderView, **more: Any) -> HttpResponse:  # noqa: ANN401 - context
    actor, status = actor_of(request), more.pop("status", 200)
    published = next(p for p in catalogue.versions(order.service_code) if p.item.version == order.item_version)
    context = {
        "order": order,
        "answers": [(q, order.answers.get(q.id)) for q in forms.asked(published.item.questions, order.answers)],
        "card": _card(actor, order), "choices": _choices(actor, order.number),
        "files": documents.of_order(actor, order.number),
        "bookings": [b for b in meetings.bookings_of(actor, order.number) if b.state != "CANCELLED"],
        "key": ids.token(), "changes": amending.told(actor, orders.changes(actor, order.number)),
        "amended": _may_be_amended(actor, order, published),
    }  # fmt: skip
    return render(request, "window/order.html", {**context, **more}, status=status)


def _may_be_amended(actor: Actor, order: OrderView, published: Published) -> set[str]:
    """The ids of the answers that may be corrected now."""
    if not amending.may(actor, order):
        return set()
    names = {question.id for question in published.item.questions if not question.compute}
    return {name for name in names if amending.question_of(order, name) is not None}


@requires("window.receive")
def amend(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One answer corrected at the window, its form beside the order; what was before stays in the log of changes."""
    actor = actor_of(request)
    order = orders.get(actor, number)
    question = amending.question_of(order, name)
    choice = next((one for one in orders.actions(actor, number) if one.code == "amend"), None)
    if question is None or choice is None:
        raise NotFound
    done = amending.Attempt(order.answers.get(name))
    if request.method == "POST":
        done = amending.attempt(request, order, question)
        if done.is_done:
            messages.success(request, _("已更正，原来的内容留在更正记录里。"))
            return HttpResponseRedirect(reverse("window:order", args=[number]))
    why = next(q for q in choice.form if q.id == "reason")
    rows = [(question, done.value, done.errors.get(name, "")), (why, request.POST.get("reason", ""), "")]
    return _page(
        request, orders.get(actor, number), choice=choice, rows=rows, errors=done.errors, error=done.sentence,
        status=done.status, to=request.path,
    )  # fmt: skip


@requires("window.receive")
def order_page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that was entered, so that nobody has to say it twice, and what is done at a window."""
    return _page(request, orders.get(actor_of(request), number))


@requires("window.receive")
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """One action at the window: its form beside the order."""
    actor = actor_of(request)
    order = orders.get(actor, number)
    choice = next((one for one in _choices(actor, number) if one.code == action), None)
    if choice is None:
        sentence = _("这个操作现在不能做了。请看最新情况。")
        return _page(request, order, error=sentence, status=409)
    if request.method != "POST":
        return _page(request, order, choice=choice, rows=[(q, None, "") for q in choice.form])
    values = order_actions.read(choice.form, request.POST)
    if choice.is_dangerous and order_actions.CONFIRMED not in request.POST:
        done = Attempt(values=values, sentence=_("请先勾选“已向当事人说明”再提交。"), status=422)
    else:
        done = order_actions.attempt(request, number, action, values, choice.form)
    if done.outcome is None:
        rows = [(q, done.values.get(q.id), done.errors.get(q.id, "")) for q in choice.form]
        fresh = orders.get(actor, number)
        return _page(
            request, fresh, choice=choice, rows=rows, errors=done.errors, error=done.sentence, status=done.status
        )
    english = (get_language() or "").startswith("en")
    messages.success(request, _("已完成：%(action)s") % {"action": choice.en if english else choice.zh})
    if "claim_code" in done.outcome.extra:
        return HttpResponseRedirect(reverse("window:receipt", args=[number]))
    return HttpResponseRedirect(reverse("window:order", args=[number]))


@requires("window.receive")
def document(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of an order at the window."""
    return order_actions.file_response(request, token)
