"""`fawang organisations demonstration`: invented institutions, people and log-ins."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.organisations.demonstration import demonstration_logins, load
from fawang.kernel.errors import RefusedByState


class Command(BaseCommand):
    """Loads the demonstration's organisations."""

    help = "demonstration: load invented institutions, people and log-ins (divisions must be loaded), and print them"

    def add_arguments(self, parser: CommandParser) -> None:
        """`demonstration`."""
        parser.add_argument("act", choices=["demonstration"])

    def handle(self, *args: str, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Load, then print who may log in how."""
        try:
            made = load()
        except RefusedByState as refusal:
            raise CommandError(refusal.text) from None
        self.stdout.write(f"{made} institutions made (all invented, marked 示例)")
        for row in demonstration_logins():
            how = f"{row.username:16} {row.password}  TOTP {row.totp}" if row.username else f"{row.phone} by phone code"
            self.stdout.write(f"{how}  {row.who}")
