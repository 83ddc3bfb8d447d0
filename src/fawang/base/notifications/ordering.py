"""What the receipts of a message say together. Pure: no database, no clock.

Receipts come twice, late and in the wrong order; so the teller's own time decides, not the order of arrival (known
from VA notify #1578 and GOV.UK Forms ADR 047). Within one attempt:

1. the end of a way (DELIVERED, FAILED, BOUNCED) beats what is said on the way (ACCEPTED, FAILED_TEMPORARY), which
   beats our own words (SENT, QUEUED): clocks of two systems differ, and sending precedes arriving whatever they show;
2. among words of one rank the later `at` wins; at the same instant the more cautious one.

A message has arrived when one of its attempts has. Otherwise its latest attempt speaks for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fawang.base.notifications.values import ARRIVED, FAILURES, State, Word

_STAGE = {
    State.QUEUED: 0,
    State.SENT: 1,
    State.ACCEPTED: 2,
    State.FAILED_TEMPORARY: 2,
    State.DELIVERED: 3,
    State.FAILED: 3,
    State.BOUNCED: 3,
    State.READ: 4,
}
_CAUTION = [State.QUEUED, State.SENT, State.ACCEPTED, State.FAILED_TEMPORARY, State.DELIVERED, State.FAILED]
_CAUTION += [State.BOUNCED, State.READ]


@dataclass(frozen=True)
class Standing:
    """Where a message stands, since when, and where its latest attempt stands."""

    state: State
    at: datetime
    latest: State


def _weight(word: Word) -> tuple[int, datetime, int]:
    state = State(word.state)
    return _STAGE[state], word.at, _CAUTION.index(state)


def stand(words: Iterable[Word], *, latest_attempt: int, is_exhausted: bool) -> Standing:
    """Where the message stands. Raises ValueError when there is no word at all."""
    strongest: dict[int, Word] = {}
    for word in words:
        if word.attempt not in strongest or _weight(word) > _weight(strongest[word.attempt]):
            strongest[word.attempt] = word
    if not strongest:
        raise ValueError("a message without receipts")
    last = strongest.get(latest_attempt) or strongest[max(strongest)]
    latest = State(last.state)
    arrived = [word for word in strongest.values() if word.state in ARRIVED]
    if arrived:
        best = max(arrived, key=_weight)
        return Standing(State(best.state), best.at, latest)
    if is_exhausted and latest in FAILURES | {State.FAILED_TEMPORARY}:
        return Standing(State.UNDELIVERED, last.at, latest)
    return Standing(latest, last.at, latest)
