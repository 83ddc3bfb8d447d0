from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the room and its permissions."""

    name = "fawang.base.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the policy rows."""
        from fawang.base.catalogue import policy  # noqa: F401, PLC0415 - start-up wiring
