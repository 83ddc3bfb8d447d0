from importlib import import_module

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """The law at hand (法律知识)."""

    name = "fawang.base.knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the room's rows to the permission table, and its recurring work."""
        for module in ("policy", "tasks"):
            import_module(f"fawang.base.knowledge.{module}")
