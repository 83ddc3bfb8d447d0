from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Registers the room."""

    name = "fawang.base.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the rows of the permission table."""
        from fawang.base.organisations import policy  # noqa: F401, PLC0415 - after the models are ready
