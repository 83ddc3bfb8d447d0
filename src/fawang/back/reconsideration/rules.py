"""Rules of reconsideration, called by name from its process, and the days its limits count from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.services import counted_from
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system


def _end_of_review(context: Context) -> date | None:
    """The last day of the review of the application, once it has passed without a decision."""
    found = [c for c in orders.clocks(system("reconsideration"), context.order.number) if c.limit_id == "AD-02"]
    due = found[-1].due_at if found and found[-1].state == "RUNNING" else None
    return None if due is None or clock.now() < due else clock.local(due).date() - timedelta(days=1)


@guard("reconsideration.acceptance_is_dated")
def acceptance_is_dated(context: Context) -> None:
    """Acceptance lies between receipt and the end of the review; after it the application is deemed accepted from
    its last day (行政复议法 art. 30)."""
    day = date.fromisoformat(context.data["accepted_on"])
    received, end = context.order.submitted_at, _end_of_review(context)
    if received is not None and day < clock.local(received).date():
        raise Invalid({"accepted_on": _("受理日期不能早于收到申请的日期。")})
    if end is not None and day > end:
        words = _("审查期限已满，从期满之日起视为受理，受理日期最迟为 %(day)s。")
        raise Invalid({"accepted_on": words % {"day": end.isoformat()}})
    if end is None and context.data.get("how") == "silence":
        raise Invalid({"how": _("审查期限还没有满，请选“审查后符合条件”，或者不予受理。")})


@guard("reconsideration.is_not_deemed_accepted")
def is_not_deemed_accepted(context: Context) -> None:
    """What the law deems accepted can no longer be refused (行政复议法 art. 30)."""
    if _end_of_review(context) is not None:
        raise RefusedByRule(_("审查期限已满，申请视为已经受理，不能再不予受理。请受理后依法办理。"))


def _accepted(data: Mapping[str, Any]) -> date:
    return date.fromisoformat(data["accepted_on"])


@counted_from("AD-06")
@counted_from("AD-09")
def ordinary_from_acceptance(data: Mapping[str, Any]) -> date | None:
    """The ordinary procedure counts from acceptance, also after a simple one was turned (行政复议法 art. 48, 62)."""
    return None if data.get("procedure") == "simple" else _accepted(data)


@counted_from("AD-06-S")
@counted_from("AD-10")
def simple_from_acceptance(data: Mapping[str, Any]) -> date | None:
    """The simple procedure has shorter times (行政复议法 art. 54, 62)."""
    return _accepted(data) if data.get("procedure") == "simple" else None


@counted_from("AD-11")
def norm_of_our_own(data: Mapping[str, Any]) -> date | None:
    """Thirty days where the body itself may deal with the norm (行政复议法 art. 56, 57)."""
    return clock.today() if data.get("power") == "own" else None


@counted_from("AD-11-T")
def norm_of_another(data: Mapping[str, Any]) -> date | None:
    """Seven working days to send it to who may (行政复议法 art. 56, 57)."""
    return clock.today() if data.get("power") == "other" else None


@counted_from("AD-15")
def day_of_decision(data: Mapping[str, Any]) -> date | None:
    """Fifteen days from receipt, unless the law makes the decision final (行政复议法 art. 10, 34)."""
    return date.fromisoformat(data["received_on"]) if data.get("may_sue") else None
