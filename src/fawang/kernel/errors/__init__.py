"""What can go wrong, as classes with a stable code, an HTTP status and a sentence that tells the person what to do.

A room derives its own errors here and sets `code` (stable, dotted) and `message` (translatable; `%(name)s` is
filled from `data`). `is_worth_a_retry` says whether the same request may succeed later unchanged.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FawangError(Exception):
    """The base of every refusal the product makes on purpose."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    is_worth_a_retry: ClassVar[bool] = False
    message: ClassVar[str | Promise] = _("这一步没有成功，请稍后重试。")

    def __init__(self, message: str | Promise | None = None, **data: Any) -> None:
        self.data = data
        self._message = message
        super().__init__(self.code)

    @property
    def text(self) -> str:
        """The sentence in the language of the reader."""
        template = str(self._message if self._message is not None else self.message)
        return template % self.data if "%(" in template else template

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class NotFound(FawangError):
    """Not there, or not yours: the two look the same."""

    code = "not_found"
    status = 404
    message = _("没有找到这一页或这一项。请核对编号，或从“我的事项”进入。")


class NotPermitted(FawangError):
    """Refused by policy. `reason` is the policy's reason code."""

    code = "not_permitted"
    status = 403
    message = _("您当前的身份不能做这一步。请换一个身份登录，或请有权限的同事办理。")


class NotLoggedIn(FawangError):
    """Nobody is logged in and the act needs somebody."""

    code = "not_logged_in"
    status = 401
    message = _("请先登录，再继续。")


class Invalid(FawangError):
    """Something that was entered is not right. `fields` maps a field's name to its sentence."""

    code = "invalid"
    status = 422
    message = _("有几处填写需要改正，请看标出的地方。")

    def __init__(
        self, fields: dict[str, str | Promise] | None = None, message: str | Promise | None = None, **data: Any
    ) -> None:
        super().__init__(message, **data)
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return f"{self.code}: {', '.join(sorted(self.fields)) or self.text}"


class Conflict(FawangError):
    """Somebody else was faster, or the page is stale."""

    code = "conflict"
    status = 409
    message = _("别人刚刚更新过这一项。请刷新页面看最新情况，再决定要不要继续。")


class RefusedByState(FawangError):
    """The thing is not in a state that allows the act."""

    code = "refused_by_state"
    status = 409
    message = _("现在的状态不能做这一步。请刷新页面，按页面上列出的操作办理。")


class RefusedByRule(FawangError):
    """A rule of the law or the service stands against the act."""

    code = "refused_by_rule"
    status = 422
    message = _("按规定现在不能这样办理。")


class KeyReused(FawangError):
    """The same idempotency key came with another body."""

    code = "key_reused"
    status = 422
    message = _("同一个请求编号不能用于不同的内容。请换一个新的请求编号重新提交。")


class TooMany(FawangError):
    """Throttled. `wait_seconds` says for how long."""

    code = "too_many"
    status = 429
    is_worth_a_retry = True
    message = _("尝试次数太多，请过 %(wait_minutes)s 分钟再试；着急请拨打 12348。")


class PartnerUnavailable(FawangError):
    """A system outside does not answer."""

    code = "partner_unavailable"
    status = 503
    is_worth_a_retry = True
    message = _("对方系统暂时没有回应。您的内容已保存，我们会自动重试。")
