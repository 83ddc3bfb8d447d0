"""The window's entries in the staff's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.front.frame import badges, navigation
from fawang.front.window import policy  # noqa: F401 - declares the room's permission


def wire() -> None:
    """Add the entries, and the words of a booking's states (once, at start-up)."""
    navigation.register("window", _("窗口接待"), "window:today", "window.receive", "ticket", key="w")
    navigation.register("window", _("帮办申请"), "window:services", "window.receive", "user-plus", key="a")
    navigation.register("window", _("叫号"), "window:queue", "meetings.call", "users")
    for code, words, tone, icon in (
        ("BOOKED", _("已预约"), "info", "calendar"),
        ("SHOWN_UP", _("已到场"), "ok", "user-check"),
        ("NO_SHOW", _("没有到场"), "warn", "circle-x"),
    ):
        badges.register_state(code, words, tone, icon)
