"""The dispatch board: orders that wait for a holder, the best candidates with reasons, one key to give it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import Choice, OrderRow, OrderView
from fawang.front.frame import order_actions
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench import choosing, telling
from fawang.kernel import ids
from fawang.kernel.errors import FawangError, NotFound
from fawang.kernel.policy import Actor
from fawang.middle.dispatch import selectors as dispatch
from fawang.middle.dispatch.values import Considered

SHOWN = 20
BEST = 3


@dataclass(frozen=True)
class Waiting:
    """A row of the board: the order, its flags, and the best candidate's name."""

    row: OrderRow
    flags: tuple[str, ...]
    best: str
    is_current: bool


def _flags(order: OrderView) -> tuple[str, ...]:
    return tuple(catalogue.row("sensitive_flag", code).say(telling.language()) for code in order.sensitive_flags)


def _best(actor: Actor, number: str) -> tuple[Considered, ...]:
    return dispatch.suggestion(actor, number).ranked[:BEST]


# what else the dispatcher may do, the decisions first, each with its key
KEYS = {
    "agree_return": "y",
    "queue": "y",
    "refuse_return": "z",
    "offer": "o",
    "reclassify": "r",
    "merge": "m",
    "split": "x",
}


def _buttons(actor: Actor, order: OrderView) -> list[tuple[Choice, str, str]]:
    """Each with its key and its tone."""
    ranks = {code: rank for rank, code in enumerate(KEYS)}
    choices = choosing.useful(order, [c for c in orders.actions(actor, order.number) if not c.is_quiet])
    choices.sort(key=lambda c: (c.is_dangerous, ranks.get(c.code, 99)))
    return [
        (c, KEYS.get(c.code, ""), "danger" if c.is_dangerous else "primary" if c.is_main else "secondary")
        for c in choices
    ]


def _asked(actor: Actor, number: str) -> tuple[str, ...]:
    """Why the unit wants to return it, in its words."""
    told = next((t for t in telling.steps(actor, orders.get(actor, number)) if t.step.action == "ask_return"), None)
    return told.lines if told else ()


@requires("dispatch.board")
def board(request: HttpRequest) -> HttpResponse:
    """Orders waiting for dispatch, and the one that is looked at with its candidates."""
    actor = actor_of(request)
    page = orders.queue(actor, name="dispatch", after=request.GET.get("after", ""), size=SHOWN)
    at = request.GET.get("at") or (page.rows[0].number if page.rows else "")
    context: dict[str, Any] = {"page": page, "waiting": _waiting(actor, page.rows, at), "at": at}
    if at:
        context |= _detail(actor, at)
    return render(request, "workbench/dispatch.html", context)


def _waiting(actor: Actor, rows: tuple[OrderRow, ...], at: str) -> list[Waiting]:
    found = []
    for row in rows:
        order = orders.get(actor, row.number)
        best = _best(actor, row.number)[:1] if row.state == "TO_DISPATCH" else ()
        found.append(Waiting(row, _flags(order), best[0].name if best else "", row.number == at))
    return found


def _detail(actor: Actor, number: str) -> dict[str, Any]:
    try:
        order = orders.get(actor, number)
    except NotFound:
        return {}
    suggestion = dispatch.suggestion(actor, number)
    return {
        "order": order, "best": suggestion.ranked[:BEST], "out": suggestion.out, "more": len(suggestion.ranked) - BEST,
        "may_give": order.state == "TO_DISPATCH", "buttons": _buttons(actor, order), "key": ids.token(),
        "flags": _flags(order), "urgency": catalogue.row("urgency", order.urgency),
        "domain": catalogue.row("domain", order.domain),
        "asked": _asked(actor, number) if order.state == "RETURN_ASKED" else (),
    }  # fmt: skip


@requires("dispatch.board")
def give(request: HttpRequest, number: str) -> HttpResponse:
    """Give the order to a suggested unit with the suggestion's own reason; back to the board."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor, token = actor_of(request), request.POST.get("unit", "")
    chosen = next((row for row in dispatch.suggestion(actor, number).ranked if row.token == token), None)
    if chosen is None:
        messages.error(request, _("这个单位现在不能承办，请看新的建议。"))
        return HttpResponseRedirect(f"{reverse('workbench:dispatch')}?at={number}")
    values = {
        "unit": token,
        "mode": "MANUAL",
        "why_zh": f"{chosen.name}：{chosen.zh}",
        "why_en": f"{chosen.name}: {chosen.en}",
    }
    done = order_actions.attempt(request, number, "dispatch", values)
    if done.outcome is None:
        messages.error(request, done.sentence or "；".join(str(words) for words in done.errors.values()))
        return HttpResponseRedirect(f"{reverse('workbench:dispatch')}{_still(actor, number)}")
    messages.success(request, _("已派给%(unit)s") % {"unit": chosen.name})
    return HttpResponseRedirect(reverse("workbench:dispatch"))


def _still(actor: Actor, number: str) -> str:
    try:
        is_waiting = orders.get(actor, number).stage == "dispatch"
    except FawangError:
        is_waiting = False
    return f"?at={number}" if is_waiting else ""
