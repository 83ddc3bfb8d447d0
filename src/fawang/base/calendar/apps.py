from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Registers the room and its row in the table of permissions."""

    name = "fawang.base.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare who may change the calendar."""
        from fawang.base.calendar import policy  # noqa: F401, PLC0415 - declares at import, once apps are loaded
