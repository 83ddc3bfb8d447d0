"""All services by line: what is published, what differs from its file, what is an example, what fails."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fawang.base.catalogue import standing
from fawang.base.catalogue.standing import Standing
from fawang.front.frame.doors import requires
from fawang.front.workbench.lines import line_name
from fawang.front.workbench.offers.words import STATES, Words

SEE = "workbench.see_services"
# a state that everything has, or that says that nothing is amiss, needs no badge in the list
_UNSAID = frozenset({"published"})


@dataclass(frozen=True)
class Badge:
    """A state as the list shows it."""

    words: Words
    tone: str
    icon: str


@dataclass(frozen=True)
class Group:
    """The services of one line that fit the filters, and how many of all of its services are in which state."""

    line: str
    name: str
    rows: tuple[tuple[Standing, tuple[Badge, ...]], ...]
    counts: tuple[tuple[Badge, int], ...]


def badges_of(one: Standing, *, unsaid: frozenset[str] = frozenset()) -> tuple[Badge, ...]:
    """The states of a service, in the order of the table of states."""
    mine = one.states() - unsaid
    return tuple(Badge(*look) for state, look in STATES.items() if state in mine)


def groups(found: list[Standing]) -> list[Group]:
    """The services by line, each line with its counts."""
    lines: dict[str, list[Standing]] = {}
    for one in found:
        lines.setdefault(one.item.line, []).append(one)
    return [
        Group(line, line_name(line), tuple((one, badges_of(one, unsaid=_UNSAID)) for one in rows), counts_of(rows))
        for line, rows in lines.items()
    ]


def counts_of(rows: list[Standing]) -> tuple[tuple[Badge, int], ...]:
    """How many services are in each state; states in which none is are left out."""
    count = Counter(state for one in rows for state in one.states())
    return tuple((Badge(*look), count[state]) for state, look in STATES.items() if count[state])


@requires(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """The services by line, narrowed by words, line and state; the figures above count all of them."""
    query = request.GET
    text, line, state = query.get("q", "").strip()[:60], query.get("line", ""), query.get("state", "")
    every = standing.standings()
    count = Counter(one for each in every for one in each.states())
    lines = dict.fromkeys(one.item.line for one in every)
    found = standing.matching(
        every, text=text, line=line if line in lines else "", state=state if state in STATES else ""
    )
    context = {
        "groups": groups(found), "count": len(found), "all": len(every), "unplaced": standing.unplaced(),
        "figures": [(code, look[0], count[code]) for code, look in STATES.items() if count[code] or code == "failing"],
        "lines": [(code, line_name(code)) for code in lines],
        "states": [(code, look[0]) for code, look in STATES.items()],
        "text": text, "line": line, "state": state, "is_filtered": bool(text or line or state),
    }  # fmt: skip
    return render(request, "workbench/offers/list.html", context)
