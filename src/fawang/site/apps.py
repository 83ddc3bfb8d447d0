from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers the room, which owns the management commands that concern the whole installation."""

    name = "fawang.site"
    label = "site"
