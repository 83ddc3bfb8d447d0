from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.catalogue import loader, services
from fawang.base.catalogue.drawing import process_page
from fawang.base.catalogue.errors import DefinitionError
from fawang.base.catalogue.reference import reference_page
from fawang.kernel.policy import system


class Command(BaseCommand):
    """`fawang catalogue check|publish|reference|process`."""

    help = "Check the service definitions, publish new versions, or print a generated page."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("act", choices=["check", "publish", "reference", "process"])
        parser.add_argument("--dir", type=Path, help="a folder with further definitions of this installation")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run one act; problems are printed as file:line: what."""
        try:
            if options["act"] == "reference":
                self.stdout.write(reference_page(), ending="")
            elif options["act"] == "process":
                self.stdout.write(process_page(loader.read(options["dir"])), ending="")
            elif options["act"] == "check":
                found = loader.read(options["dir"])
                self._say_left_out(found)
                self.stdout.write(
                    f"{len(found.items)} items, {len(found.processes)} processes, {len(found.tables)} tables: all fit"
                )
            else:
                self._say_left_out(loader.read(options["dir"]))
                published = services.publish_all(system("catalogue"), extra=options["dir"])
                self.stdout.write(f"published {len(published)}: {', '.join(published) or 'nothing new'}")
        except DefinitionError as error:
            raise CommandError("\n" + str(error)) from None

    def _say_left_out(self, found: loader.Definitions) -> None:
        """Bundles that cannot be offered here, because a line was taken out."""
        for code, why in sorted(found.left_out.items()):
            self.stderr.write(f"warning: {why}: the bundle {code} is left out")
