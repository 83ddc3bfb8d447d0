from importlib import import_module

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Uploaded files (材料)."""

    name = "fawang.base.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the room's rows to the permission table, and its recurring work."""
        for module in ("policy", "tasks"):
            import_module(f"fawang.base.documents.{module}")
