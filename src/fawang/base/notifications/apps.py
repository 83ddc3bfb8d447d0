from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the room, its rows of the permission table and its handlers."""

    name = "fawang.base.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself once models are ready."""
        from fawang.base.notifications import policy, tasks  # noqa: F401, PLC0415 - needs loaded models
