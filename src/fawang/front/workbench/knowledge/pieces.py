"""What editors wrote: the lists by state, one piece with why it is in doubt, and the acts of its workflow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services
from fawang.base.knowledge.values import DOUBT_NAMES, PIECE_NAMES, PIECE_STATE_NAMES, PieceState, PieceValue
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.kernel import clock
from fawang.kernel.errors import FawangError, Invalid, NotFound
from fawang.kernel.policy import Actor

SEE = "workbench.see_knowledge"
OVERDUE = "OVERDUE"
_NEXT_REVIEW_DAYS = 365


@require_GET
@requires(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """The pieces in one state, or those that must be looked at again; what waits for a review comes first."""
    actor = actor_of(request)
    chosen = request.GET.get("state", OVERDUE)
    state = PieceState(chosen) if chosen in set(PieceState) else None
    rows = knowledge.workload(actor, state) if state is not None else knowledge.overdue(actor)
    tabs = [(OVERDUE, _("要复核的")), *((one.value, PIECE_STATE_NAMES[one]) for one in PieceState)]
    context = {
        "rows": [(piece, PIECE_NAMES[piece.kind], whys(piece)) for piece in rows], "tabs": tabs,
        "chosen": state.value if state is not None else OVERDUE, "may_write": may_enter(actor, "knowledge.write"),
    }  # fmt: skip
    return render(request, "workbench/knowledge/list.html", context)


def whys(piece: PieceValue) -> list[str]:
    """Why a piece must be looked at again, in words."""
    return [f"{DOUBT_NAMES[doubt.why]}{'：' if doubt.about else ''}{doubt.about}" for doubt in piece.doubts]


def context_of(actor: Actor, piece: PieceValue) -> dict[str, object]:
    """Everything the page of a piece shows; which acts are possible is said by state and authorship."""
    may_review = may_enter(actor, "knowledge.review") and piece.by != actor.ref
    return {
        "piece": piece, "kind": PIECE_NAMES[piece.kind], "state": PIECE_STATE_NAMES[piece.state], "whys": whys(piece),
        "changes": knowledge.changes(actor, piece.id), "may_write": may_enter(actor, "knowledge.write"),
        "may_review": may_review, "is_own": piece.by == actor.ref,
        "next_review": clock.today() + timedelta(days=_NEXT_REVIEW_DAYS),
    }  # fmt: skip


@require_GET
@requires(SEE)
def page(request: HttpRequest, key: str) -> HttpResponse:
    """One piece with its basis, its doubts and the acts that are possible."""
    actor = actor_of(request)
    return render(request, "workbench/knowledge/piece.html", context_of(actor, knowledge.piece(actor, key)))


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("review_by", ""))
    except ValueError:
        raise Invalid({"review_by": _("请选择复核日期。")}) from None


def _submit(request: HttpRequest, actor: Actor, key: str, version: int) -> str:
    services.submit(actor, key, version=version)
    return _("已提交法律审核。")


def _send_back(request: HttpRequest, actor: Actor, key: str, version: int) -> str:
    services.send_back(actor, key, version=version, remark=request.POST.get("remark", ""))
    return _("已退回作者。")


def _publish(request: HttpRequest, actor: Actor, key: str, version: int) -> str:
    services.publish(actor, key, version=version, review_by=_day(request))
    return _("已发布。")


def _confirm(request: HttpRequest, actor: Actor, key: str, version: int) -> str:
    services.confirm(actor, key, version=version, review_by=_day(request))
    return _("已确认仍然有效。")


def _withdraw(request: HttpRequest, actor: Actor, key: str, version: int) -> str:
    services.withdraw(actor, key, version=version, remark=request.POST.get("remark", ""))
    return _("已撤下。")


_ACTS: dict[str, Callable[[HttpRequest, Actor, str, int], str]] = {
    "submit": _submit, "send-back": _send_back, "publish": _publish, "confirm": _confirm, "withdraw": _withdraw,
}  # fmt: skip


@require_POST
@requires(SEE)
def act(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """One act of the workflow; what is wrong with it is said on the piece's page. Who may, the room decides."""
    actor, version = actor_of(request), request.POST.get("version", "")
    if what not in _ACTS:
        raise NotFound
    try:
        said = _ACTS[what](request, actor, key, int(version) if version.isdecimal() and len(version) < 9 else 0)
    except Invalid as wrong:
        context = {**context_of(actor, knowledge.piece(actor, key)), "errors": wrong.fields, "tried": what}
        return render(request, "workbench/knowledge/piece.html", context, status=wrong.status)
    except FawangError as refusal:
        messages.warning(request, refusal.text)
    else:
        messages.success(request, said)
    return redirect("workbench:piece", key=key)
