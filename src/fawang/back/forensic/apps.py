from django.apps import AppConfig


class ForensicConfig(AppConfig):
    """Registers the line forensic appraisal (司法鉴定)."""

    name = "fawang.back.forensic"
    label = "forensic"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.forensic import rules  # noqa: F401, PLC0415 - start-up wiring
