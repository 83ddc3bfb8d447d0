from django.apps import AppConfig


class BundlesConfig(AppConfig):
    """Registers the bundles; they are data alone."""

    name = "fawang.back.bundles"
    label = "bundles"
