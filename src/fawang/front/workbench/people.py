"""A unit's people and their leave, and the inbox of messages."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.notifications import selectors as inbox
from fawang.base.notifications import services as notifications
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.front.frame import questions
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound


class _Day:
    """A date field outside the catalogue, for `questions.read`."""

    def __init__(self, name: str) -> None:
        self.id, self.type = name, "date"


def _people(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    actor = actor_of(request)
    if actor.unit_id is None:
        raise NotFound
    leaves, today = organisations.leaves(actor, actor.unit_id), clock.today()
    away = {leave.practitioner_id for leave in leaves if leave.begin <= today <= leave.end}
    people = organisations.people(actor.unit_id)
    context = {
        "unit": organisations.institution(actor.unit_id), "people": [(person, person.id in away) for person in people],
        "choices": [(person.token, person.name) for person in people], "leaves": leaves,
        "members": [m for m in organisations.members(actor, actor.unit_id) if m.is_active]
        if may_enter(actor, "organisations.see_members") else [],
    }  # fmt: skip
    return render(request, "workbench/people.html", {**context, **more}, status=status)


@requires("organisations.manage_people")
def page(request: HttpRequest) -> HttpResponse:
    """The unit's people, who is away, who has which role."""
    return _people(request)


def _day(request: HttpRequest, name: str, wrong: dict[str, str | Promise]) -> date:
    try:
        return date.fromisoformat(questions.read(_Day(name), request.POST) or "")
    except ValueError:
        wrong[name] = _("请填写日期，例如 2026 年 3 月 5 日。")
        return clock.today()


@requires("organisations.manage_people")
def record_leave(request: HttpRequest) -> HttpResponse:
    """Record days on which somebody gets no work."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = actor_of(request)
    wrong: dict[str, str | Promise] = {}
    person = next((p for p in organisations.people(actor.unit_id or 0) if p.token == request.POST.get("person")), None)
    if person is None:
        wrong["person"] = _("请选择人员。")
    begin, end = _day(request, "begin", wrong), _day(request, "end", wrong)
    try:
        if wrong or person is None:
            raise Invalid(wrong)
        services.record_leave(
            actor, practitioner_id=person.id, begin=begin, end=end, reason=request.POST.get("reason", "")
        )
    except Invalid as refusal:
        return _people(request, status=refusal.status, errors=refusal.fields, typed=request.POST)
    messages.success(request, _("已登记请假，这几天不会再分派工单。"))
    return HttpResponseRedirect(reverse("workbench:people"))


@requires("organisations.manage_people")
def cancel_leave(request: HttpRequest, leave_id: int) -> HttpResponse:
    """Take a leave back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    services.cancel_leave(actor_of(request), leave_id)
    messages.success(request, _("已取消请假。"))
    return HttpResponseRedirect(reverse("workbench:people"))


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
