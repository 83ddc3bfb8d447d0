from django.apps import AppConfig


class WindowConfig(AppConfig):
    """The door of those who receive people at a centre. It keeps no tables."""

    name = "fawang.front.window"
    label = "window"

    def ready(self) -> None:
        """Wire the room at start-up."""
        from fawang.front.window import menu  # noqa: PLC0415 - start-up wiring

        menu.wire()
