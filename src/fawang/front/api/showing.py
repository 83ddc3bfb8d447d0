"""From values of the rooms to what answers say: tokens for ids, names in both languages, sensitive answers masked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Limit, Question, Text
from fawang.base.catalogue.values import Published
from fawang.base.divisions.values import DivisionValue
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders.values import Choice, ClockView, OrderRow, OrderView, Step
from fawang.front.frame.answers import is_sealed, mask
from fawang.kernel.errors import NotFound
from fawang.middle.intake.values import CallView, ContactRow, ContactView


def text(value: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": value.zh, "en": value.en}


def question(q: Question) -> dict[str, Any]:
    """A question with its choices, those of a code table included."""
    options = catalogue.table(q.table) if q.table else []
    return {
        "id": q.id, "type": str(q.type.value), "zh": q.zh, "en": q.en, "help_zh": q.help_zh, "help_en": q.help_en,
        "required": q.required, "sensitive": q.is_sealed, "max_length": q.max_length, "minimum": q.minimum,
        "maximum": q.maximum, "show": q.show, "require": q.require, "compute": q.compute, "meaning": q.meaning,
        "rows": [question(inner) for inner in q.questions],
        "options": [{"value": o.value, "zh": o.zh, "en": o.en} for o in q.options]
        or [{"value": row.code, "zh": row.zh, "en": row.en} for row in options],
    }  # fmt: skip


def limit(row: Limit) -> dict[str, Any]:
    """A time limit."""
    return {
        "id": row.id, "zh": row.zh, "en": row.en, "duty": row.duty, "kind": row.kind,
        "value": row.span.value if row.span else None, "unit": row.span.unit if row.span else "",
        "by_urgency": {urgency: f"{span.value} {span.unit}" for urgency, span in row.by_urgency.items()},
        "basis": row.basis,
    }  # fmt: skip


def service_row(published: Published) -> dict[str, Any]:
    """A service in the list."""
    item = published.item
    return {
        "code": item.code, "line": item.line, "zh": item.zh, "en": item.en, "summary": text(item.summary),
        "demand_type": item.demand_type, "applicant_kinds": item.applicant_kinds, "channels": item.channels,
        "identity_level": item.identity_level, "is_example": item.is_example, "version": item.version,
    }  # fmt: skip


def service(published: Published) -> dict[str, Any]:
    """A service in full."""
    item = published.item
    guide = {name: text(getattr(item.guide, name)) for name in type(item.guide).model_fields}
    limits = {row.id: row for row in [*published.process.limits, *item.limits]}
    return {
        **service_row(published), "guide": guide, "questions": [question(q) for q in item.questions],
        "limits": [limit(row) for row in limits.values()], "area_from": item.area_from,
    }  # fmt: skip


def place(row: DivisionValue) -> dict[str, Any]:
    """A division."""
    return {"code": row.code, "zh": row.name, "en": row.name_en, "level": row.level.value, "parent": row.parent}


def answers(view: OrderView) -> dict[str, Any]:
    """The answers, sensitive ones masked: who needs one in clear unmasks it where the reason is kept."""
    published = next((p for p in catalogue.versions(view.service_code) if p.item.version == view.item_version), None)
    questions = {q.id: q for q in published.item.questions} if published else {}
    return {name: _answer(questions.get(name), value) for name, value in view.answers.items()}


def _answer(q: Question | None, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if q is not None and not q.is_sealed and not is_sealed(q):
        return value
    if isinstance(value, dict):
        return {name: mask(str(part)) if name == "number" else part for name, part in value.items()}
    return mask(str(value))


def _unit(unit_id: int | None) -> dict[str, str] | None:
    if unit_id is None:
        return None
    try:
        unit = organisations.institution(unit_id)
    except NotFound:
        return None
    return {"token": unit.token, "name": unit.name}


def order(view: OrderView, refs: list[dict[str, str]], links: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """An order in full."""
    plain = asdict(view) | {"relations": None}
    return plain | {
        "service": {"zh": view.service_zh, "en": view.service_en},
        "state_name": {"zh": view.state_zh, "en": view.state_en},
        "for_people": {"zh": view.people_zh, "en": view.people_en},
        "inner_name": {"zh": view.inner_zh, "en": view.inner_en},
        "unit": _unit(view.unit_id),
        "is_due_provisional": view.due_is_provisional,
        "answers": answers(view),
        "external_refs": refs,
        "links": [list(link) for link in links],
    }


def tracked(view: OrderView) -> dict[str, Any]:
    """What the number, the code and four digits open."""
    return {
        "number": view.number, "title": view.title, "service": {"zh": view.service_zh, "en": view.service_en},
        "state": view.state, "state_name": {"zh": view.state_zh, "en": view.state_en},
        "for_people": {"zh": view.people_zh, "en": view.people_en}, "submitted_at": view.submitted_at,
        "due_at": view.due_at, "is_due_provisional": view.due_is_provisional, "is_open": view.is_open,
    }  # fmt: skip


def order_line(row: OrderRow) -> dict[str, Any]:
    """An order in a list."""
    return {**row.__dict__, "is_due_provisional": row.due_is_provisional}


def step(row: Step) -> dict[str, Any]:
    """An entry of the history. Answers stay with the order, where they are masked."""
    data = {name: value for name, value in row.data.items() if name != "answers"}
    return {**row.__dict__, "by": row.actor_kind, "data": data}


def clock(row: ClockView) -> dict[str, Any]:
    """A time limit of an order."""
    return dict(row.__dict__)


def action(row: Choice) -> dict[str, Any]:
    """A possible action with its form."""
    return {**row.__dict__, "form": [question(q) for q in row.form]}


def call(row: CallView) -> dict[str, Any]:
    """A call."""
    return {**row.__dict__, "caller": row.caller_masked}


def contact_line(row: ContactRow) -> dict[str, Any]:
    """A contact in a list."""
    return {**row.__dict__, "phone": row.phone_masked, "orders": list(row.orders)}


def contact(row: ContactView) -> dict[str, Any]:
    """A contact in full."""
    return {**row.__dict__, "caller": row.caller_name, "phone": row.phone_masked, "orders": list(row.orders)}
