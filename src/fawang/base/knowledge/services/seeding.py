"""The guides that come with the product: drafts at first, published only where a demonstration says so."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from fawang.base.knowledge import selectors
from fawang.base.knowledge.answering.lexicon import yaml_list
from fawang.base.knowledge.models import Piece
from fawang.base.knowledge.services.writing import Basis, publish, submit, write
from fawang.base.knowledge.values import EXAMPLE_MARK, PieceKind
from fawang.kernel import clock
from fawang.kernel.policy import Actor

_DAYS = 365


def load_guides(actor: Actor) -> list[str]:
    """Write the guides that are not there yet, as drafts; their keys. One none of whose articles is loaded waits."""
    there = set(Piece.objects.filter(source__startswith=EXAMPLE_MARK).values_list("source", flat=True))
    made = []
    for guide in yaml_list("guides"):
        source = f"{EXAMPLE_MARK} {guide['key']}"
        basis = [found for citation in guide["basis"] for found in _basis(citation)]
        if source in there or not basis:
            continue
        with transaction.atomic():
            key = write(
                actor,
                kind=PieceKind.GUIDE,
                title=guide["title"],
                summary=guide["summary"],
                body=guide["body"],
                source=source,
                basis=basis,
            )
        made.append(key)
    return made


def publish_guides(author: Actor, reviewer: Actor) -> int:
    """Take the guides that are drafts through the review (demonstrations); how many were published."""
    drafts = Piece.objects.filter(source__startswith=EXAMPLE_MARK, state=Piece.State.DRAFT).exclude(by=reviewer.ref)
    until = clock.today() + timedelta(days=_DAYS)
    count = 0
    for key, version in list(drafts.values_list("key", "version")):
        seen = submit(author, key, version=version)
        publish(reviewer, key, version=seen, review_by=until)
        count += 1
    return count


def _basis(citation: str) -> list[Basis]:
    return [
        Basis(one.article.version.law.key, one.article.number, one.article.suffix)
        for one in selectors.cited(citation)
        if one.article is not None and one.article.number is not None and not one.why_not
    ]
