from importlib import import_module

from django.apps import AppConfig


class FrameConfig(AppConfig):
    """What all doors share: layout, look, forms, log-in pages, who is acting."""

    name = "fawang.front.frame"
    label = "frame"

    def ready(self) -> None:
        """Add the frame's rows to the permission table and its start-up checks."""
        import_module("fawang.front.frame.policy")
        import_module("fawang.front.frame.checks")
