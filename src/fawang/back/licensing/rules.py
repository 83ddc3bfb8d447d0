"""Rules of permits, called by name from the process, and the days its limits count from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.services import counted_from
from fawang.kernel import clock
from fawang.kernel.errors import Invalid
from fawang.kernel.policy import system


def _received(context: Context) -> date:
    """The day on which the papers, whole by then, were received."""
    steps = orders.timeline(system("licensing"), context.order.number)
    came = [step.at for step in steps if step.action in {"submit", "reply_correction"}]
    return clock.local(max(came)).date() if came else clock.today()


@guard("licensing.acceptance_is_dated")
def acceptance_is_dated(context: Context) -> None:
    """Acceptance is not before receipt; without a list of corrections in time it is the day of receipt
    (行政许可法 art. 32)."""
    day, received = date.fromisoformat(context.data["accepted_on"]), _received(context)
    if day < received:
        raise Invalid({"accepted_on": _("受理日期不能早于收到申请的日期。")})
    found = [c for c in orders.clocks(system("licensing"), context.order.number) if c.limit_id == "PE-01"]
    due = found[-1].due_at if found and found[-1].state == "RUNNING" else None
    if due is not None and clock.now() >= due and day > received:
        words = _("五日内没有一次告知补正，从收到材料之日起就是受理，受理日期为 %(day)s。")
        raise Invalid({"accepted_on": words % {"day": received.isoformat()}})


@counted_from("PE-02")
@counted_from("PE-04")
@counted_from("PE-08")
@counted_from("PE-10")
@counted_from("PE-11")
def day_of_acceptance(data: Mapping[str, Any]) -> date:
    """Examination counts from acceptance (行政许可法 art. 42, 43; 律师法 art. 6, 18)."""
    return date.fromisoformat(data["accepted_on"])


@counted_from("PE-08-P")
@counted_from("PE-10-M")
@counted_from("PE-11-P")
def day_at_the_superior(data: Mapping[str, Any]) -> date:
    """The superior's days count from when it received the lower body's opinion (律师法 art. 6, 18)."""
    return date.fromisoformat(data["received_on"])


@counted_from("PE-05")
def day_of_decision(data: Mapping[str, Any]) -> date:
    """The certificate is issued within ten working days of the decision (行政许可法 art. 44)."""
    return date.fromisoformat(data["decided_on"])


@counted_from("PE-06")
def day_of_notice(data: Mapping[str, Any]) -> date:
    """A hearing is asked for within five working days of being told (行政许可法 art. 47)."""
    return date.fromisoformat(data["notified_on"])
