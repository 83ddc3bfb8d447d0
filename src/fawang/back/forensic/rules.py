"""Rules of forensic appraisal, called by name from its process, and the days its limits count from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.services import counted_from
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system


def _last(context: Context, action: str) -> dict[str, Any]:
    """What was written when the action was done last; nothing when it never was."""
    steps = orders.timeline(system("forensic"), context.order.number)
    return next((step.data for step in reversed(steps) if step.action == action), {})


def _is_waiting(context: Context, limit: str) -> bool:
    clocks = orders.clocks(system("forensic"), context.order.number)
    return any(clock.limit_id == limit and clock.state == "RUNNING" for clock in clocks)


@guard("forensic.may_commission")
def may_commission(context: Context) -> None:
    """In a pending case the authority that handles it commissions; persons and organisations commission for matters
    outside proceedings (司法鉴定程序通则 art. 11)."""
    applicant = context.order.applicant
    if context.data["pending"] and (applicant is None or applicant.kind != "AGENCY"):
        raise RefusedByRule(
            _(
                "案件正在办理的，由办案机关委托鉴定，不能受理当事人自己的委托。请用“不予受理”，告知向办案机关提出鉴定申请。"
            )
        )


@guard("forensic.issued_since_agreement")
def issued_since_agreement(context: Context) -> None:
    """A report rests on an agreement (司法鉴定程序通则 art. 28)."""
    signed = _last(context, "sign_agreement").get("signed_on")
    if signed and context.data["issued_on"] < signed:
        raise Invalid({"issued_on": _("出具日期不能早于委托书生效的日期。")})


@guard("forensic.delivered_since_issue")
def delivered_since_issue(context: Context) -> None:
    """Nobody receives a report before it is issued."""
    issued = _last(context, "issue_report").get("issued_on")
    if issued and context.data["delivered_on"] < issued:
        raise Invalid({"delivered_on": _("送达日期不能早于鉴定意见书出具的日期。")})


@guard("forensic.correction_was_asked")
def correction_was_asked(context: Context) -> None:
    """There is something to answer."""
    if not _is_waiting(context, "FO-03"):
        raise RefusedByRule(_("现在没有待答复的补正申请。"))


@guard("forensic.objection_was_raised")
def objection_was_raised(context: Context) -> None:
    """There is something to answer."""
    if not _is_waiting(context, "FO-04"):
        raise RefusedByRule(_("现在没有待答复的异议。"))


@guard("forensic.result_fits")
def result_fits(context: Context) -> None:
    """What ends with a report says so; what ends without one is terminated with its ground (art. 29)."""
    if context.data.get("result") != "ISSUED":
        raise Invalid({"result": _("鉴定意见书已经出具，结果应选“已出具”。")})


@counted_from("FO-02")
def day_of_agreement(data: Mapping[str, Any]) -> date | None:
    """Thirty working days from the day the agreement took effect; None: the parties agreed on a limit of their own."""
    return None if data.get("agreed_until") else date.fromisoformat(data["signed_on"])


@counted_from("FO-02-A")
def agreed_day(data: Mapping[str, Any]) -> date | None:
    """The agreed day itself, until its midnight; None: nothing was agreed."""
    return date.fromisoformat(data["agreed_until"]) if data.get("agreed_until") else None
