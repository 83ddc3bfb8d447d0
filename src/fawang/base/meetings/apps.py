from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Registers the room, its rows of the permission table and its recurring work."""

    name = "fawang.base.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself once models are ready."""
        from fawang.base.meetings import policy, tasks  # noqa: F401, PLC0415 - needs loaded models
