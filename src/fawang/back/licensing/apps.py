from django.apps import AppConfig


class LicensingConfig(AppConfig):
    """Registers the line permits for legal services (行政许可)."""

    name = "fawang.back.licensing"
    label = "licensing"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.licensing import rules  # noqa: F401, PLC0415 - start-up wiring
