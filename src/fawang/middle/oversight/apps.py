from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Registers the room: policy rows and the work that follows results and ratings. It keeps no tables."""

    name = "fawang.middle.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Wire the room at start-up."""
        from fawang.middle.oversight import policy, tasks  # noqa: F401, PLC0415 - start-up wiring
