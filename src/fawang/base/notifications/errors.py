"""What can go wrong with messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import FawangError, Invalid, NotFound


class NoSuchTemplate(NotFound):
    """No template has this code or version."""

    code = "notifications.no_such_template"
    message = _("没有“%(template)s”这个消息模板。请联系管理员核对模板编号。")


class TemplatesBroken(FawangError):
    """The templates' file is wrong or a published version was changed."""

    code = "notifications.templates_broken"
    status = 500
    message = _("消息模板有错误，不能使用：%(reason)s")


class DataDoesNotFit(Invalid):
    """A variable is missing, too many, or of the wrong kind."""

    code = "notifications.data_does_not_fit"
    message = _("消息模板的变量“%(variable)s”没有填对。请核对模板要求的变量。")

    def __init__(self, *, variable: str) -> None:
        super().__init__({variable: self.message}, variable=variable)


class PersonalDataInMessage(Invalid):
    """A telephone, identity number or e-mail address would stand in a text (compliance §2.16)."""

    code = "notifications.personal_data"
    message = _("消息里不能写手机号、身份证号或电子邮箱。请去掉“%(variable)s”里的这些内容。")

    def __init__(self, *, variable: str) -> None:
        super().__init__({variable: self.message}, variable=variable)


class NoRecipient(Invalid):
    """Nobody, or more than one kind of recipient."""

    code = "notifications.no_recipient"
    message = _("请指定一个收件人：当事人、账号，或手机号、电子邮箱。")


class ReceiptRefused(Invalid):
    """A receipt that cannot be: unknown state, a state only we may say, or a moment far in the future."""

    code = "notifications.receipt_refused"
    message = _("这条回执不能接受。请核对状态、发送次数和时间。")


class BadSignature(FawangError):
    """A receipt whose signature does not match."""

    code = "notifications.bad_signature"
    status = 403
    message = _("签名不正确。请核对短信网关的密钥。")
