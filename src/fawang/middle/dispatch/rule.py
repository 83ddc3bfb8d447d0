"""The first automatic rule: line, area, licence and load, as one published cost.

cost = 1 × distance (0 the place itself, 1 the level above it …) + 2 × load (open orders over capacity)
+ 0.5 when the order's domain is not among the unit's specialities. Hard conditions come first: active, licensed, not
full, somebody there today, and it did not return this order before. A reopened order goes first to the unit that
knows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fawang.base.organisations.values import Candidate
from fawang.middle.dispatch.values import Considered, Suggestion

PER_LEVEL = 1.0
PER_LOAD = 2.0
OFF_SPECIALITY = 0.5
# what a unit that states no capacity is taken to carry
USUAL_CAPACITY = 100


def weigh(
    candidates: Iterable[Candidate], loads: dict[int, int], *, domain: str, returned_by: Iterable[int], today: date,
    knows_it: int | None = None,
) -> Suggestion:  # fmt: skip
    """Rank the candidates; ties go to the less loaded, then to the lower id, so that a choice can be repeated.

    `knows_it` is the unit that had the order before it was reopened: it comes first unless it is out.
    """
    returned = set(returned_by)
    ranked: list[Considered] = []
    out: list[Considered] = []
    for unit in candidates:
        load = loads.get(unit.id, 0)
        why_out = _why_out(unit, load, returned, today)
        row = _considered(unit, load, domain, why_out, knows_it=unit.id == knows_it)
        (out if why_out else ranked).append(row)
    ranked.sort(key=lambda row: (row.unit_id != knows_it, row.cost or 0.0, row.open_orders, row.unit_id))
    return Suggestion(tuple(ranked), tuple(out))


def _why_out(unit: Candidate, load: int, returned: set[int], today: date) -> tuple[str, str] | None:
    if unit.id in returned:
        return "已退回过这个工单", "it returned this order before"
    if unit.licence_valid_to is not None and unit.licence_valid_to < today:
        return "执业许可已过期", "its licence has expired"
    if unit.capacity and load >= unit.capacity:
        return f"承办量已满（{load}/{unit.capacity}）", f"it is full ({load}/{unit.capacity})"
    if not unit.has_people_there:
        return "今天没有人在岗", "nobody of it is there today"
    return None


def _near(levels: int) -> tuple[str, str]:
    """How far it is in levels of divisions, in words."""
    if not levels:
        return "就在当地", "in the place itself"
    return f"上{levels}级地区", f"{levels} level{'s' if levels > 1 else ''} above the place"


def _considered(
    unit: Candidate, load: int, domain: str, why_out: tuple[str, str] | None, *, knows_it: bool
) -> Considered:
    capacity = unit.capacity or USUAL_CAPACITY
    is_special = domain in unit.domains or domain[:3] in unit.domains
    cost = PER_LEVEL * unit.distance + PER_LOAD * load / capacity + (0.0 if is_special else OFF_SPECIALITY)
    zh = f"{_near(unit.distance)[0]}，在办{load}件，可承办{capacity}件{'，专长相符' if is_special else ''}"
    en = f"{_near(unit.distance)[1]}, {load} open of {capacity}{', speciality fits' if is_special else ''}"
    if knows_it:
        zh, en = f"上次由它承办，{zh}", f"it had the order before, {en}"
    if why_out:
        zh, en = why_out
    return Considered(
        unit_id=unit.id, token=unit.token, name=unit.name, distance=unit.distance, open_orders=load,
        capacity=capacity, cost=None if why_out else round(cost, 4), zh=zh, en=en,
    )  # fmt: skip


def sentence(suggestion: Suggestion) -> tuple[str, str]:
    """Why the best was chosen and the next ones were not, in one sentence in both languages."""
    best = suggestion.best
    if best is None:
        return "没有可承办的单位，转人工派单。", "No unit may take it; it goes to a dispatcher."
    others = suggestion.ranked[1:3]
    zh = f"选择{best.name}：{best.zh}"
    en = f"{best.name} was chosen: {best.en}"
    if others:
        zh += "；其次是" + "、".join(f"{row.name}（{row.zh}）" for row in others)
        en += "; next came " + ", ".join(f"{row.name} ({row.en})" for row in others)
    if suggestion.out:
        zh += f"；另有{len(suggestion.out)}家不符合条件"
        en += f"; {len(suggestion.out)} more were out"
    return zh + "。", en + "."
