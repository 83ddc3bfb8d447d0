"""Lists of orders: what one may see, newest first, and the staff's queues by due time."""

from __future__ import annotations

from typing import Any, Literal

from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.front.api import cursors, external, showing
from fawang.kernel import ids
from fawang.kernel.policy import Actor

Queue = Literal[
    "", "mine", "unit", "area", "dispatch", "desk", "offered", "callback", "late", "soon", "urged", "supervised",
    "rated",
]  # fmt: skip
COUNT_TO = 1_000
_COLUMNS = (
    "pk", "number", "draft_token", "title", "service_code", "line", "state", "inner", "area", "channel", "urgency",
    "applicant_id", "unit_id", "submitted_at", "due_at", "due_is_provisional", "is_open", "version",
)  # fmt: skip


def page(
    actor: Actor, *, queue: str, after: str, size: int, external_ref: str, filters: dict[str, str]
) -> dict[str, Any]:
    """A page of orders, with the number of all of them, counted to a thousand."""
    key = cursors.open_(after)
    if queue:
        found = orders.queue(actor, name=queue, after=key, size=size, **filters)
        rows = [showing.order_line(row) for row in found.rows]
        return {
            "rows": rows, "next": cursors.close(found.next_key), "count": found.count, "counted_to": found.counted_to
        }  # fmt: skip
    return _seen(actor, key, size, external_ref, filters)


def _seen(actor: Actor, key: str, size: int, external_ref: str, filters: dict[str, str]) -> dict[str, Any]:
    seen = orders.visible(actor)
    for column in ("state", "line", "urgency"):
        if filters[column]:
            seen = seen.filter(**{column: filters[column]})
    if filters["text"].strip():
        # by number only: looking into titles is for the staff's queues, where the area narrows the search
        seen = seen.filter(number="".join(filters["text"].split()).upper())
    if external_ref:
        system, _colon, name = external_ref.partition(":")
        seen = seen.filter(number__in=external.numbers(actor, system, name))
    count = seen.order_by()[:COUNT_TO].count()
    row = ids.row_number(key)
    behind = seen.filter(pk__lt=row) if row is not None else seen
    found = list(behind.order_by("-pk").values(*_COLUMNS)[: size + 1])
    shown = found[:size]
    units = organisations.names({row["unit_id"] for row in shown if row["unit_id"]})
    people = identity.masked_names({row["applicant_id"] for row in shown if row["applicant_id"]})
    rows = [
        {
            **row, "number": row["number"] or "", "draft": row["draft_token"], "unit": units.get(row["unit_id"], ""),
            "applicant": people.get(row["applicant_id"], ""), "is_due_provisional": row["due_is_provisional"],
        }
        for row in shown
    ]  # fmt: skip
    last = str(shown[-1]["pk"]) if len(found) > size else ""
    return {"rows": rows, "next": cursors.close(last), "count": count, "counted_to": COUNT_TO}
