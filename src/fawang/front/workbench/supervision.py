"""Supervision: what is late, urged, supervised and rated; every number opens its list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue import selectors as catalogue
from fawang.front.frame import badges
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.workbench import telling
from fawang.front.workbench.queues import filters_of
from fawang.kernel.policy import Actor
from fawang.middle.oversight import selectors as oversight
from fawang.middle.oversight.values import Figure

LISTS: tuple[tuple[str, str | Promise], ...] = (
    ("late", _("已超期")),
    ("soon", _("快到期")),
    ("urged", _("催办未答复")),
    ("supervised", _("督办中")),
    ("callback", _("待回访")),
    ("area", _("全部在办")),
    ("rated", _("已评价")),
)


def address(figure: Figure) -> str:
    """The query that opens a figure's list."""
    return "?" + urlencode({"list": figure.queue, **figure.filters})


def _named(figure: Figure, words: str | Promise) -> dict[str, Any]:
    return {"figure": figure, "words": words, "url": address(figure)}


def _overview(actor: Actor) -> dict[str, Any]:
    seen = oversight.overview(actor)
    states, language = badges.STATES, telling.language()
    return {
        "figures": [
            _named(seen.late, _("已超期")), _named(seen.soon, _("快到期")), _named(seen.urged, _("催办未答复")),
            _named(seen.supervised, _("督办中")), _named(seen.open, _("全部在办")),
        ],
        "states": [_named(f, states[f.code].words if f.code in states else f.code) for f in seen.states],
        "units": [_named(f, f.name) for f in seen.units],
        "grades": [_named(f, catalogue.row("rating", f.code).say(language)) for f in seen.grades],
        "late_percent": None if seen.late_share is None else round(100 * seen.late_share),
        "bad_percent": None if seen.bad_share is None else round(100 * seen.bad_share),
        "suggested": [(s, address(s.figure)) for s in oversight.to_supervise(actor) if s.figure.count],
    }  # fmt: skip


@requires("oversight.call_back")
def page(request: HttpRequest) -> HttpResponse:
    """The figures of the area and one list; call-back staff see only theirs."""
    actor = actor_of(request)
    sees_all = may_enter(actor, "oversight.view")
    name = request.GET.get("list", "late") if sees_all else "callback"
    name = name if name in dict(LISTS) else "late"
    after, filters = request.GET.get("after", ""), filters_of(request.GET)
    shown = oversight.callbacks(actor, after=after, **filters) if name == "callback" else oversight.listed(
        actor, name, after=after, **filters
    )  # fmt: skip
    context = {
        "page": shown,
        "list": name,
        "list_words": dict(LISTS)[name],
        "is_filtered": bool(filters),
        "sees_all": sees_all,
    }
    context["tabs"] = [(code, words) for code, words in LISTS if sees_all or code == "callback"]
    return render(request, "workbench/supervision.html", {**context, **(_overview(actor) if sees_all else {})})
