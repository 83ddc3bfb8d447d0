"""Rules of the line, called by name from its process."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from fawang.back.casework.values import cites_an_article
from fawang.base.catalogue.rules import Context, guard
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule

# a reminder is proposed; everything else is asked for
PROPOSED = "SUGGEST"


@guard("outreach.is_ahead")
def is_ahead(context: Context) -> None:
    """What is arranged lies ahead."""
    if date.fromisoformat(context.data["on"]) < clock.today():
        raise Invalid({"on": _("日期已经过去，请另选一天。")})


@guard("outreach.is_no_reminder")
def is_no_reminder(context: Context) -> None:
    """A proposal to remind an authority is no event: nothing is arranged or held for it."""
    if context.order.demand_type == PROPOSED:
        raise RefusedByRule(_("普法提示不是活动，请用“发出普法提示”，或者“答复”说明为什么不发。"))


@guard("outreach.is_a_reminder")
def is_a_reminder(context: Context) -> None:
    """Only what proposes a reminder leads to one (法治宣传教育法 art. 57)."""
    if context.order.demand_type != PROPOSED:
        raise RefusedByRule(_("这不是普法提示建议。"))


@guard("outreach.opinion_names_its_law")
def opinion_names_its_law(context: Context) -> None:
    """Whether a village's rule or contract may stand is said with the article that decides it."""
    if not cites_an_article(str(context.data.get("articles") or "")):
        raise Invalid({"articles": _("请写明依据的法律和条文，例如“《村民委员会组织法》第二十七条”。")})
