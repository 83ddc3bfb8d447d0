from django.apps import AppConfig


class ReconsiderationConfig(AppConfig):
    """Registers the line administrative reconsideration (行政复议)."""

    name = "fawang.back.reconsideration"
    label = "reconsideration"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.reconsideration import rules  # noqa: F401, PLC0415 - start-up wiring
