from django.apps import AppConfig


class WorkordersConfig(AppConfig):
    """Registers the room: policy rows, guards of the envelope, background work."""

    name = "fawang.base.workorders"
    label = "workorders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wire the room at start-up."""
        from fawang.base.workorders import guards, policy, seeing, tasks  # noqa: F401, PLC0415 - start-up wiring

        seeing.wire()
