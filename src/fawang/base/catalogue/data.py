"""What the release and the installation declare besides services, read once a process: tables, figures, tariffs."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.apps import apps
from django.conf import settings
from pydantic import BaseModel

from fawang.base.catalogue import expanding
from fawang.base.catalogue.schema import CodeTable, Figure, Line, Screener, Tariff
from fawang.base.catalogue.source import parse, read_yaml

Model = TypeVar("Model", bound=BaseModel)


def own_folder() -> Path:
    """The installation's own definitions: `HOME/definitions`. It need not be there."""
    return Path(settings.HOME) / "definitions"


def folders() -> list[Path]:
    """The `definitions` folders of all rooms."""
    found = [
        Path(config.path) / "definitions" for config in apps.get_app_configs() if config.name.startswith("fawang.")
    ]
    return [folder for folder in found if folder.is_dir()]


def _read(model: type[Model], below: str) -> list[Model]:
    places = [*folders(), *([own_folder()] if own_folder().is_dir() else [])]
    return [parse(model, path) for folder in places for path in sorted((folder / below).glob("*.yaml"))]


@lru_cache(maxsize=1)
def tables() -> dict[str, CodeTable]:
    """All code tables, by name; an installation's own replaces the release's."""
    return {table.table: table for table in _read(CodeTable, "codes")}


@lru_cache(maxsize=1)
def lines() -> dict[str, Line]:
    """All business lines, by rank."""
    found = [parse(Line, folder / "line.yaml") for folder in folders() if (folder / "line.yaml").exists()]
    return {line.line: line for line in sorted(found, key=lambda line: (line.rank, line.line))}


@lru_cache(maxsize=1)
def figures() -> dict[str, Figure]:
    """All figures, by name; rows of the installation's own file stand beside the release's."""
    found: dict[str, Figure] = {}
    for figure in _read(Figure, "figures"):
        known = found.get(figure.figure)
        found[figure.figure] = figure.model_copy(update={"rows": [*known.rows, *figure.rows]}) if known else figure
    return found


@lru_cache(maxsize=1)
def tariffs() -> tuple[Tariff, ...]:
    """All tariffs."""
    return tuple(_read(Tariff, "tariffs"))


@lru_cache(maxsize=1)
def screeners() -> dict[str, Screener]:
    """All screeners, by rank; an installation's own replaces the release's."""
    places = [*folders(), *([own_folder()] if own_folder().is_dir() else [])]
    banks = [read_yaml(path)[0]["questions"] for folder in places for path in sorted((folder / "bank").glob("*.yaml"))]
    bank = {question["id"]: question for questions in banks for question in questions}
    found = [expanding.screener(p, bank) for folder in places for p in sorted((folder / "screeners").glob("*.yaml"))]
    by_name = {one.screener: one for one in found}
    return dict(sorted(by_name.items(), key=lambda pair: (pair[1].rank, pair[0])))


def icons() -> set[str]:
    """The icons that lines and services name, wherever they are declared."""
    places = [*folders(), *([own_folder()] if own_folder().is_dir() else [])]
    found: set[str] = set()
    for path in (path for folder in places for path in folder.rglob("*.yaml")):
        data = read_yaml(path)[0]
        if isinstance(data, dict):
            pieces = [data, data.get("template"), *(data.get("rows") or [])]
            sets = [piece.get("set") for piece in pieces if isinstance(piece, dict)]
            found |= {str(p["icon"]) for p in [*pieces, *sets] if isinstance(p, dict) and "icon" in p}
    return {name for name in found if re.fullmatch(r"[a-z][a-z0-9_]*", name)}


def forget() -> None:
    """Read everything anew at the next question (after files were changed)."""
    tables.cache_clear()
    lines.cache_clear()
    figures.cache_clear()
    tariffs.cache_clear()
    screeners.cache_clear()
