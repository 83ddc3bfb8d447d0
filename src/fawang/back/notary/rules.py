"""Rules of the notary line, called by name from its process, and the days its limits count from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from fawang.base.calendar import selectors as calendar
from fawang.base.calendar.values import Limit, Unit
from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.services import counted_from
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system

# the enforceable debt instrument and its execution certificate (公证法 art. 37)
ENFORCEABLE = frozenset({"NOTARY_N26", "NOTARY_N27"})


def _last(context: Context, action: str) -> dict[str, Any]:
    """What was written when the action was done last; nothing when it never was."""
    steps = orders.timeline(system("notary"), context.order.number)
    return next((step.data for step in reversed(steps) if step.action == action), {})


@guard("notary.issued_since_acceptance")
def issued_since_acceptance(context: Context) -> None:
    """A certificate takes effect when it is issued, which is after the matter was accepted (公证法 art. 32)."""
    accepted = context.order.accepted_at
    if accepted is not None and date.fromisoformat(context.data["issued_on"]) < clock.local(accepted).date():
        raise Invalid({"issued_on": _("出具日期不能早于受理的日期。")})


@guard("notary.received_since_issue")
def received_since_issue(context: Context) -> None:
    """Nobody receives a certificate before it is issued."""
    issued = _last(context, "issue_certificate").get("issued_on")
    if issued and context.data["received_on"] < issued:
        raise Invalid({"received_on": _("领取日期不能早于公证书出具的日期。")})


def _is_over(since: date, years: int) -> bool:
    """Whether so many years have passed; the calendar is asked only when the last day may have been moved (T3)."""
    if clock.today() <= calendar.months(since, 12 * years):
        return False
    begin = datetime.combine(since, time(), clock.SHANGHAI)
    due = calendar.reckon(start=begin, limit=Limit(years, Unit.YEAR)).due_at
    return due is not None and clock.now() >= due


@guard("notary.review_is_in_time")
def review_is_in_time(context: Context) -> None:
    """A party within a year from receipt, another interested person within a year from learning of it, nobody later
    than twenty years after the issue (公证程序规则 art. 61)."""
    known = context.data.get("known_on") or _last(context, "record_receipt")["received_on"]
    issued = _last(context, "issue_certificate")["issued_on"]
    if _is_over(date.fromisoformat(known), 1) or _is_over(date.fromisoformat(issued), 20):
        raise RefusedByRule(_("已经超过申请复查的期限。对公证书内容有争议的，可以就争议向法院起诉。"))


@guard("notary.review_changed_something")
def review_changed_something(context: Context) -> None:
    """A certificate that stands is neither corrected nor revoked."""
    if _last(context, "decide_review").get("decision") == "keep":
        raise RefusedByRule(_("复查决定维持公证书，没有要更正或者撤销的。"))


@guard("notary.is_enforceable")
def is_enforceable(context: Context) -> None:
    """Only a debt instrument with the debtor's promise can be enforced (公证法 art. 37)."""
    if context.order.service_code not in ENFORCEABLE:
        raise RefusedByRule(_("只有赋予强制执行效力的公证债权文书才能申请执行。"))


@guard("notary.result_fits")
def result_fits(context: Context) -> None:
    """The result says how the matter ended: a certificate was issued, or certification was refused."""
    refused, result = context.order.inner == "REFUSED", context.data.get("result")
    if refused and result != "REFUSED":
        raise Invalid({"result": _("已经决定不予办理公证，结果应选“不予”。")})
    if not refused and result != "ISSUED":
        raise Invalid({"result": _("公证书已经出具，结果应选“已出具”。")})


@counted_from("NO-05")
def day_of_receipt(data: Mapping[str, Any]) -> date:
    """The year for a review counts from the day the certificate was received, not from the day it was written down."""
    return date.fromisoformat(data["received_on"])


@counted_from("NO-07")
def day_of_decision(data: Mapping[str, Any]) -> date | None:
    """Ten days for what has to be changed; None: the certificate stands."""
    return None if data.get("decision") == "keep" else clock.today()


@counted_from("NO-08")
def day_of_performance(data: Mapping[str, Any]) -> date | None:
    """Two years from the last day of performance; asking for the execution certificate interrupts them.

    A loan may run for decades: years that have no calendar yet cannot be reckoned, and must not hold the certificate
    back, so then no clock begins.
    """
    given = data.get("acted_on") if data.get("step") == "certificate_asked" else data.get("perform_by")
    if not given:
        return None
    since = date.fromisoformat(given)
    known = {row.year for row in calendar.years()}
    return since if {since.year, since.year + 1, since.year + 2} <= known else None


@counted_from("NO-09")
def day_of_refusal(data: Mapping[str, Any]) -> date | None:
    """Ten days from the service of the ruling that refuses the enforcement."""
    return date.fromisoformat(data["acted_on"]) if data.get("step") == "refused" else None
