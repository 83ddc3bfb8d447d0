from django.apps import AppConfig


class ArbitrationConfig(AppConfig):
    """Registers the line arbitration (仲裁)."""

    name = "fawang.back.arbitration"
    label = "arbitration"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.arbitration import rules  # noqa: F401, PLC0415 - start-up wiring
