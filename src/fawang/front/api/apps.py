from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The door for other systems."""

    name = "fawang.front.api"
    label = "api"

    def ready(self) -> None:
        """Add the door's rows to the permission table."""
        import_module("fawang.front.api.policy")
