"""`fawang hotline ring [--phone …]`: a call on the demonstration's line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.kernel.errors import FawangError
from fawang.middle.intake import simulation


class Command(BaseCommand):
    """Rings at the demonstration's hotline."""

    help = "ring: a call comes in at the hotline's console (demonstrations only)"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("act", choices=["ring"])
        parser.add_argument("--phone", default="", help="the caller's number; an invented one by default")
        parser.add_argument("--seat", default="", help="the extension; every ready seat by default")

    def handle(self, *_: object, **options: Any) -> None:  # noqa: ANN401 - as Django passes them
        """Ring once."""
        try:
            call = simulation.ring(phone=options["phone"], seat=options["seat"])
        except FawangError as refusal:
            raise CommandError(refusal.text) from None
        self.stdout.write(f"{call.caller_masked or 'a withheld number'} is ringing")
