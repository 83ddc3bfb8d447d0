"""Verbs of the dispatch centre. It changes orders through the work order's door like everybody else."""

from __future__ import annotations

from typing import Any, Protocol

from fawang.base.catalogue import selectors as catalogue
from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.kernel import clock
from fawang.middle.dispatch import rule
from fawang.middle.dispatch.values import Suggestion

Steps = list[tuple[str, dict[str, Any]]]


class Demand(Protocol):
    """What a choice looks at."""

    service_code: str
    item_version_id: int
    line: str
    area: str
    domain: str
    state: str
    unit_id: int | None
    returned_by: list[int]
    complexity: str
    sensitive_flags: list[str]
    is_open: bool


def suggest(demand: Demand) -> Suggestion:
    """Weigh all units that serve the line around the order's place (two statements)."""
    candidates = organisations.candidates(demand.line, divisions.ancestors(demand.area))
    loads = orders.open_by_unit([unit.id for unit in candidates])
    # a waiting order has a unit only when it was reopened
    knows_it = demand.unit_id if demand.state == "TO_DISPATCH" else None
    return rule.weigh(
        candidates, loads, domain=demand.domain, returned_by=demand.returned_by, today=clock.today(), knows_it=knows_it
    )


def needs_a_person(demand: Demand) -> bool:
    """Complex and sensitive orders, and services that say so, are dispatched by hand (standard §5.4)."""
    item = catalogue.version(demand.item_version_id).item
    return item.dispatch == "MANUAL" or demand.complexity == "COMPLEX" or bool(demand.sensitive_flags)


def plan(demand: Demand) -> Steps:
    """What the system does with a received order: into the queue and, where a rule may decide, to a unit."""
    steps: Steps = [] if demand.state == "TO_DISPATCH" else [("queue", {})]
    if needs_a_person(demand):
        return steps
    suggestion = suggest(demand)
    if suggestion.best is None:
        return steps
    zh, en = rule.sentence(suggestion)
    why = {"unit": suggestion.best.token, "mode": "AUTO", "why_zh": zh[:1000], "why_en": en[:1000]}
    return [*steps, ("dispatch", why)]
