from django.apps import AppConfig


class RepliesConfig(AppConfig):
    """Registers the room."""

    name = "fawang.kernel.replies"
    label = "replies"
    default_auto_field = "django.db.models.BigAutoField"
