"""The schema of dated data: code tables, figures by place, tariffs by brackets."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from fawang.base.catalogue.schema.texts import Name, Strict, Text, Words


class CodeTable(Strict):
    """A code table: domains, reasons, results …; rows carry validity."""

    table: Name
    source: Words
    rows: list[dict[str, Any]]


class Line(Text):
    """A business line (业务线): its name as people know it, its icon, and its place among the others."""

    line: Name
    icon: Name = "file_text"
    rank: int = Field(50, ge=0, le=99, description="lines are shown in this order")

    @property
    def icon_name(self) -> str:
        """The icon as the sprite names it."""
        return self.icon.replace("_", "-")


class FigureRow(Strict):
    """A figure as it holds at a place for a time."""

    area: str = Field("", pattern=r"^([0-9]{2,12})?$", description="division code; empty: the whole country")
    value: int
    valid_from: date | None = None
    valid_to: date | None = None
    basis: Words
    is_uncertain: bool = False


class Figure(Text):
    """A figure that places set and change: a hardship line, a tariff. Expressions read it with `figure("…", area)`."""

    figure: Name
    unit: Literal["fen", "fen_per_month", "number", "per_mille"]
    rows: list[FigureRow] = Field(min_length=1)


class Bracket(Strict):
    """One step: what part of the amount up to `up_to` costs."""

    up_to: int | None = Field(None, description="fen; the last one has none")
    per_100k: int = Field(0, description="fen for each 100,000 fen of the part: 4,000 is 4 %")
    flat: int = Field(0, description="fen for the step itself")


class Tariff(Text):
    """A cumulative tariff (分段累计). Expressions read it with `brackets("…", amount)`."""

    tariff: Name
    minimum: int = Field(0, ge=0, description="fen at least")
    brackets: list[Bracket] = Field(min_length=1)
    valid_from: date | None = None
    valid_to: date | None = None
    basis: Words
    is_uncertain: bool = False
