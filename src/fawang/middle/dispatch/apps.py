from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Registers the room: policy rows, and the work that places waiting orders."""

    name = "fawang.middle.dispatch"
    label = "dispatch"

    def ready(self) -> None:
        """Wire the room at start-up."""
        from fawang.middle.dispatch import policy, tasks  # noqa: F401, PLC0415 - start-up wiring
