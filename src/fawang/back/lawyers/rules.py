"""Rules of the line, called by name from its processes."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders import selectors as orders
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system


@guard("lawyers.no_conflict")
def no_conflict(context: Context) -> None:
    """No firm stands on both sides (organisations: conflict checks before assignment)."""
    if context.data.get("internal_conflict") == "found":
        raise RefusedByRule(_("有利益冲突的不能接受委托，请用“不接受委托”，告诉当事人可以找别的律所。"))


@guard("lawyers.contract_has_its_fee")
def contract_has_its_fee(context: Context) -> None:
    """The contract names its fee: a sum where it is per matter, by the year or by the hour; none where it is free."""
    way, fee = context.data.get("fee_way"), context.data.get("fee")
    if way in {"fixed", "yearly", "hourly"} and not fee:
        raise Invalid({"fee": _("请写明约定的金额（按小时的，写每小时多少）。")})
    if way == "free" and fee:
        raise Invalid({"fee": _("不收费的，不要填金额。")})


@guard("lawyers.complaint_is_open")
def complaint_is_open(context: Context) -> None:
    """There is something to answer."""
    clocks = orders.clocks(system("lawyers"), context.order.number)
    if not any(row.limit_id == "CP-03" and row.state == "RUNNING" for row in clocks):
        raise RefusedByRule(_("现在没有待答复的投诉。"))


@guard("lawyers.time_is_ahead")
def time_is_ahead(context: Context) -> None:
    """A meeting is arranged for a moment that is still to come."""
    if datetime.fromisoformat(context.data["start"]) <= clock.now():
        raise Invalid({"start": _("这个时间已经过了，请重新选。")})
