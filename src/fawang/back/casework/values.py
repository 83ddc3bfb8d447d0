"""Frozen data of the desk: papers that lines offer, and the sheets made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fawang.base.catalogue.schema import Question

# 《劳动合同法》第八十二条, 民法典第1062条, 劳动法第50条第一款 …
CITATION = re.compile(
    r"(《[^》]{2,40}》|[\u4e00-\u9fff]{1,20}(?:法|法典|条例|规定|解释|办法))\s*第?[零〇一二三四五六七八九十百千\d]+条"
)


def cites_an_article(text: str) -> bool:
    """Whether a text names a law with an article of it."""
    return bool(CITATION.search(text))


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Paper:
    """A paper that an action of a line makes, for people to read and print.

    `when` are answers of the action that this paper is for (none: every answer). `notes` stand at its end, `signs` are
    the places to sign. It asks nothing of the database: whoever sees the order's step sees its paper.
    """

    line: str
    action: str
    title: Words
    notes: tuple[Words, ...] = ()
    signs: tuple[Words, ...] = ()
    when: Mapping[str, str] = field(default_factory=dict)
    shows_story: bool = False


@dataclass(frozen=True)
class Offered:
    """A paper of an order: `sequence` names the step that made it."""

    sequence: int
    title: Words
    at: datetime


@dataclass(frozen=True)
class Sheet:
    """A paper filled in. `by` is who made it, with the kind and number of the licence they had that day."""

    title: Words
    number: str
    service: Words
    at: datetime
    unit: str
    by: str
    kind: str
    licence_no: str
    story: str
    rows: tuple[tuple[Question, Any], ...]
    notes: tuple[Words, ...]
    signs: tuple[Words, ...]
