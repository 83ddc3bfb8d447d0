"""Verbs of the desk: lines put their papers here at start-up."""

from __future__ import annotations

from fawang.back.casework import papers
from fawang.back.casework.values import Paper


def offer_paper(paper: Paper) -> None:
    """Offer a paper for an action of the line (once; a second one for the same answers is an error at start-up)."""
    papers.add(paper)
