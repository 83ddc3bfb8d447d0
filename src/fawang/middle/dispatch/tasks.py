"""Background work: orders that wait for dispatch and that a rule may place."""

from __future__ import annotations

from typing import Any

from fawang.base.workorders import services as orders
from fawang.kernel.outbox.services import handles, listens
from fawang.middle.dispatch import services

for _event in ("queued", "return_agreed", "offer_declined", "offer_lapsed", "transferred", "reclassified", "objected"):
    listens(f"workorders.{_event}.v1", "dispatch.place", in_state="TO_DISPATCH")


@handles("dispatch.place")
def place(payload: dict[str, Any]) -> None:
    """Try to place an order that came back to the centre; an order that moved on meanwhile is left alone."""
    orders.place_now(order_id=payload["order"], plan=services.plan)
