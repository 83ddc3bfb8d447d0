"""The state of a call from everything told about it, whatever the order in which it was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from fawang.middle.intake.values import CallKind, CallState

# at the same moment, a call rings before it is answered and ends last
_RANK = {CallKind.RING: 0, CallKind.ANSWER: 1, CallKind.HANGUP: 2, CallKind.ABANDON: 3}


class Signal(Protocol):
    """What is read of a signal."""

    kind: str
    at: datetime
    seat: str
    hangup_side: str


@dataclass(frozen=True)
class Followed:
    """Where a call stands."""

    state: str = CallState.RINGING.value
    ring_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    seat: str = ""
    hangup_side: str = ""


def follow(signals: Iterable[Signal]) -> Followed:
    """Reckon the state in the order of the tellers' moments; what comes after the end changes nothing.

    A hang-up that nobody's answer came before is a call that was never taken. The seat is where it was answered
    last, else where it rang last.
    """
    ring_at: datetime | None = None
    answered_at: datetime | None = None
    seat = ""
    for signal in sorted(signals, key=lambda s: (s.at, _RANK[CallKind(s.kind)], s.seat, s.hangup_side)):
        if signal.kind == CallKind.RING:
            ring_at = ring_at or signal.at
            seat = signal.seat or seat if answered_at is None else seat
        elif signal.kind == CallKind.ANSWER:
            answered_at = answered_at or signal.at
            seat = signal.seat or seat
        else:
            state = CallState.ABANDONED if answered_at is None else CallState.ENDED
            return Followed(state.value, ring_at, answered_at, signal.at, seat, signal.hangup_side)
    state = CallState.RINGING if answered_at is None else CallState.TALKING
    return Followed(state.value, ring_at, answered_at, None, seat)
