"""The papers that lines offer. A line that is taken out takes its papers along; its orders' steps stay readable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fawang.back.casework.values import Paper

_papers: list[Paper] = []


def add(paper: Paper) -> None:
    """Keep a paper. Raises ValueError for a second one of the same action and answers."""
    if paper in _papers:
        return
    if any((p.line, p.action, p.when) == (paper.line, paper.action, paper.when) for p in _papers):
        raise ValueError(f"two papers for {paper.line}.{paper.action}")
    _papers.append(paper)


def find(line: str, action: str, data: Mapping[str, Any]) -> Paper | None:
    """The paper that an action with these answers makes, if any: the one that asks for most of them."""
    fitting = [
        paper
        for paper in _papers
        if (paper.line, paper.action) == (line, action) and all(data.get(k) == v for k, v in paper.when.items())
    ]
    return max(fitting, key=lambda paper: len(paper.when), default=None)
