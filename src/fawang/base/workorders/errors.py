"""What can go wrong with an order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import Conflict, NotFound, NotPermitted, RefusedByRule, RefusedByState


class NoSuchOrder(NotFound):
    """No such order, or not yours."""

    code = "workorders.no_such_order"
    message = _("没有找到这个工单。请核对编号，或从“我的事项”进入。")


class NoSuchAction(RefusedByState):
    """The process has no such action."""

    code = "workorders.no_such_action"
    message = _("这类工单没有这个操作。请刷新页面，按列出的操作办理。")


class WrongState(RefusedByState):
    """The action cannot be done in this state."""

    code = "workorders.wrong_state"
    message = _("工单现在是“%(state)s”，不能“%(action)s”。请刷新页面看最新进展。")


class NotYours(NotPermitted):
    """The actor sees the order but may not do this to it."""

    code = "workorders.not_yours"
    message = _("“%(action)s”要由%(who)s来做。")


class Stale(Conflict):
    """The page was made from an older version of the order."""

    code = "workorders.stale"
    message = _(
        "这个工单刚刚被更新过(您看到的是第 %(seen)s 版，现在是第 %(now)s 版)。请看最新情况后再操作，您填写的内容还在。"
    )


class LevelTooLow(RefusedByRule):
    """The service needs a higher identity level."""

    code = "workorders.level_too_low"
    message = _("这项服务需要先核验身份(姓名和证件号)。请在“我的资料”里核验，或带证件到窗口办理。")


class KindNotServed(RefusedByRule):
    """The service is not for this kind of applicant or channel."""

    code = "workorders.kind_not_served"
    message = _("这项服务不受理这一类申请人或这个渠道的申请。请看办事指南，或拨打 12348。")


class MakesNoOrder(RefusedByRule):
    """A look-up answers at once; there is nothing to file."""

    code = "workorders.makes_no_order"
    message = _("这项服务当场就能查到结果，不需要提交申请。")


class MustBeOneself(RefusedByRule):
    """Nobody can make a will or adopt a child for another (公证法 art. 26)."""

    code = "workorders.must_be_oneself"
    message = _("这件事必须由本人办理，不能由别人代办。请本人登录或到现场办理。")
