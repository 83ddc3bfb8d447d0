"""What happened to the orders that somebody may see: names and states in commit order, nothing about a person."""

from __future__ import annotations

from typing import Any

from fawang.base.workorders import selectors as orders
from fawang.kernel import policy
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import Actor

STREAM = "order:"
# how many events are looked through for one page: most are somebody else's
SEEN_AT_ONCE = 500


def page(actor: Actor, *, after: int, limit: int) -> dict[str, Any]:
    """Events behind a position, two statements. `next` is the last position looked at, also where nothing was shown."""
    recorded = events.after(after, limit=SEEN_AT_ONCE)
    ids = {int(r.stream[len(STREAM) :]) for r in recorded if r.stream.startswith(STREAM)}
    numbers = dict(orders.visible(actor).filter(pk__in=ids, number__isnull=False).values_list("pk", "number"))
    works_here = bool(policy.scopes(actor, "workorders.work"))
    shown: list[dict[str, Any]] = []
    position = after
    for r in recorded:
        if len(shown) >= limit:
            break
        position = r.position or position
        number = numbers.get(int(r.stream[len(STREAM) :])) if r.stream.startswith(STREAM) else None
        data = r.data or {}
        action = str(data.get("action", ""))
        if number is None or (not works_here and (action in orders.HIDDEN_FROM_PEOPLE or action == "fill")):
            continue
        shown.append(
            {
                "position": r.position, "name": r.name, "order": number, "sequence": r.sequence, "action": action,
                "from_state": str(data.get("from", "")), "to_state": str(data.get("to", "")), "at": r.at,
            }
        )  # fmt: skip
    has_more = bool(recorded) and (len(recorded) == SEEN_AT_ONCE or position < (recorded[-1].position or 0))
    return {"events": shown, "next": position, "has_more": has_more}
