from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Registers the line of law popularisation and village counsel (普法与村居法律顾问)."""

    name = "fawang.back.outreach"
    label = "outreach"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.outreach import rules  # noqa: F401, PLC0415 - start-up wiring
