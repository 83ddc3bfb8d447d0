from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fawang.kernel.events.services import number_committed
from fawang.kernel.outbox import services, worker


class Command(BaseCommand):
    """`fawang worker`: carries out queued effects and recurring work."""

    help = "Carry out queued effects and recurring work until TERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--once", action="store_true", help="carry out what is due now, then end")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run the loop, or one round."""
        if options["once"]:
            number_committed()
            self.stdout.write(f"{services.drain()} effects carried out")
            return
        worker.run()
