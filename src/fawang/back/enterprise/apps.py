from django.apps import AppConfig


class EnterpriseConfig(AppConfig):
    """Registers the line of legal services for enterprises (企业法律服务)."""

    name = "fawang.back.enterprise"
    label = "enterprise"

    def ready(self) -> None:
        """Load the line's rules and papers."""
        from fawang.back.enterprise import papers, rules  # noqa: F401, PLC0415 - start-up wiring
