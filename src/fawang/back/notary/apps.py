from django.apps import AppConfig


class NotaryConfig(AppConfig):
    """Registers the line notarial services (公证)."""

    name = "fawang.back.notary"
    label = "notary"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.notary import rules  # noqa: F401, PLC0415 - start-up wiring
