from django.apps import AppConfig


class LawyersConfig(AppConfig):
    """Registers the line lawyers and basic-level legal services (律师与基层法律服务)."""

    name = "fawang.back.lawyers"
    label = "lawyers"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.lawyers import rules  # noqa: F401, PLC0415 - start-up wiring
