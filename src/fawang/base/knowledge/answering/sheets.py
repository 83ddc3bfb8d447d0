"""The opinion sheet written by the machine: what was told, the law as stored, evidence and periods from a table."""

from __future__ import annotations

from fawang.base.knowledge.answering import lexicon
from fawang.base.knowledge.selectors.laws import REPEALED, cited
from fawang.base.knowledge.values import OpinionSheet, Period, Reply

_MOST_TOPICS = 2
_LONGEST_FACTS = 2_000
_NO_PATH = "none"


def _is_repealed(basis: str) -> bool:
    return any(one.why_not == REPEALED for one in cited(basis))


def sheet(question: str, reply: Reply) -> OpinionSheet:
    """From a question and its answer to a sheet."""
    topics = lexicon.topics(f"{question} {lexicon.understand(question).text}")[:_MOST_TOPICS]
    limits = [one for topic in topics for one in topic["limits"] if not _is_repealed(one["basis"])]
    periods = {one["id"] + one["basis"]: Period(**one) for one in limits}
    evidence = {
        language: tuple(dict.fromkeys(str(line) for topic in topics for line in topic["evidence"][language]))
        for language in ("zh", "en")
    }
    return OpinionSheet(
        facts=question.strip()[:_LONGEST_FACTS],
        quotes=reply.quotes or reply.near,
        path=topics[0]["path"] if topics else _NO_PATH,
        evidence_zh=evidence["zh"],
        evidence_en=evidence["en"],
        periods=tuple(periods.values()),
        certainty=reply.certainty,
    )
