"""Puts the optional drafting service to work on an answer."""

from __future__ import annotations

from fawang.base.knowledge.answering import drafting
from fawang.base.knowledge.values import Reply


def drafted(reply: Reply) -> Reply:
    """The reply with plain words from its quotes, where a drafting service is set and what it wrote holds.

    Takes at most `FAWANG_ASSISTANT_SECONDS`; never in a transaction. Fails silently: the quotes are the answer.
    """
    return drafting.drafted(reply)
