"""Rules of arbitration, called by name from its processes, and the days its limits count from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.services import counted_from
from fawang.kernel import clock
from fawang.kernel.errors import RefusedByRule
from fawang.kernel.policy import system

# 仲裁法(2025) is in force from this day; awards received before keep the six months of the older text
NEW_LAW = date(2026, 3, 1)


@guard("arbitration.fee_is_overdue")
def fee_is_overdue(context: Context) -> None:
    """An application is deemed withdrawn only when the fifteen days are over (仲裁委员会仲裁收费办法 art. 4, 6)."""
    found = [c for c in orders.clocks(system("arbitration"), context.order.number) if c.limit_id == "AR-02"]
    due = found[-1].due_at if found else None
    if due is None or clock.now() < due:
        raise RefusedByRule(_("预交费用的期限还没有到，不能视为撤回。申请人还可以交费，也可以申请缓交。"))


def _day(data: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(data[name]) if data.get(name) else None


@counted_from("AR-02")
@counted_from("AR-03")
def day_of_notice(data: Mapping[str, Any]) -> date | None:
    """The fee is due, and the arbitrators are chosen, within days of the notice's receipt (收费办法 art. 4)."""
    return _day(data, "notified_on")


@counted_from("AR-04")
def day_of_tribunal(data: Mapping[str, Any]) -> date | None:
    """Institutions' rules count from the tribunal's formation."""
    return _day(data, "formed_on")


@counted_from("AR-05")
def day_of_award(data: Mapping[str, Any]) -> date | None:
    """Corrections are of awards, within thirty days of receipt (仲裁法(2025) art. 69)."""
    return _day(data, "received_on") if data.get("paper") == "award" else None


@counted_from("AR-06")
def day_of_award_under_the_new_law(data: Mapping[str, Any]) -> date | None:
    """Three months for awards received since the law of 2025 is in force (仲裁法(2025) art. 72)."""
    day = day_of_award(data)
    return day if day is not None and day >= NEW_LAW else None


@counted_from("AR-06H")
def day_of_award_under_the_old_law(data: Mapping[str, Any]) -> date | None:
    """Six months for awards received before (仲裁法(2017) art. 59); the transition is decided case by case."""
    day = day_of_award(data)
    return day if day is not None and day < NEW_LAW else None


@counted_from("AR-09")
def day_of_measures(data: Mapping[str, Any]) -> date | None:
    """Only measures taken before the case need one within thirty days (民事诉讼法 art. 104)."""
    return _day(data, "taken_on") if data.get("outcome") == "granted" else None


@counted_from("AR-10")
def day_of_performance(data: Mapping[str, Any]) -> date | None:
    """Two years from the last day of performance; without one, from the day it was served (民事诉讼法 art. 250)."""
    return _day(data, "perform_by") or _day(data, "received_on")


@counted_from("LB-06")
def day_to_sue_on_a_labour_award(data: Mapping[str, Any]) -> date | None:
    """A final award is open to the worker's suit alone, any other to both (劳动争议调解仲裁法 art. 48, 50)."""
    is_open = data.get("paper") == "award" and not (data.get("is_final") and data.get("side") == "employer")
    return _day(data, "received_on") if is_open else None


@counted_from("LB-07")
def day_to_ask_for_revocation(data: Mapping[str, Any]) -> date | None:
    """The employer may ask the court to revoke a final award (劳动争议调解仲裁法 art. 49)."""
    is_open = bool(data.get("paper") == "award" and data.get("is_final") and data.get("side") == "employer")
    return _day(data, "received_on") if is_open else None


@counted_from("RL-03")
def day_to_sue_on_a_land_award(data: Mapping[str, Any]) -> date | None:
    """Thirty days from receipt (农村土地承包经营纠纷调解仲裁法 art. 48)."""
    return _day(data, "received_on") if data.get("paper") == "award" else None
