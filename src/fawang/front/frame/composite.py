"""Questions answered by several fields: a span of days, an address, a point, a signature, rows of a group.

The parts are fields of their own, named `question__part` and `question__row__column`; `read` puts them together again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

# the button that adds a row to a group, and the one that takes a row away: `less=heirs:2`
MORE, LESS = "more", "less"
KINDS = frozenset({"date_range", "address", "point", "signature", "group"})
_MICRO = 1_000_000


@dataclass(frozen=True)
class Part:
    """A field that stands for a part of another question, with what the rest of the frame asks of a question."""

    id: str
    type: str
    zh: str
    en: str
    required: bool = True
    max_length: int = 200
    help_zh: str = ""
    help_en: str = ""
    sensitive: bool = False
    table: str = ""
    options: tuple[Any, ...] = ()
    not_after_today: bool = False


def parts(q: Any) -> list[tuple[str, Part]]:  # noqa: ANN401 - a question or anything with its attributes
    """(key in the answer, field) of a question whose answer is one object."""
    if q.type == "date_range":
        return [
            ("from", Part(f"{q.id}__from", "date", "从哪天", "From")),
            ("to", Part(f"{q.id}__to", "date", "到哪天", "Until")),
        ]
    if q.type == "address":
        return [
            ("division", Part(f"{q.id}__division", "division", "省、市、区县", "Province, city, county")),
            (
                "text",
                Part(f"{q.id}__text", "text", "街道、小区、门牌", "Street, house, number", max_length=q.max_length),
            ),
        ]
    if q.type == "point":
        return [
            ("lat", Part(f"{q.id}__lat", "text", "纬度", "Latitude", max_length=20)),
            ("lng", Part(f"{q.id}__lng", "text", "经度", "Longitude", max_length=20)),
        ]
    if q.type == "signature":
        return [("name", Part(f"{q.id}__name", "name", "姓名", "Name", sensitive=True))]
    return []


def columns(q: Any, row: int) -> list[tuple[str, Any]]:  # noqa: ANN401
    """(column, question under the row's name) of a group."""
    return [(inner.id, inner.model_copy(update={"id": f"{q.id}__{row}__{inner.id}"})) for inner in q.questions]


def value_of(q: Any, key: str, value: Any) -> Any:  # noqa: ANN401
    """The part of an answer for one of its fields; degrees as people read them."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if q.type == "point" and isinstance(found, int):
        sign, micro = ("-" if found < 0 else ""), abs(found)
        return f"{sign}{micro // _MICRO}.{micro % _MICRO:06d}"
    return found


def rows_of(q: Any, value: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401
    """The rows to show: those answered, and as many empty ones as the group needs."""
    given = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    least = max(int(getattr(q, "minimum", None) or 0), 1)
    return [*given, *({} for _ in range(least - len(given)))]


def row_errors(name: str, errors: Mapping[str, str | Promise]) -> dict[str, str | Promise]:
    """The refusals of rows (`heirs.0.name`) by the id of their field (`heirs__0__name`)."""
    return {key.replace(".", "__"): words for key, words in errors.items() if key.startswith(f"{name}.")}


def is_changing_rows(post: Mapping[str, Any]) -> bool:
    """Whether the form was sent only to add or take away a row."""
    return MORE in post or LESS in post


def read(q: Any, post: QueryDict, read_one: Callable[[Any, QueryDict], Any]) -> Any:  # noqa: ANN401
    """What was answered, as raw JSON; None where nothing was."""
    if q.type == "group":
        return _read_rows(q, post, read_one)
    found = {key: read_one(part, post) for key, part in parts(q)}
    found = {key: value for key, value in found.items() if value not in (None, "")}
    if q.type == "signature" and found and (strokes := post.get(f"{q.id}__strokes", "")):
        found["strokes"] = strokes
    return found or None


def _read_rows(q: Any, post: QueryDict, read_one: Callable[[Any, QueryDict], Any]) -> list[dict[str, Any]] | None:  # noqa: ANN401
    pattern = re.compile(rf"{re.escape(q.id)}__(\d{{1,3}})__")
    numbers = sorted({int(found[1]) for key in post if (found := pattern.match(key))})
    less = post.get(LESS, "")
    rows = [
        {name: value for name, inner in columns(q, n) if (value := read_one(inner, post)) not in (None, "", [])}
        for n in numbers
        if less != f"{q.id}:{n}"
    ]
    if post.get(MORE) == q.id:
        rows.append({})
    elif not less:
        rows = [row for row in rows if row]
    return rows or None
