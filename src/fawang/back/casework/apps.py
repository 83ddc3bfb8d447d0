from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Registers the room."""

    name = "fawang.back.casework"
    label = "casework"
