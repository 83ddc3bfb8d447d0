"""The process of a service: the whole course as a drawing, and every step in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import courses
from fawang.base.catalogue.schema import Action, Process
from fawang.base.workorders.values import RELATION_NAMES
from fawang.front.frame.doors import requires
from fawang.front.workbench.offers.drawing import Drawing, drawn
from fawang.front.workbench.offers.listing import SEE
from fawang.front.workbench.offers.sheet import around, viewed


@dataclass(frozen=True)
class Step:
    """An arrow of the drawing in words: which steps lead from where to where, and who takes them."""

    number: int
    source: str
    target: str
    actions: tuple[tuple[str, str], ...]


def course_of(process: Process) -> tuple[Drawing, list[Step]]:
    """The drawing of a process, and its arrows told in the same numbers."""
    arrows = courses.whole(process)
    met = {state for pair in arrows for state in pair}
    names = [state for state in states_of(process) if state[0] in met]
    said = {code: words for code, words, _own in names}
    rank = {code: place for place, code in enumerate(said)}
    order = sorted(arrows, key=lambda pair: (rank[pair[0]], rank[pair[1]]))
    steps = [
        Step(number, said[pair[0]], said[pair[1]], tuple((_say(a), who_of(a)) for a in arrows[pair]))
        for number, pair in enumerate(order, start=1)
    ]
    return drawn(names, order), steps


def states_of(process: Process) -> list[tuple[str, str, bool]]:
    """The states of the ordinary course with the line's own among them: code, words, whether it is the line's own."""
    found: list[tuple[str, str, bool]] = []
    for code in courses.MAIN:
        found.append((code, _say(process.state(code)), False))
        if code == courses.INSIDE and process.inner:
            found[-1] = (code, _("办理中的任何一步"), False)
            found += [(inner.code, _say(inner), True) for inner in process.inner]
    return found


def who_of(action: Action) -> str:
    """Who may take a step."""
    return _("、").join(str(RELATION_NAMES.get(who, who)) for who in action.who)


def other_steps(process: Process) -> list[tuple[str, str, str, str]]:
    """The line's own steps that stay where they are, and the ways aside: step, from, to, who."""
    drawn_ones = {id(action) for actions in courses.whole(process).values() for action in actions}
    said = {state.code: _say(state) for state in process.states} | {own.code: _say(own) for own in process.inner}
    rows = []
    for action in process.actions:
        to = [code for source in action.sources for code in courses.targets(action, source)]
        is_own = bool(action.inner_from)
        if id(action) in drawn_ones or not (is_own or to):
            continue
        sources = action.inner_from or [code for code in action.sources if code in said]
        rows.append((_say(action), _listed(sources, said), _listed(to, said) or _("不变"), who_of(action)))
    return rows


def _listed(codes: list[str], said: dict[str, str]) -> str:
    return _("、").join(said.get(code, code) for code in dict.fromkeys(codes))


def _say(thing: Any) -> str:  # noqa: ANN401 - a state, an inner state or an action
    return str(thing.say(get_language() or ""))


@requires(SEE)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The course of a service."""
    one, shown = viewed(request, code)
    drawing, steps = course_of(shown.process)
    context = {
        **around(request, one, shown, "service-course"), "process": shown.process, "drawing": drawing, "steps": steps,
        "others": other_steps(shown.process),
    }  # fmt: skip
    return render(request, "workbench/offers/course.html", context)
