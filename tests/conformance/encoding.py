"""Raw answers as the fields of a form: what a browser would send."""

from __future__ import annotations

from typing import Any

from fawang.base.catalogue.schema import Question

LEVELS = {"510107": ("510100", "510107")}


def fields(question: Question, value: Any, name: str = "") -> dict[str, Any]:
    """The fields that `frame.questions.read` reads back to `value`."""
    name, kind = name or question.id, str(question.type)
    if value in (None, "", []):
        return {}
    if kind in {"date", "datetime"}:
        return _moment(name, value)
    if kind == "date_range":
        return {**_moment(f"{name}__from", value["from"]), **_moment(f"{name}__to", value["to"])}
    if kind == "division":
        return _place(name, value)
    if kind == "address":
        return {**_place(f"{name}__division", value["division"]), f"{name}__text": value["text"]}
    if kind == "id_number":
        return {f"{name}__type": value["type"], f"{name}__number": value["number"]}
    if kind == "signature":
        return {f"{name}__name": value["name"]}
    if kind == "group":
        found: dict[str, Any] = {}
        for row, answers in enumerate(value):
            for column in question.questions:
                found |= fields(column, answers.get(column.id), f"{name}__{row}__{column.id}")
        return found
    return {name: value}


def _moment(name: str, text: str) -> dict[str, str]:
    day, _t, time = text.partition("T")
    year, month, of_month = day.split("-")
    found = {f"{name}__year": year, f"{name}__month": month, f"{name}__day": of_month}
    return {**found, f"{name}__time": time[:5]} if time else found


def _place(name: str, code: str) -> dict[str, str]:
    return {f"{name}__{depth}": level for depth, level in enumerate(LEVELS[code])}
