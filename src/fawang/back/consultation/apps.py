from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    """Registers the line legal consultation (法律咨询)."""

    name = "fawang.back.consultation"
    label = "consultation"

    def ready(self) -> None:
        """Load the line's rules and papers."""
        from fawang.back.consultation import papers, rules  # noqa: F401, PLC0415 - start-up wiring
