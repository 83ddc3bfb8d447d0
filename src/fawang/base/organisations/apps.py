from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Registers the room."""

    name = "fawang.base.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the rows of the permission table; say whose accounts an administrator of people may look after."""
        from fawang.base.identity import services as identity  # noqa: PLC0415 - after the models are ready
        from fawang.base.organisations import policy  # noqa: F401, PLC0415
        from fawang.base.organisations.services.rights import reaches_account  # noqa: PLC0415

        identity.register_account_reach(reaches_account)
