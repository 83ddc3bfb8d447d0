"""What the portal refuses by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import NotFound, RefusedByRule


class NotMatching(NotFound):
    """Number, code and phone do not belong together; which of them is wrong is not told."""

    code = "portal.not_matching"
    message = _("编号、查询码和手机号对不上。请照回执核对后再试；回执丢了，请登录查看或拨打 12348。")


class ConsentNeeded(RefusedByRule):
    """The notice was not agreed to."""

    code = "portal.consent_needed"
    message = _("请先阅读个人信息处理说明，并勾选同意。不同意也可以拨打 12348 或到窗口办理。")
