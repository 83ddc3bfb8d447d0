"""`fawang identity reseal`: rewrite sealed fields under the present key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.identity.services import reseal
from fawang.kernel import crypto


class Command(BaseCommand):
    """Keeps sealed fields under the present key."""

    help = "reseal: rewrite sealed personal data under the current key, in batches, beside a running server"

    def add_arguments(self, parser: CommandParser) -> None:
        """`reseal [--batch N]`."""
        parser.add_argument("act", choices=["reseal"])
        parser.add_argument("--batch", type=int, default=500, help="rows of each column at a time")

    def handle(self, *args: str, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Run batches until nothing is left."""
        total = 0
        while True:
            done, stuck = reseal(options["batch"])
            total += done
            if not done:
                break
        self.stdout.write(f"{total} values are now sealed with key {crypto.current_key_id()}")
        if stuck:
            raise CommandError(f"{stuck} values exist twice under two keys; merge those parties, then run this again")
