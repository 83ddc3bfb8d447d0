from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers the room, which owns the management commands that concern the whole installation."""

    name = "fawang.site"
    label = "site"

    def ready(self) -> None:
        """Register the housekeeping."""
        from fawang.site import tasks  # noqa: F401, PLC0415 - start-up wiring
