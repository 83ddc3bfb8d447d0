from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Registers the room: policy rows, background work, and how far an agent's view of callers reaches."""

    name = "fawang.middle.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wire the room at start-up."""
        from fawang.middle.intake import policy, reach, tasks  # noqa: F401, PLC0415 - start-up wiring

        reach.wire()
