from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Registers the room: policy rows and the staff's menu. It keeps no tables."""

    name = "fawang.front.workbench"
    label = "workbench"

    def ready(self) -> None:
        """Wire the room at start-up."""
        from fawang.front.workbench import menu  # noqa: PLC0415 - start-up wiring

        menu.wire()
