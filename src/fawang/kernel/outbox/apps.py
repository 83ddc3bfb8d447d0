from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Registers the room."""

    name = "fawang.kernel.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
