"""`fawang divisions load`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.divisions import services
from fawang.base.divisions.values import Level
from fawang.kernel.errors import FawangError
from fawang.kernel.policy import system


class Command(BaseCommand):
    """Loads administrative divisions."""

    help = "Administrative divisions: load them from the place-name data."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one act."""
        acts = parser.add_subparsers(dest="act", required=True)
        load = acts.add_parser("load", help="load or bring up to date")
        load.add_argument("--province", help="two digits, e.g. 51; all without it")
        load.add_argument("--levels", choices=["province", "city", "county", "township"], default="township")
        load.add_argument("--source", type=Path, default=Path(settings.HOME) / "wheels", help="folder with the data")

    def handle(self, *_: object, **options: Any) -> None:  # noqa: ANN401 - as Django passes them
        """Load and say what is there now."""
        deepest = Level(options["levels"].upper())
        try:
            loaded = services.load(system("command"), options["source"], options["province"], deepest=deepest)
        except FawangError as error:
            raise CommandError(error.text) from error
        for level, count in loaded.counts.items():
            self.stdout.write(f"{level.lower():9} {count:>6}")
        self.stdout.write(f"abolished {loaded.abolished:>6}")
        self.stdout.write(f"{loaded.closed} closed because they are no longer in: {loaded.source}")
