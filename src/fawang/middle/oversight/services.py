"""What oversight does by itself after a result is told or rated. It changes orders only through their one door."""

from __future__ import annotations

from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services
from fawang.base.workorders.values import OrderView
from fawang.kernel.errors import FawangError
from fawang.kernel.policy import system
from fawang.middle.oversight import rule

SYSTEM = system("oversight")
PROBLEM = "当事人对本次服务评价为不满意（{grade} 分）。"
DEMAND = (
    "请在一个工作日内联系当事人核实原因；能改的马上改，最迟十五个工作日内改好并报告原因和结果；"
    "没有依据的，向当事人解释清楚。"
)


def plan_callback(*, order_ref: str) -> bool:
    """Put a finished order on the call-back list if the rule wants it and it is not there; whether it was put there."""
    order = orders.get(SYSTEM, order_ref)
    wanted = rule.is_called_back(order.number, demand_type=order.demand_type, urgency=order.urgency, grade=order.grade)
    return wanted and _try(order, "plan_callback", {})


def follow_rating(*, order_ref: str) -> bool:
    """After a bad rating, order a rectification (整改): all of them, by whom else than the rated unit; whether done.

    A bad rating of an order that is being put right already, or is worked on again, orders nothing twice.
    """
    order = orders.get(SYSTEM, order_ref)
    if order.grade not in rule.BAD_GRADES:
        return False
    text = {"problem": PROBLEM.format(grade=order.grade), "demand": DEMAND}
    return _try(order, "rectify", text)


def _try(order: OrderView, action: str, data: dict[str, str]) -> bool:
    """Perform the action where the order's present state has it; an order that moved on meanwhile is left alone."""
    if action not in {choice.code for choice in orders.actions(SYSTEM, order.number)}:
        return False
    try:
        services.perform(actor=SYSTEM, order=order.number, action=action, data=data, version=order.version)
    except FawangError as error:
        if error.status == 409:
            return False
        raise
    return True
