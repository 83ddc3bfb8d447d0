from django.apps import AppConfig


class DivisionsConfig(AppConfig):
    """Registers the room and its row in the table of permissions."""

    name = "fawang.base.divisions"
    label = "divisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare who may load divisions."""
        from fawang.base.divisions import policy  # noqa: F401, PLC0415 - declares at import, once apps are loaded
