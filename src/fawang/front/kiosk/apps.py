from importlib import import_module

from django.apps import AppConfig


class KioskConfig(AppConfig):
    """The door of kiosks. It keeps no tables."""

    name = "fawang.front.kiosk"
    label = "kiosk"

    def ready(self) -> None:
        """Add the door's rows to the permission table."""
        import_module("fawang.front.kiosk.policy")
