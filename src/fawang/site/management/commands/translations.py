from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.site import translations


class Command(BaseCommand):
    """`fawang translations compile|check`."""

    help = "compile: make the English texts usable; check: every text a person sees has its English."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("act", choices=["compile", "check"])

    def handle(self, *_: Any, **options: Any) -> None:
        """Run one act."""
        if options["act"] == "compile":
            self.stdout.write(f"{translations.compile_all()} catalogues compiled")
            return
        problems = translations.problems()
        if problems:
            raise CommandError(f"{len(problems)} texts:\n" + "\n".join(problems))
        self.stdout.write("every text has its English")
