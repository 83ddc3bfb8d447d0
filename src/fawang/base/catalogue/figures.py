"""Dated figures and tariffs: what places set and change. Expressions read them; the most local one in force counts."""

from __future__ import annotations

from datetime import date

from fawang.base.catalogue import data
from fawang.base.catalogue.schema import FigureRow, Tariff
from fawang.base.divisions import selectors as divisions


class NoFigure(LookupError):
    """No figure of that name holds at that place on that day: a person has to look."""


def _holds(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


def row(name: str, area: str, on: date) -> FigureRow:
    """The row that holds: the longest division code that `area` lies in, in force on the day. Raises NoFigure."""
    found = data.figures().get(name)
    rows = found.rows if found else []
    fitting = [r for r in rows if area.startswith(divisions.prefix(r.area)) and _holds(r.valid_from, r.valid_to, on)]
    if not fitting:
        raise NoFigure(name)
    return max(fitting, key=lambda r: (len(divisions.prefix(r.area)), r.valid_from or date.min))


def figure(name: str, area: str, on: date) -> int:
    """The value that holds in an area on a day. Raises NoFigure."""
    return row(name, area, on).value


def tariff(name: str, on: date) -> Tariff:
    """The tariff in force. Raises NoFigure."""
    found = [t for t in data.tariffs() if t.tariff == name and _holds(t.valid_from, t.valid_to, on)]
    if not found:
        raise NoFigure(name)
    return max(found, key=lambda t: t.valid_from or date.min)


def brackets(name: str, fen: int, on: date) -> int:
    """What an amount costs by a cumulative tariff: each step prices its own part; rounded half up to the fen once.
    Raises NoFigure."""
    table = tariff(name, on)
    total, below = 0, 0  # total in 1/100,000 fen
    for step in table.brackets:
        top = fen if step.up_to is None else min(fen, step.up_to)
        if top > below or (below == 0 and fen == 0):
            total += (top - below) * step.per_100k + step.flat * 100_000
        below = step.up_to or fen
        if fen <= below:
            break
    return max(table.minimum, (total + 50_000) // 100_000)
