from django.apps import AppConfig


class MediationConfig(AppConfig):
    """Registers the line mediation (调解)."""

    name = "fawang.back.mediation"
    label = "mediation"

    def ready(self) -> None:
        """Load the line's rules and papers."""
        from fawang.back.mediation import papers, rules  # noqa: F401, PLC0415 - start-up wiring
