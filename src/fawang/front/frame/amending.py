"""Correcting an answer of a filed order from a page, and its log of changes in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question
from fawang.base.identity import selectors as identity
from fawang.base.workorders import selectors, services
from fawang.base.workorders.values import AMENDED_BY_ONESELF, Change, OrderView
from fawang.front.frame import order_actions, questions
from fawang.front.frame.doors import actor_of
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.policy import Actor


@dataclass(frozen=True)
class Attempt:
    """What became of it: done, or what was typed with the sentences of what is wrong."""

    value: Any = None
    errors: dict[str, str | Promise] = field(default_factory=dict)
    sentence: str = ""
    status: int = 200
    is_done: bool = False


@dataclass(frozen=True)
class Told:
    """A line of the log of changes with the name of who did it."""

    change: Change
    who: str


def may(actor: Actor, view: OrderView) -> bool:
    """Whether the actor may correct answers now: the process says so, and for oneself the state does."""
    if not view.number or (actor.member_id is None and view.state not in AMENDED_BY_ONESELF):
        return False
    return any(choice.code == "amend" for choice in selectors.actions(actor, view.number))


def question_of(view: OrderView, name: str) -> Question | None:
    """The question of that id, if it is asked and may be corrected; what decides who handles it may not."""
    item = catalogue.version(view.item_version_id).item
    facts = forms.Facts(applicant_kind=view.applicant_kind, on_behalf=view.on_behalf)
    if name in {item.area_from, item.domain_from, item.urgency_from}:
        return None
    return next((q for q in forms.asked(item.questions, view.answers, facts) if q.id == name), None)


def attempt(request: HttpRequest, view: OrderView, question: Question) -> Attempt:
    """Correct the answer; refusals come back with what was typed."""
    value = questions.read(question, request.POST)
    if questions.is_narrowing(request.POST):
        return Attempt(value)
    typed = {question.id: value}
    try:
        order_actions.keep_files(request, view.number, [question], typed)
        services.perform(
            actor=actor_of(request), order=view.number, action="amend",
            data={"answers": typed, "reason": request.POST.get("reason", "").strip() or None},
            version=order_actions.version_of(request.POST), key=request.POST.get("key") or None,
        )  # fmt: skip
    except Invalid as wrong:
        return Attempt(typed[question.id], wrong.fields, "" if wrong.fields else wrong.text, wrong.status)
    except FawangError as refusal:
        return Attempt(typed[question.id], {}, refusal.text, refusal.status)
    return Attempt(is_done=True)


def told(actor: Actor, changes: Sequence[Change]) -> list[Told]:
    """The log with who changed it: staff read each other's names, people read that it was the office."""
    staff = {one.account_id for one in changes if one.account_id and not one.is_applicant}
    names = identity.account_names(staff) if actor.member_id is not None else {}
    return [Told(one, _who(actor, one, names)) for one in changes]


def _who(actor: Actor, change: Change, names: dict[int, str]) -> str:
    if change.is_applicant:
        return _("您") if change.account_id == actor.account_id else _("申请人")
    if change.is_system:
        return _("系统")
    return names.get(change.account_id or 0, "") or _("工作人员")
