from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The citizen's site (门户)."""

    name = "fawang.front.portal"
    label = "portal"

    def ready(self) -> None:
        """Wire the room: policy rows, the menu, the inbox, and who sees the files of an order."""
        import_module("fawang.front.portal.policy")
        import_module("fawang.front.portal.seeing").wire()
        from fawang.base.notifications import selectors as notifications  # noqa: PLC0415 - start-up wiring
        from fawang.front.frame import navigation  # noqa: PLC0415 - start-up wiring

        navigation.register("portal", _("首页"), "portal:home", "portal.see", "home")
        navigation.register("portal", _("办事"), "portal:services", "portal.see", "apps")
        navigation.register("portal", _("我的事项"), "portal:mine", "portal.see", "clipboard-list")
        navigation.register("portal", _("找机构"), "portal:directory", "portal.see", "map-pin")
        navigation.register("portal", _("我的"), "portal:me", "portal.see", "user")
        navigation.register_inbox("citizen", "portal:messages", notifications.unread_count)
