"""Rules of people's mediation, called by name from its process."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule


@guard("mediation.is_mediable")
def is_mediable(context: Context) -> None:
    """What only an agency may decide, a crime to be prosecuted, and what a court has taken up is not mediated here
    (人民调解工作若干规定)."""
    state = context.answers.get("proceedings")
    if state == "court":
        raise RefusedByRule(_("法院已经受理的纠纷，人民调解委员会不能受理。请用“不予受理”写明途径。"))
    if state == "mediated":
        raise RefusedByRule(_("别的调解组织正在调解或已经调解的，不再受理。请用“不予受理”写明途径。"))


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
        raise RefusedByRule(_("对方明确拒绝调解的，调解应当结束(人民调解法第十七条)。请用“对方拒绝，结束调解”。"))


@guard("mediation.performance_is_not_past")
def performance_is_not_past(context: Context) -> None:
    """The agreed day of performance lies not before the agreement (人民调解法 art. 29)."""
    day = context.data.get("perform_by")
    if day and date.fromisoformat(day) < clock.today():
        raise Invalid({"perform_by": _("履行期限不能早于今天。")})


@guard("mediation.is_performed_or_due")
def is_performed_or_due(context: Context) -> None:
    """The committee supervises performance (人民调解法 art. 31): the result says whether it was performed."""
    if context.order.inner == "AGREED" and context.data.get("result") not in {"AGREED", "PARTLY_SOLVED"}:
        raise Invalid({"result": _("已经达成协议，结果应选“达成协议”。")})
    if context.order.inner == "ENDED" and context.data.get("result") == "AGREED":
        raise Invalid({"result": _("没有达成协议，结果不能选“达成协议”。")})
