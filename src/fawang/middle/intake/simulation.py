"""A line that exists only in the demonstration: it rings like a telephone system would."""

from __future__ import annotations

import random
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fawang.kernel import clock, ids, policy
from fawang.kernel.errors import RefusedByState
from fawang.kernel.policy import Actor
from fawang.middle.intake.services import calls
from fawang.middle.intake.values import CallEvent, CallKind, CallView

LINE = "demonstration line"
DNIS = "12348"
# the demonstration's own citizen calls often enough to be recognised; other numbers belong to nobody
_KNOWN = "13800000001"


def ring(actor: Actor | None = None, *, phone: str = "", seat: str = "") -> CallView:
    """A call comes in, from `phone` or from an invented number. Raises RefusedByState outside a demonstration."""
    _must_be_demonstration()
    if actor is not None:
        policy.require(actor, "intake.take_contacts")
    caller = phone or random.choice([_KNOWN, f"1390000{random.randrange(10_000):04d}"])
    return _tell(f"sim-{ids.token()}", CallKind.RING, caller=caller, seat=seat)


def hang_up(call_id: str, *, at: datetime | None = None) -> CallView:
    """The caller hangs up. Raises RefusedByState outside a demonstration."""
    _must_be_demonstration()
    return _tell(call_id, CallKind.HANGUP, at=at)


def _must_be_demonstration() -> None:
    if not settings.FAWANG_IS_DEMONSTRATION:
        raise RefusedByState(_("只有演示环境可以模拟来电。"))


def _tell(call_id: str, kind: CallKind, *, caller: str = "", seat: str = "", at: datetime | None = None) -> CallView:
    event = CallEvent(
        call_id, kind.value, at or clock.now(), caller=caller, dnis=DNIS, seat=seat,
        hangup_side="CALLER" if kind == CallKind.HANGUP else "",
    )  # fmt: skip
    return calls.announce_call(policy.system(LINE), event)
