"""Check the message templates; with --lock, publish new versions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.notifications import wording
from fawang.base.notifications.errors import TemplatesBroken


class Command(BaseCommand):
    """`fawang message_templates [--lock]`."""

    help = "Check the message templates against their rules and their lock; --lock publishes new versions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--lock", action="store_true", help="write new versions into the lock")

    def handle(self, *_: object, **options: Any) -> None:  # noqa: ANN401 - as Django passes them
        """Check, lock if asked, and say how many versions there are."""
        try:
            count = wording.lock() if options["lock"] else len(wording.check_lock(wording.read()))
        except TemplatesBroken as error:
            raise CommandError(error.text) from error
        self.stdout.write(f"{count} template versions")
