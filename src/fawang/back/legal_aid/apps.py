from django.apps import AppConfig


class LegalAidConfig(AppConfig):
    """Registers the line legal aid (法律援助)."""

    name = "fawang.back.legal_aid"
    label = "legal_aid"

    def ready(self) -> None:
        """Load the line's rules and papers."""
        from fawang.back.legal_aid import papers, rules  # noqa: F401, PLC0415 - start-up wiring
