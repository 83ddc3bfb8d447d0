"""The envelope's own rules, one function each, named in the process table."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from fawang.base.calendar import selectors as calendar
from fawang.base.calendar.values import Limit, Unit
from fawang.base.catalogue.rules import Context, guard
from fawang.base.workorders.models import Clock, Task
from fawang.base.workorders.policy import JUSTICE
from fawang.base.workorders.values import AMENDED_BY_ONESELF
from fawang.kernel import clock
from fawang.kernel.errors import RefusedByRule

RATING_OPEN = timedelta(days=183)
REOPEN_WITHIN = timedelta(days=365)
MAX_RETURNS = 2
URGENT = frozenset({"U1", "U2"})


@guard("workorders.was_called_three_times")
def was_called_three_times(context: Context) -> None:
    """Three tries on record, or the time for the correction is over (close reason CL05)."""
    is_over = Clock.objects.filter(order=context.order, limit_id="WO-CORRECT", state="RUNNING", due_at__lte=clock.now())
    if context.order.unreached_count < 3 and not context.actor.is_system and not is_over.exists():
        raise RefusedByRule(_("要有三次联系不上的记录才能归档。请先用“记录联系”登记每次联系。"))


@guard("workorders.objected_once")
def objected_once(context: Context) -> None:
    """An objection to a refusal is heard once; afterwards the remedies named in the refusal remain."""
    if context.order.objected:
        raise RefusedByRule(_("异议已经提出过一次。请走不予受理通知里写明的途径，或拨打 12348。"))


@guard("workorders.may_ask_to_return")
def may_ask_to_return(context: Context) -> None:
    """A refused return may not be asked again; at most two returns in all, each within a working day after the
    dispatch, an hour for urgent ones (work-order standard §5.7)."""
    if context.order.return_refused:
        raise RefusedByRule(_("调度中心已决定由本单位承办，不能再次申请退回。"))
    if context.order.returns >= MAX_RETURNS:
        raise RefusedByRule(_("这个工单已经退回两次，不能再退，请联系调度中心。"))
    sent, unit = context.order.dispatched_at, Unit.HOUR if context.order.urgency in URGENT else Unit.WD
    due = calendar.reckon(start=sent, limit=Limit(1, unit)).due_at if sent else None
    if due is not None and clock.now() >= due:
        raise RefusedByRule(
            _("派单后一个工作日内(紧急的一小时内)可以申请退回，现在已经过了。请先签收再申请转办，或请调度中心收回。")
        )


@guard("workorders.may_amend")
def may_amend(context: Context) -> None:
    """Before somebody works on it, and while one's materials are waited for, one corrects one's own answers; at other
    times a clerk does it, so that whoever decides is not surprised."""
    is_oneself = context.actor.party_id is not None and context.actor.member_id is None
    if is_oneself and context.order.state not in AMENDED_BY_ONESELF:
        raise RefusedByRule(_("已经在办理，不能自己改了。请联系承办人，或到窗口更正。"))


@guard("workorders.waits_for_the_applicant")
def waits_for_the_applicant(context: Context) -> None:
    """Only a suspension for the applicant's materials is ended by the applicant's reply."""
    if context.order.suspended_for != "SP01":
        raise RefusedByRule(_("现在不需要补充材料；暂停的原因见进展。"))


@guard("workorders.may_extend")
def may_extend(context: Context) -> None:
    """Once, before expiry, and only where the limit allows it (time-limits T7)."""
    if context.order.is_extended:
        raise RefusedByRule(_("已经延期过一次，不能再延。"))
    if not context.may_extend():
        raise RefusedByRule(_("这项时限按规定不能延长，或已经到期。"))


@guard("workorders.had_a_contact")
def had_a_contact(context: Context) -> None:
    """At least one contact with the person before a result, unless there is nobody to reach (standard §2)."""
    order = context.order
    if order.contact_count == 0 and order.unreached_count < 3 and order.applicant_id is not None:
        raise RefusedByRule(_("办结前至少要联系当事人一次。请先用“记录联系”登记；三次联系不上也可以办结。"))


@guard("workorders.tasks_are_done")
def tasks_are_done(context: Context) -> None:
    """An order with open tasks stays in handling."""
    if Task.objects.filter(order=context.order, done_at__isnull=True).exists():
        raise RefusedByRule(_("还有待办没有完成，请先完成或注明结果。"))


@guard("workorders.rating_is_open")
def rating_is_open(context: Context) -> None:
    """After the result was told, for six months, once a result; never asked twice for the same one."""
    order = context.order
    if order.told_at is None:
        raise RefusedByRule(_("结果告知以后才能评价。"))
    if order.rated_round >= order.round:
        raise RefusedByRule(_("这次服务您已经评价过了，谢谢。"))
    if clock.now() - order.told_at > RATING_OPEN:
        raise RefusedByRule(_("评价在结果告知后六个月内有效。有意见请拨打 12348。"))


@guard("workorders.calls_on_another_day")
def calls_on_another_day(context: Context) -> None:
    """Three tries on different days before a call-back is given up (work-order standard §7)."""
    if not context.data["reached"] and context.order.callback_tried_on == clock.today():
        raise RefusedByRule(_("今天已经打过一次没有打通，请换一天、换个时间再打；三次都打不通才归档。"))


@guard("workorders.result_was_told")
def result_was_told(context: Context) -> None:
    """Nothing is archived before the person knows the result."""
    if context.order.told_at is None:
        raise RefusedByRule(_("结果还没有告知当事人，不能归档。"))


@guard("workorders.is_recent_enough")
def is_recent_enough(context: Context) -> None:
    """New facts can reopen an order for a year after it was archived."""
    closed = context.order.closed_at
    if closed is not None and clock.now() - closed > REOPEN_WITHIN:
        raise RefusedByRule(_("归档已超过一年，请重新提交一个新的申请，并写上原来的编号。"))


@guard("workorders.urged_at_most_once_a_day")
def urged_at_most_once_a_day(context: Context) -> None:
    """Once a day by the applicant, also through a desk or the hotline (standard §6); supervision is not limited."""
    last = context.order.last_urged_at
    is_supervision = context.actor.is_system or bool(context.actor.roles & {"SUPERVISOR", *JUSTICE})
    if not is_supervision and last is not None and clock.local(last).date() == clock.today():
        raise RefusedByRule(_("今天已经催办过一次，承办单位会在一个工作日内答复。"))


@guard("workorders.an_urge_is_open")
def an_urge_is_open(context: Context) -> None:
    """There is something to answer."""
    if not context.order.urge_is_open:
        raise RefusedByRule(_("现在没有待答复的催办。"))


@guard("workorders.is_supervised")
def is_supervised(context: Context) -> None:
    """There is something to answer."""
    if context.order.supervision_level == 0:
        raise RefusedByRule(_("这个工单没有被督办。"))


@guard("workorders.is_online")
def is_online(context: Context) -> None:
    """It is not at a window yet."""
    if context.order.is_offline:
        raise RefusedByRule(_("已经约好窗口。要改时间请先转回网上，再重新预约。"))


@guard("workorders.is_offline")
def is_offline(context: Context) -> None:
    """It is at a window."""
    if not context.order.is_offline:
        raise RefusedByRule(_("现在就是网上办理。"))
