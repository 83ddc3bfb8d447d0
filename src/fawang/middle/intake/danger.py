"""Words that mean danger or a short deadline. They preset the urgency; the person at the telephone decides."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from fawang.middle.intake.values import Danger

_FILE = Path(__file__).with_name("definitions") / "danger.yaml"


@cache
def _words() -> dict[str, list[str]]:
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def look(text: str) -> Danger:
    """The most urgent level that a word in the text names, with all its words (work-order standard §3.4)."""
    lowered = text.lower()
    for urgency in ("U1", "U2"):
        found = tuple(word for word in _words()[urgency] if word in lowered)
        if found:
            return Danger(urgency, found)
    return Danger()
