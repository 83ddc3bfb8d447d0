"""What can go wrong with log-ins, identities and representations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import Conflict, FawangError, NotPermitted, RefusedByRule, RefusedByState


class WrongLogin(FawangError):
    """Name or password wrong, or no such account, or closed: they look the same."""

    code = "identity.wrong_login"
    status = 401
    message = _("用户名或密码不对。请核对后重试；忘记密码请联系本单位的管理员。")


class WrongCode(FawangError):
    """The phone code is wrong, used or too old: they look the same."""

    code = "identity.wrong_code"
    status = 401
    message = _("验证码不对或已过期。请核对短信里的 6 位数字，或重新获取。")


class NeedsTotp(FawangError):
    """The first factor was right; a staff account needs the second. `data["challenge"]` goes to `finish_with_totp`,
    `data["is_enrolled"]` says whether an authenticator is set up (if not: `begin_enrolment(challenge)` first)."""

    code = "identity.needs_totp"
    status = 401
    message = _("请输入身份验证器上显示的 6 位动态口令。")


class NeedsNewPassword(FawangError):
    """Every factor was right, but the password was issued and is good once: `data["challenge"]` goes, with one of the
    person's own, to `finish_with_new_password`."""

    code = "identity.needs_new_password"
    status = 401
    message = _("这是一次性密码，请先在网页上登录并改成自己的密码。")


class WrongTotp(FawangError):
    """The time-based code is wrong, or was used already."""

    code = "identity.wrong_totp"
    status = 401
    message = _("动态口令不对或已经用过。请等下一个口令出现后再输入。")


class ChallengeOver(FawangError):
    """The time between first and second factor was too long."""

    code = "identity.challenge_over"
    status = 401
    message = _("等待时间太长，请重新登录。")


class AccountClosed(FawangError):
    """The phone is proved, but its account was closed."""

    code = "identity.account_closed"
    status = 403
    message = _("这个账号已停用。如有疑问，请拨打 12348。")


class AlreadyEnrolled(RefusedByState):
    """An authenticator is set up; a new one needs an administrator."""

    code = "identity.already_enrolled"
    message = _("已经绑定了身份验证器。手机还在的，到“我的账号”里更换；手机丢了，请联系安全管理员。")


class OwnAccount(NotPermitted):
    """An administrator's act on the administrator's own account."""

    code = "identity.own_account"
    message = _("不能用管理员的权限办理自己的账号。请到“我的账号”里改，或请另一位管理员办理。")


class NeedsLevel(RefusedByRule):
    """The act needs a higher identity level (compliance §8). `data` has `needed` and `held`."""

    code = "identity.needs_level"
    status = 403


class NotVerified(RefusedByRule):
    """Name and number do not belong together, says the register."""

    code = "identity.not_verified"
    message = _("姓名和证件号码核对不一致。请检查填写内容；仍不通过，请带证件到就近的公共法律服务中心办理。")


class VerifiedElsewhere(Conflict):
    """The number was verified under another account."""

    code = "identity.verified_elsewhere"
    message = _("这个证件号码已经在另一个账号上实名。请用那个账号登录，或带证件到就近的公共法律服务中心处理。")


class NameTaken(Conflict):
    """The user name is in use."""

    code = "identity.name_taken"
    message = _("这个用户名已经有人使用，请换一个。")


class RepresentationExists(Conflict):
    """The same representation is asked for or in force already."""

    code = "identity.representation_exists"
    message = _("相同的代理关系已经存在或正在审核，不用重复提交。")
