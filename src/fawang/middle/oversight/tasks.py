"""Background work: listens to results told and ratings given. Safe to run twice: the order's state decides."""

from __future__ import annotations

from typing import Any

from fawang.base.workorders import selectors as orders
from fawang.kernel.outbox.services import handles, listens
from fawang.middle.oversight import services

listens("workorders.delivered.v1", "oversight.plan_callback", in_state="DONE")
listens("workorders.rated.v1", "oversight.rated")


@handles("oversight.plan_callback")
def plan_callback(payload: dict[str, Any]) -> None:
    """A result was told: does somebody call back?"""
    services.plan_callback(order_ref=orders.reference(payload["order"]))


@handles("oversight.rated")
def rated(payload: dict[str, Any]) -> None:
    """A rating came: a bad one is put right first and called back afterwards, a good one may still be drawn."""
    reference = orders.reference(payload["order"])
    if not services.follow_rating(order_ref=reference):
        services.plan_callback(order_ref=reference)
