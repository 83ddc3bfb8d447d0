from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registers the room."""

    name = "fawang.base.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the rows of the permission table and the recurring work."""
        from fawang.base.identity import policy, tasks  # noqa: F401, PLC0415 - after the models are ready
