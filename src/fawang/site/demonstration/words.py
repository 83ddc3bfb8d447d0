"""What invented people say: templates from `definitions/stories.yaml`, filled by a source of chance."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fawang.kernel import clock

_FILE = Path(__file__).with_name("definitions") / "stories.yaml"


@cache
def texts() -> dict[str, Any]:
    """All texts by name."""
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def one(chance: random.Random, name: str) -> str:
    """One of a list of texts."""
    return str(chance.choice(texts()[name]))


def person_name(chance: random.Random) -> str:
    """An invented name of two or three characters."""
    given = texts()["given"].split()
    return str(chance.choice(texts()["surnames"].split()) + "".join(chance.sample(given, chance.choice([1, 2, 2]))))


def filled(chance: random.Random, template: str) -> str:
    """The template with numbers, sums of money, days and places."""
    day = clock.today() - timedelta(days=chance.randint(10, 700))
    return template.format(
        n=chance.randint(2, 6), months=chance.randint(2, 8), money=chance.randint(3, 300) * 100,
        day=f"{day.year}年{day.month}月", employer=chance.choice(texts()["employers"].split()),
        shop=chance.choice(texts()["shops"].split()),
    )  # fmt: skip


def weighted(chance: random.Random, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One row by its `weight` (1 where none is given)."""
    return chance.choices(rows, [row.get("weight", 1) for row in rows])[0]


def opinion(domain: str) -> tuple[str, str, str]:
    """Articles, advice and path for a domain of the first level."""
    known = texts()["opinions"]
    articles, advice, path = known.get(domain, known["other"])
    return articles, advice, path
