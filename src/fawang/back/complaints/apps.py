from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Registers the line of complaints and what is passed on (投诉建议与移送)."""

    name = "fawang.back.complaints"
    label = "complaints"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.complaints import rules  # noqa: F401, PLC0415 - start-up wiring
