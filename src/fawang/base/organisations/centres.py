"""The middle of divisions, for places whose own coordinates are not known. Made at set-up with the maps
(`fawang organisations maps`); without the file nothing is known, and distances stay open."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from fawang.base.divisions.values import normal_code
from fawang.base.organisations.values import Degrees


def path() -> Path:
    """Where the file lies."""
    return Path(settings.HOME) / "assets" / "maps" / "centres.json"


@lru_cache(maxsize=4)
def _read(where: Path, _stamp: int) -> dict[str, Degrees]:
    told = json.loads(where.read_text(encoding="utf-8"))
    return {code: (float(lng), float(lat)) for code, (lng, lat) in told.items()}


def known() -> dict[str, Degrees]:
    """Centres by six-digit code; empty where the maps were not made."""
    where = path()
    try:
        return _read(where, where.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


def centre(code: str, among: dict[str, Degrees] | None = None) -> Degrees | None:
    """The middle of a division, or of the nearest one above it that is known."""
    table, digits = known() if among is None else among, normal_code(code)[:6]
    for one in (digits, digits[:4] + "00", digits[:2] + "0000"):
        if found := table.get(one):
            return found
    return None
