"""Rules of mediation, called by name from its processes, and the days its limits count from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.services import counted_from
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system

AGREED = frozenset({"AGREED", "PARTLY_SOLVED"})
# services that are not people's mediation, by how their codes begin
KINDS = {"MEDIATION_ADMIN": "admin", "MEDIATION_COMMERCIAL": "commercial"}


@guard("mediation.is_mediable")
def is_mediable(context: Context) -> None:
    """What only an agency may decide, a crime to be prosecuted, and what a court has taken up is not mediated here
    (人民调解工作若干规定)."""
    state, matter = context.answers.get("proceedings"), context.data.get("matter")
    if state == "court":
        raise RefusedByRule(_("法院已经受理的纠纷，不能再受理调解。请用“不予受理”写明途径。"))
    if state in {"mediated", "mediation"}:
        raise RefusedByRule(_("别的调解组织正在调解或已经调解的，不再受理。请用“不予受理”写明途径。"))
    if matter == "agency":
        raise RefusedByRule(_("依法只能由专门机关处理的事情，不能调解。请用“不予受理”写明由哪个机关处理。"))
    if matter == "crime":
        raise RefusedByRule(_("涉嫌犯罪、应当追究刑事责任的，不能调解。请先报警，再用“不予受理”写明途径。"))


@guard("mediation.parties_differ")
def parties_differ(context: Context) -> None:
    """Somebody cannot have a dispute with themselves."""
    applicant, other = str(context.data.get("party_a") or ""), str(context.data.get("party_b") or "")
    if applicant and applicant == other:
        raise Invalid({"party_b": _("双方不能是同一个人。")})


@guard("mediation.both_agree")
def both_agree(context: Context) -> None:
    """Mediation is voluntary: without the other side's will it does not begin (人民调解法 art. 3, 17)."""
    if context.data.get("agrees") is False:
        raise RefusedByRule(_("对方明确拒绝调解的，调解应当结束(人民调解法第十七条)。请用“结束调解”写明原因。"))


@guard("mediation.both_agree_to_go_on")
def both_agree_to_go_on(context: Context) -> None:
    """The month is extended only with the parties' consent (人民调解工作若干规定 art. 33)."""
    if context.data.get("agree") is False:
        raise RefusedByRule(_("当事人不同意延长的，视为调解不成。请用“结束调解”，告知可以走的途径。"))


@guard("mediation.performance_is_not_past")
def performance_is_not_past(context: Context) -> None:
    """The agreed day of performance lies not before the agreement (人民调解法 art. 29)."""
    day = context.data.get("perform_by")
    if day and date.fromisoformat(day) < date.fromisoformat(context.data["signed_on"]):
        raise Invalid({"perform_by": _("履行期限不能早于签字的日期。")})


@guard("mediation.signed_since_acceptance")
def signed_since_acceptance(context: Context) -> None:
    """What was signed before the committee accepted the matter is not an agreement of this mediation."""
    accepted = context.order.accepted_at
    if accepted is not None and date.fromisoformat(context.data["signed_on"]) < clock.local(accepted).date():
        raise Invalid({"signed_on": _("签字的日期不能早于受理的日期。")})


@guard("mediation.kind_fits")
def kind_fits(context: Context) -> None:
    """The agreement says which law stands behind it; only a people's mediation knows oral ones (人民调解法 art. 30)."""
    service, kind = context.order.service_code, context.data.get("kind") or "people"
    wanted = next((kind for prefix, kind in KINDS.items() if service.startswith(prefix)), "people")
    if kind != wanted:
        words = {"people": _("人民调解"), "admin": _("行政调解"), "commercial": _("商事调解")}
        raise Invalid({"kind": _("这项服务是%(kind)s，请选对应的一种。") % {"kind": words[wanted]}})
    if kind != "people" and context.data.get("form") == "oral":
        raise Invalid({"form": _("行政调解和商事调解要有书面协议。")})


@guard("mediation.confirmation_is_in_time")
def confirmation_is_in_time(context: Context) -> None:
    """Both parties ask together within thirty days from effect, for what a court may confirm (民事诉讼法 art. 205;
    民诉法解释 art. 355)."""
    clocks = [c for c in orders.clocks(system("mediation"), context.order.number) if c.limit_id == "JC-01"]
    if not clocks:
        raise RefusedByRule(_("这份协议不能申请司法确认(身份关系或确权)。对履行有争议的，可以起诉。"))
    due = clocks[-1].due_at
    if due is not None and date.fromisoformat(context.data["applied_on"]) >= clock.local(due).date():
        raise RefusedByRule(_("已经超过协议生效之日起三十日，不能再申请司法确认，但可以就协议起诉。"))


@guard("mediation.result_fits")
def result_fits(context: Context) -> None:
    """The result says how the mediation ended: what is called an agreement is one."""
    result = context.data.get("result")
    if context.order.inner in {"AGREED", "PERFORMED"} and result not in AGREED:
        raise Invalid({"result": _("已经达成协议，结果应选“达成协议”。")})
    if context.order.inner == "ENDED" and result == "AGREED":
        raise Invalid({"result": _("没有达成协议，结果不能选“达成协议”。")})


@counted_from("JC-01")
def day_of_effect(data: Mapping[str, Any]) -> date | None:
    """A written agreement takes effect when all have signed, an oral one when it is reached (人民调解法 art. 29, 30).
    None: no court confirms what concerns personal status or title."""
    return None if data.get("confirmable") is False else date.fromisoformat(data["signed_on"])


@counted_from("ME-07")
def day_of_traffic_mediation(data: Mapping[str, Any]) -> date | None:
    """Traffic police count from the funeral, the end of treatment, the disability set or the loss fixed
    (道路交通安全法实施条例 art. 94, 95)."""
    return date.fromisoformat(data["counts_from"]) if data.get("counts_from") else clock.today()


@counted_from("JC-04")
def day_of_ruling(data: Mapping[str, Any]) -> date | None:
    """A party objects to a ruling that confirms within fifteen days of receipt (民诉法解释 art. 372)."""
    return date.fromisoformat(data["received_on"]) if data.get("ruling") == "confirmed" else None


@counted_from("JC-06")
def day_of_enforcement(data: Mapping[str, Any]) -> date | None:
    """What was confirmed is enforced within two years of the last day of performance (民事诉讼法 art. 250)."""
    is_open = data.get("ruling") == "confirmed" and data.get("perform_by")
    return date.fromisoformat(data["perform_by"]) if is_open else None


@counted_from("ME-15")
def day_of_performance(data: Mapping[str, Any]) -> date:
    """The committee asks after the agreed day (人民调解法 art. 31)."""
    return date.fromisoformat(data["perform_by"])
