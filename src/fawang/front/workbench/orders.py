"""The page of one order, and its actions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question
from fawang.base.documents import selectors as documents
from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.identity.values import SealedField
from fawang.base.meetings import selectors as meetings
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import NoSuchAction
from fawang.base.workorders.values import Choice, OrderView
from fawang.front.frame import amending, order_actions, questions
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.frame.order_actions import Attempt
from fawang.front.workbench import choosing, telling
from fawang.front.workbench.knowledge.opinions import takes_draft
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.policy import Actor


def context_of(actor: Actor, order: OrderView) -> dict[str, Any]:
    """Everything that the page of an order shows to this actor."""
    clocks = _sorted_clocks(actor, order)
    choices = choosing.useful(order, selectors.actions(actor, order.number))
    main = next((one for one in choices if one.is_main and not one.is_dangerous), None)
    published = next(p for p in catalogue.versions(order.service_code) if p.item.version == order.item_version)
    units = organisations.names({pk for pk in (order.unit_id, *order.co_unit_ids) if pk})
    return {
        "order": order, "main": main, "main_form": choosing.form_of(actor, order, main) if main else [],
        "others": [c for c in choices if c != main and not c.is_quiet and not c.is_dangerous],
        "dangerous": [c for c in choices if c.is_dangerous],
        "may_dispatch": any(c.code == "dispatch" for c in choices) and may_enter(actor, "dispatch.board"),
        "takes_draft": takes_draft(main),
        "may_finish": any(c.code == "finish_task" for c in choices),
        "answers": [(q, order.answers.get(q.id)) for q in forms.asked(published.item.questions, order.answers)],
        "flags": [catalogue.row("sensitive_flag", code) for code in order.sensitive_flags],
        "urgency": catalogue.row("urgency", order.urgency), "domain": catalogue.row("domain", order.domain),
        "channel": catalogue.row("channel", order.channel), "result": catalogue.row("result", order.result_code),
        "unit": units.get(order.unit_id or 0, ""), "co_units": [units[pk] for pk in order.co_unit_ids if pk in units],
        "handler": identity.account_names([order.handler_id]).get(order.handler_id, "") if order.handler_id else "",
        "card": _card(actor, order),
        "clocks": clocks, "ended": [c for c in clocks if c.ended_at is not None],
        "steps": telling.steps(actor, order),
        "changes": amending.told(actor, selectors.changes(actor, order.number)) if order.number else [],
        "tasks": selectors.tasks(actor, order.number), "links": selectors.links(actor, order.number),
        "bookings": [b for b in meetings.bookings_of(actor, order.number) if b.state != "CANCELLED"],
        "files": documents.of_order(actor, order.number) if order.number else [], "key": ids.token(),
    }  # fmt: skip


def _card(actor: Actor, order: OrderView) -> object:
    if order.applicant_id is None:
        return None
    try:
        return identity.party_card(actor, order.applicant_id)
    except FawangError:
        return None


def _sorted_clocks(actor: Actor, order: OrderView) -> list[Any]:
    clocks = selectors.clocks(actor, order.number)
    return sorted(
        clocks, key=lambda c: (c.ended_at is not None, c.state != "RUNNING", c.due_at is None, c.due_at or c.started_at)
    )


@requires("workorders.work")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One order: facts left, work in the middle, its course right."""
    actor = actor_of(request)
    order = selectors.get(actor, number)
    return render(request, "workbench/order.html", {**context_of(actor, order), "unmasked": {}})


def choice_of(actor: Actor, number: str, action: str) -> Choice:
    """The action as it is possible now. Raises NoSuchOrder, NoSuchAction."""
    found = next((one for one in selectors.actions(actor, number) if one.code == action), None)
    if found is None:
        raise NoSuchAction
    return found


@requires("workorders.work")
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """One action: its form, its confirmation where it is dangerous, and doing it."""
    actor = actor_of(request)
    order = selectors.get(actor, number)
    choice = next((one for one in selectors.actions(actor, number) if one.code == action), None)
    if request.method != "POST":
        choice = choice or choice_of(actor, number, action)
        typed = {q.id: request.GET[q.id] for q in choice.form if q.id in request.GET}
        return form_page(request, order, choice, Attempt(values=typed))
    if choice is None:
        return _moved_on(request, order)
    form = choosing.form_of(actor, order, choice, text=request.POST.get("unit_text", ""))
    values = order_actions.read(form, request.POST)
    if questions.is_narrowing(request.POST) or "look" in request.POST:
        return form_page(request, order, choice, Attempt(values=values))
    if choice.is_dangerous and order_actions.CONFIRMED not in request.POST:
        return confirm_page(request, order, choice, form, values)
    done = order_actions.attempt(request, number, action, values, form)
    if done.outcome is None:
        fresh = selectors.get(actor, number)
        still = next((one for one in selectors.actions(actor, number) if one.code == action), None)
        return form_page(request, fresh, still, done) if still else _moved_on(request, fresh, done.sentence)
    messages.success(request, _("已完成：%(action)s") % {"action": choice.en if _is_english() else choice.zh})
    return HttpResponseRedirect(after(request, actor, done.outcome.number or number))


def _is_english() -> bool:
    return telling.language().startswith("en")


def after(request: HttpRequest, actor: Actor, number: str) -> str:
    """Where to go next: back to the page that asked, to the order if it is still the actor's, else to the queues."""
    wanted = request.POST.get("next", "")
    if wanted in {"dispatch", "supervision"}:
        return reverse(f"workbench:{wanted}")
    try:
        selectors.get(actor, number)
    except FawangError:
        return reverse("workbench:home")
    return reverse("workbench:order", args=[number])


def _moved_on(request: HttpRequest, order: OrderView, sentence: str = "") -> HttpResponse:
    """The order moved on and the action is over: the page as it is now, with what was typed."""
    typed = [text for name in request.POST if name not in _OF_THE_FORM and (text := request.POST.get(name, "").strip())]
    words = sentence or _("这个工单刚刚被更新过，刚才的操作现在不能做了。请看最新情况。")
    context = {**context_of(actor_of(request), order), "refusal": words, "typed": typed, "unmasked": {}}
    return render(request, "workbench/order.html", context, status=409)


_OF_THE_FORM = frozenset({"csrfmiddlewaretoken", "version", "key", "next", "confirmed", "unit_text"})


def form_page(request: HttpRequest, order: OrderView, choice: Choice, done: Attempt) -> HttpResponse:
    """The action's own page with what was typed and what is wrong with it."""
    actor, text = actor_of(request), request.POST.get("unit_text", request.GET.get("unit_text", ""))
    form = choosing.form_of(actor, order, choice, text=text)
    rows = [(q, order_actions.shown(q, done.values.get(q.id)), done.errors.get(q.id, "")) for q in form]
    context = {
        "takes_draft": takes_draft(choice),
        "order": order, "choice": choice, "rows": rows, "errors": _known(done, form), "error": done.sentence,
        "key": ids.token(), "has_units": choosing.needs_units(form), "unit_text": text, "next": _next(request),
    }  # fmt: skip
    return render(request, "workbench/act.html", context, status=done.status)


def _next(request: HttpRequest) -> str:
    return request.POST.get("next", request.GET.get("next", ""))


def _known(done: Attempt, form: list[Question]) -> dict[str, Any]:
    asked = {question.id for question in form}
    return {name: sentence for name, sentence in done.errors.items() if name in asked}


def confirm_page(
    request: HttpRequest, order: OrderView, choice: Choice, form: list[Question], values: dict[str, Any]
) -> HttpResponse:
    """Before something that is not easily undone: what will happen, with what was typed."""
    try:
        forms.clean(choice.form, values)
    except Invalid as wrong:
        return form_page(request, order, choice, Attempt(values=values, errors=wrong.fields, status=wrong.status))
    kept = [(name, one) for name, many in request.POST.lists() if name != "csrfmiddlewaretoken" for one in many]
    shown = [(q, values[q.id]) for q in form if q.id in values]
    return render(request, "workbench/confirm.html", {"order": order, "choice": choice, "kept": kept, "shown": shown})


@requires("workorders.work")
def unmask(request: HttpRequest, number: str) -> HttpResponse:
    """Open one masked field of the applicant; who, when and why is kept."""
    actor = actor_of(request)
    order = selectors.get(actor, number)
    context = {**context_of(actor, order), "unmasked": {}}
    if request.method != "POST" or order.applicant_id is None:
        return HttpResponseRedirect(reverse("workbench:order", args=[number]))
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        value = identities.unmask(actor, order.applicant_id, field, reason)
    except Invalid as wrong:
        context |= {"unmask_errors": wrong.fields, "unmask_reason": reason}
        return render(request, "workbench/order.html", context, status=wrong.status)
    context["unmasked"] = {SealedField(field).value: value or _("没有登记")}
    return render(request, "workbench/order.html", context)


@requires("documents.open")
def document(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of an order that the actor sees, to save."""
    return order_actions.file_response(request, token)
