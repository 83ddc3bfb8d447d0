from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HotlineConfig(AppConfig):
    """The door of the 12348 operators."""

    name = "fawang.front.hotline"
    label = "hotline"

    def ready(self) -> None:
        """Enter the workbench's menu."""
        navigation = import_module("fawang.front.frame.navigation")
        badges = import_module("fawang.front.frame.badges")
        intake = import_module("fawang.middle.intake.selectors")
        navigation.register("hotline", _("热线"), "hotline:console", "intake.take_contacts", "phone-call", key="h")
        navigation.register(
            "hotline", _("回拨"), "hotline:callbacks", "intake.call_back", "phone-incoming", count=intake.callbacks_due
        )
        navigation.register("hotline", _("来访记录"), "hotline:contacts", "intake.see_contacts", "messages")
        for code, words, tone, icon in (
            ("OPEN", _("进行中"), "info", "circle-dashed"),
            ("ANSWERED", _("当场答复"), "ok", "circle-check"),
            ("ORDER_MADE", _("已转工单"), "ok", "send"),
            ("REFERRED", _("已转介"), "plain", "transfer"),
            ("ABANDONED", _("未接通或中断"), "plain", "circle-x"),
        ):
            badges.register_state(code, words, tone, icon)
