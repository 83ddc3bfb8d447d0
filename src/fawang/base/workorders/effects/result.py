"""The result: proposed, checked by a second person, told, rated, called back, put right, archived, reopened."""

from __future__ import annotations

from fawang.base.workorders.engine import Act, effect
from fawang.base.workorders.models import Rating
from fawang.kernel import clock

MAX_TRIES = 3


@effect("complete")
def complete(act: Act) -> None:
    """The handler's proposal; the internal note stays internal."""
    order = act.order
    order.result_code, order.result_text = act.data["result"], act.data["text"]
    order.proposed_by = act.actor.ref
    order.completed_at = clock.now()


@effect("terminate")
def terminate(act: Act) -> None:
    """Ended without a result, with reason and remedy."""
    act.order.result_code = "UNSOLVED_OTHER"
    act.order.result_text = f"{act.data['text']}\n{act.data['remedy']}"


@effect("send_back")
def send_back(act: Act) -> None:
    """The result does not stand yet."""
    order = act.order
    order.redo_count += 1
    order.completed_at = None
    order.result_code = order.result_text = ""


@effect("deliver")
def deliver(act: Act) -> None:
    """The result is told; from now on it can be rated."""
    if act.order.told_at is None or act.order.told_at < (act.order.completed_at or clock.now()):
        act.order.told_at = clock.now()


@effect("rate")
def rate(act: Act) -> None:
    """One rating for each result told; it may be given before and after archiving."""
    order = act.order
    order.grade, order.rated_round = int(act.data["grade"]), order.round
    rating = Rating(order=order, round=order.round, grade=order.grade, text=act.data.get("text") or "", at=clock.now())
    act.rows.append(rating)


@effect("plan_callback")
def plan_callback(act: Act) -> None:
    """Tries are counted from here: who could not be reached while it was worked on has not been called back yet."""
    act.order.callback_tries, act.order.callback_tried_on = 0, None


@effect("report_rectified")
def report_rectified(act: Act) -> None:
    """Another person asks whether it was put right: with tries of its own."""
    plan_callback(act)


@effect("record_callback")
def record_callback(act: Act) -> str:
    """Up to three tries; a person who has to be helped again sends the order back to work."""
    order = act.order
    if not act.data["reached"]:
        order.callback_tries += 1
        order.callback_tried_on = clock.today()
        return "CLOSED" if order.callback_tries >= MAX_TRIES else "CALLBACK"
    if act.data.get("redo"):
        order.redo_count += 1
        order.round += 1
        order.completed_at = order.told_at = None
        return "REDO"
    return "CLOSED"


@effect("close")
def close(act: Act) -> None:
    """The file is fixed."""
    act.data.setdefault("reason", "CL01")


@effect("reopen")
def reopen(act: Act) -> None:
    """New facts: a fresh course, offered first to the unit that knows the matter; a new rating will be asked."""
    order = act.order
    order.round += 1
    order.inner = ""
    order.result_code = order.result_text = order.proposed_by = ""
    order.completed_at = order.told_at = order.accepted_at = None
    order.is_extended = False
