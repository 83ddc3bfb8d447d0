from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install_guards(sender: AppConfig, using: str, **_: Any) -> None:
    from fawang.kernel.events import guards  # noqa: PLC0415 - models are not ready when this module loads

    guards.install(using)


class EventsConfig(AppConfig):
    """Registers the room and puts the append-only guards back after every migrate."""

    name = "fawang.kernel.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the guards to `post_migrate` (the one signal in the kernel: it is about the schema, not a rule)."""
        post_migrate.connect(_install_guards, sender=self)
