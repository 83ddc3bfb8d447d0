"""Rules of legal aid, called by name from its processes, and the days its limits count from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.services import counted_from
from fawang.base.workorders.values import ClockView
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system

# services that an authority's notice opens (法律援助法 art. 25, 28)
NOTICES = "LEGAL_AID_CRIM_NOTIFY"
# answers to `art25` for which a lawyer of three years is needed (法律援助法 art. 26)
GRAVE = frozenset({"life_death", "death_review"})
GRAVE_YEARS = 3
# LA-07: aid may be given at once when fewer than so many days are left
SHORT = timedelta(days=7)


def _clocks(context: Context, limit: str) -> list[ClockView]:
    return [row for row in orders.clocks(system("legal_aid"), context.order.number) if row.limit_id == limit]


def _is_notice(service: object) -> bool:
    return str(service or "").startswith(NOTICES)


@guard("legal_aid.is_a_notice")
def is_a_notice(context: Context) -> None:
    """Only a notice of court, procuratorate or police needs no examination (法律援助法 art. 36)."""
    if not _is_notice(context.order.service_code):
        raise RefusedByRule(_("这不是办案机关的通知，请先审查材料和条件，再作决定。"))


@guard("legal_aid.is_an_application")
def is_an_application(context: Context) -> None:
    """A notice is acted on, not decided on: the centre appoints a lawyer (法律援助法 art. 25, 36)."""
    if _is_notice(context.order.service_code):
        raise RefusedByRule(_("办案机关依法通知的，应当在三日内指派律师，不审查经济状况，也不能不予援助。"))


@guard("legal_aid.no_conflict")
def no_conflict(context: Context) -> None:
    """Neither the examiner nor the lawyer may stand on the other side (organisations: conflict checks)."""
    if context.data.get("internal_conflict") == "found":
        raise Invalid({"internal_conflict": _("有利益冲突的应当回避，请换人。")})


@guard("legal_aid.lawyer_is_experienced")
def lawyer_is_experienced(context: Context) -> None:
    """Where life or death is at stake, and in death-penalty review, three years of practice (法律援助法 art. 26)."""
    if context.answers.get("art25") in GRAVE and int(context.data["years"]) < GRAVE_YEARS:
        raise Invalid({"years": _("可能判处无期徒刑、死刑的案件和死刑复核案件，应当指派执业满三年的律师。")})


@guard("legal_aid.time_is_short")
def time_is_short(context: Context) -> None:
    """Aid before the papers is for fewer than seven days to a statutory limit (法律援助法 art. 44; LA-07)."""
    if context.data["why"] != "deadline":
        return
    left = date.fromisoformat(context.data["last_day"]) - clock.today()
    if left < timedelta(0):
        raise Invalid({"last_day": _("这个期限已经过了，请核对日期。")})
    if left >= SHORT:
        raise Invalid({"last_day": _("离期限还有七日以上，请按一般程序审查。")})


@guard("legal_aid.was_granted_ahead")
def was_granted_ahead(context: Context) -> None:
    """Papers come later only where aid was granted before them (法律援助法 art. 44)."""
    if not any(row.state == "RUNNING" for row in _clocks(context, "LA-12")):
        raise RefusedByRule(_("没有先行提供援助，或者材料已经补齐。"))


@guard("legal_aid.supplement_is_overdue")
def supplement_is_overdue(context: Context) -> None:
    """Who supplies nothing in time is taken to withdraw (法律援助法 art. 43), and not a day earlier."""
    if context.order.suspended_for != "SP01":
        raise RefusedByRule(_("现在不是在等申请人补充材料。"))
    due = [row.due_at for row in _clocks(context, "WO-CORRECT") if row.state == "RUNNING"]
    if any(moment is not None and clock.now() < moment for moment in due):
        raise RefusedByRule(_("补充材料的期限还没有到。"))


@guard("legal_aid.objection_is_open")
def objection_is_open(context: Context) -> None:
    """There is an objection to review (法律援助法 art. 49)."""
    if not any(row.state == "RUNNING" for row in _clocks(context, "LA-05")):
        raise RefusedByRule(_("现在没有待审查的异议。"))


@guard("legal_aid.objection_was_reviewed")
def objection_was_reviewed(context: Context) -> None:
    """After an objection the justice department speaks first (法律援助法 art. 49)."""
    if context.order.objected and any(row.state == "RUNNING" for row in _clocks(context, "LA-05")):
        raise RefusedByRule(_("申请人提出了异议，请等司法行政部门五日内审查后再办。"))


@guard("legal_aid.contested_once")
def contested_once(context: Context) -> None:
    """A termination is objected to once; reconsideration and suit remain (法律援助法 art. 49)."""
    if len(_clocks(context, "LA-05")) > int(context.order.objected):
        raise RefusedByRule(_("对终止决定已经提出过异议。不服审查决定的，可以申请行政复议或者提起行政诉讼。"))


@counted_from("LA-01")
def day_of_application(data: Mapping[str, Any]) -> date | None:
    """From the day it was received (法律援助法 art. 43). None: an authority's notice, which LA-04 binds."""
    return None if _is_notice(data.get("service")) else clock.today()


@counted_from("LA-08")
def day_of_closing(data: Mapping[str, Any]) -> date:
    """From the day the case closed; a returned file from the day of its return."""
    return date.fromisoformat(data["closed_on"]) if data.get("closed_on") else clock.today()


@counted_from("LA-10")
def day_of_appointment(data: Mapping[str, Any]) -> date | None:
    """From the appointment. None: a defender on notification, with whom nobody signs an agreement."""
    return None if data.get("role") == "notified" else clock.today()
