"""How long the way to a place takes, estimated from the distance by the assumptions of `definitions/travel.yaml`."""

from __future__ import annotations

from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import yaml

from fawang.base.organisations.values import Travel

_FILE = Path(__file__).with_name("definitions") / "travel.yaml"


@cache
def assumptions() -> dict[str, Any]:
    """The definition: `as_of`, `source`, and for each mode its bands."""
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def estimate(distance_m: int) -> tuple[Travel, ...]:
    """The ways that make sense for a distance (metres as the crow flies), quickest to grasp first."""
    found = []
    for mode, told in assumptions()["modes"].items():
        if not told.get("from_m", 0) <= distance_m <= told.get("up_to_m", 5_000_000):
            continue
        band = next((row for row in told["bands"] if distance_m <= row["to_m"]), None)
        if band is not None:
            minutes = band["wait_minutes"] + told["detour"] * distance_m / 1_000 / band["km_h"] * 60
            found.append(Travel(mode, max(1, ceil(minutes))))
    return tuple(found)
