"""Rules of the line, called by name from its process."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.kernel.errors import Invalid, RefusedByRule

EXAMINED = frozenset({"COMPLAINT", "REPORT"})
ANSWERED = frozenset({"SUGGEST", "PRAISE", "HELP"})


@guard("complaints.is_not_of_the_target")
def is_not_of_the_target(context: Context) -> None:
    """Who complains is heard by somebody else than who is complained of (services.md §18: not the target's unit)."""
    if context.data.get("is_independent") is False:
        raise RefusedByRule(_("被投诉的人和单位不能办自己的投诉。请用“申请转办”，原因选“利益冲突需回避”。"))


@guard("complaints.is_examined")
def is_examined(context: Context) -> None:
    """Complaints and clues are examined; a suggestion, praise or a request about one's data is answered."""
    if context.order.demand_type not in EXAMINED:
        raise RefusedByRule(_("这一类不需要核查认定，请直接答复。"))


@guard("complaints.is_said")
def is_said(context: Context) -> None:
    """Suggestions, praise and the question whose a matter is are answered without an examination."""
    if context.order.demand_type not in ANSWERED:
        raise RefusedByRule(_("投诉和线索要先核查，再写认定。"))


@guard("complaints.is_about_own_data")
def is_about_own_data(context: Context) -> None:
    """The rights of access, correction, erasure … are carried out in their own act (个人信息保护法 art. 44–50)."""
    if context.order.demand_type != "DATA_RIGHT":
        raise RefusedByRule(_("这不是个人信息权利请求。"))


@guard("complaints.person_is_identified")
def person_is_identified(context: Context) -> None:
    """Nobody's data is shown, changed or erased for somebody who was not identified (compliance §2.7)."""
    if context.data.get("is_identified") is False and context.data.get("outcome") != "refused":
        raise Invalid({"is_identified": _("先核验请求人身份，再办理。不能核验的，只能选“依法不能照办”。")})


@guard("complaints.refusal_says_why")
def refusal_says_why(context: Context) -> None:
    """A request that is refused or done in part is answered with the reason, and what can be done about it
    (个人信息保护法 art. 50)."""
    if context.data.get("outcome") != "done" and not context.data.get("remedy"):
        raise Invalid({"remedy": _("没有全部照办的，要写明理由和救济途径。")})
