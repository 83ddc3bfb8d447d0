from django.apps import AppConfig


class InquiryConfig(AppConfig):
    """Registers the line of look-ups, verification and deposited evidence (查询与核验)."""

    name = "fawang.back.inquiry"
    label = "inquiry"

    def ready(self) -> None:
        """Load the line's rules."""
        from fawang.back.inquiry import rules  # noqa: F401, PLC0415 - start-up wiring
