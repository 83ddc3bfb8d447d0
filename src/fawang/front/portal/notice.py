"""The notice on personal information (个人信息处理说明), one text with a version, kept by digest.

个人信息保护法 art. 14, 17: purpose, way, kinds, how long, rights, in plain words.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.front.portal.errors import ConsentNeeded
from fawang.kernel.policy import Actor

PURPOSE = "portal.application"
VERSION = "2026-11"
CHANNELS = {"01": "WEB", "02": "MINI_PROGRAM", "04": "WEB"}

PARTS: tuple[tuple[str | Promise, str | Promise], ...] = (
    (_("谁在处理"), _("受理您事项的司法行政机关和承办单位。平台只为它们办理您的事项而工作。")),
    (
        _("收集什么"),
        _("姓名、手机号；办理某些事项时的证件号码；您填写的情况和上传的材料；操作的时间。不收集与办事无关的信息。"),
    ),
    (_("用来做什么"), _("受理、派单、办理、联系您、告诉您结果、回访和监督服务质量。不用于广告，不出售。")),
    (_("谁能看到"), _("只有办理、审核、监督这件事的人能看到；号码平时只显示一部分，打开要写理由并留下记录。")),
    (_("保存多久"), _("按档案管理规定保存；期满后删除或去掉能认出您的内容。")),
    (
        _("您的权利"),
        _("可以查看、更正、复制，可以撤回同意。撤回不影响已经办完的事项。在“我的”页面操作，或拨打 12348。"),
    ),
    (_("不同意怎么办"), _("可以打电话或到窗口咨询，不必注册。")),
)  # fmt: skip


def text() -> str:
    """The whole notice in Chinese, as it is kept by digest."""
    with override("zh-hans"):
        return "\n".join(f"{title}：{body}" for title, body in PARTS)


def has_agreed(actor: Actor) -> bool:
    """Whether the party acting (or represented) has agreed to this version."""
    return actor.party_id is not None and identity.has_consented(actor.party_id, PURPOSE, VERSION)


def agree(actor: Actor, *, is_ticked: bool, channel: str) -> None:
    """Record the consent once. Raises ConsentNeeded when it is not given."""
    if actor.party_id is None or has_agreed(actor):
        return
    if not is_ticked:
        raise ConsentNeeded
    through = CHANNELS.get(channel, "WEB")
    identities.give_consent(
        actor, party_id=actor.party_id, purpose=PURPOSE, version=VERSION, text=text(), channel=through
    )
