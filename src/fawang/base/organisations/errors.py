"""What can go wrong with institutions, roles and keys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import Conflict, FawangError, NotPermitted, RefusedByRule, RefusedByState


class InstitutionCannotAct(NotPermitted):
    """The institution is suspended, revoked or closed: its people cannot act for it."""

    code = "organisations.cannot_act"
    message = _("%(name)s 目前状态为“%(status)s”，不能办理业务。您可以换一个身份，或联系主管司法行政机关。")


class MembershipOver(NotPermitted):
    """The role ended, or never was this account's."""

    code = "organisations.membership_over"
    message = _("您在这个机构的任职已经结束或尚未开始。请换一个身份登录，或联系该机构的管理员。")


class RepresentationOver(NotPermitted):
    """The representation ended, or never was this account's."""

    code = "organisations.representation_over"
    message = _("这项代理已经结束或尚未生效。请换一个身份，或请被代理人重新授权。")


class AdministratorsSeparate(RefusedByRule):
    """One person may not hold two of the three administrator roles (GB/T 22239-2019)."""

    code = "organisations.administrators_separate"
    message = _("系统管理员、安全管理员、审计管理员必须由三个人分别担任，不能兼任。请另选一个账号。")


class AlreadyMember(Conflict):
    """The account has this role there already."""

    code = "organisations.already_member"
    message = _("这个账号在该机构已经有这个角色，不用重复添加。")


class AlreadyRegistered(Conflict):
    """The credit code or the licence is registered already."""

    code = "organisations.already_registered"
    message = _("这个统一社会信用代码或执业证号已经登记。请先查询，再决定是更新还是转所。")


class TooManyWaiting(RefusedByRule):
    """Somebody has several applications that wait already."""

    code = "organisations.too_many_waiting"
    message = _("您已有三份申请在等待审核。请等审核结果，或先撤回一份。")


class AlreadyAsked(Conflict):
    """The same application is waiting."""

    code = "organisations.already_asked"
    message = _("已经有一份申请在等待审核。可以先撤回它，再提交新的。")


class KeyRefused(FawangError):
    """The key is unknown, revoked, too old, or its institution may not act: they look the same."""

    code = "organisations.key_refused"
    status = 401
    message = _("接口密钥无效。请联系平台管理员核对或重新申请。")


class AlreadyBegun(RefusedByState):
    """Somebody holds this administrator's role: the next one is made in the browser."""

    code = "organisations.already_begun"
    message = _("已经有人担任%(role)s。其他人请在网页的“账号”和“角色”里添加。")
