"""Action forms for staff: where a process asks for the code of a unit, a person or a task, the page offers a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Option, Question, QuestionType
from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import Choice, OrderView
from fawang.front.frame.doors import may_enter
from fawang.kernel.policy import Actor
from fawang.middle.dispatch import selectors as dispatch

UNITS_SHOWN = 40
NEAR_SHOWN = 6
SEARCHED = 20


def _option(value: str, zh: str, en: str = "") -> Option:
    return Option(value=value, zh=zh[:200] or value, en=(en or zh)[:200] or value)


def _as_choice(question: Question, options: list[Option], *, several: bool = False) -> Question:
    kind = QuestionType.CHOICES if several else QuestionType.CHOICE
    return question.model_copy(update={"type": kind, "options": options})


def suggested_units(actor: Actor, order: OrderView, text: str) -> list[Option]:
    """Who may hold the order, best first with reasons; units that `text` names come before them."""
    found = [_option(unit.token, unit.name) for unit in _searched(text)]
    if may_enter(actor, "dispatch.board"):
        for row in dispatch.suggestion(actor, order.number).ranked[:UNITS_SHOWN]:
            found.append(_option(row.token, f"{row.name}（{row.zh}）", f"{row.name} ({row.en})"))
    seen: set[str] = set()
    return [one for one in found if one.value not in seen and not seen.add(one.value)]  # type: ignore[func-returns-value]


def _searched(text: str) -> Sequence[InstitutionValue]:
    return organisations.institutions(text=text, only_active=True, limit=SEARCHED).rows if text.strip() else ()


def _near_units(order: OrderView, text: str) -> list[Option]:
    """Active units of the county (else the city) and those that `text` names, without the holder."""
    codes = [code for code in divisions.ancestors(order.area) if len(code) == 6]
    near = organisations.institutions(division=codes[0] if codes else "", only_active=True, limit=NEAR_SHOWN).rows
    units = {unit.token: unit for unit in [*_searched(text), *near] if unit.id != order.unit_id}
    return [_option(unit.token, unit.name) for unit in units.values()]


def _handlers(order: OrderView) -> list[Option]:
    people = organisations.handlers(order.unit_id) if order.unit_id else []
    return [
        _option(person.token, person.name) for person in people
        if person.account_id is not None and person.account_id != order.handler_id
    ]  # fmt: skip


def _tasks(actor: Actor, order: OrderView) -> list[Option]:
    open_ones = [task for task in orders.tasks(actor, order.number) if task.done_at is None]
    return [_option(str(task.id), task.title) for task in open_ones]


def _services() -> list[Option]:
    return [_option(item.code, item.item.zh, item.item.en) for item in catalogue.items(listed_only=False)]


def form_of(actor: Actor, order: OrderView, choice: Choice, *, text: str = "") -> list[Question]:
    """The action's questions as this actor answers them on a page; `text` looks for further units by name."""
    pickers: dict[str, Callable[[Question], Question]] = {
        "unit": lambda q: _as_choice(q, suggested_units(actor, order, text)),
        "co_units": lambda q: _as_choice(q, _near_units(order, text), several=True),
        "units": lambda q: _as_choice(q, _near_units(order, text), several=True).model_copy(
            update={"zh": _("协办单位"), "en": "Co-units"}
        ),
        "handler": lambda q: _as_choice(q, _handlers(order)),
        "task": lambda q: _as_choice(q, _tasks(actor, order)),
        "service_code": lambda q: _as_choice(q, _services()),
    }
    return [pickers[q.id](q) if q.id in pickers and q.type is not QuestionType.CHOICE else q for q in choice.form]


def needs_units(form: Sequence[Question]) -> bool:
    """Whether the form asks for a unit, so that a search box for units helps."""
    return any(question.id in {"unit", "units", "co_units"} for question in form)


def useful(order: OrderView, choices: Sequence[Choice]) -> list[Choice]:
    """Without what the order's own facts make pointless: there is nothing to answer, or it is where it should go."""
    pointless = {
        "answer_urge": not order.urge_is_open,
        "answer_supervision": order.supervision_level == 0,
        "switch_online": not order.is_offline,
        "compare_original": not order.is_offline,
    }
    return [choice for choice in choices if not pointless.get(choice.code, False)]
