from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fawang.base.organisations import selectors as organisations
from fawang.site import preparing


class Command(BaseCommand):
    """`fawang prepare`: tables, calendars, divisions, catalogue and, if asked, the demonstration province."""

    help = "Make the database ready: safe to run again; one line a step."
    # the tables may not be there yet
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--demonstration", action="store_true", help="invented institutions, people and log-ins")
        parser.add_argument("--province", default="51", help="two digits: loaded down to the township (default 51)")
        parser.add_argument("--no-laws", action="store_true", help="load no laws: this installation loads its own")
        parser.add_argument("--quiet-log-ins", action="store_true", help="do not print the demonstration log-ins")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run every step with its time."""
        for step in preparing.steps(
            is_demonstration=options["demonstration"], province=options["province"], has_laws=not options["no_laws"]
        ):
            self.stdout.write(f"  {step.line} … ", ending="")
            self.stdout.flush()
            before = time.monotonic()
            said = step.work()
            self.stdout.write(f"{said} ({time.monotonic() - before:.1f} s)")
        if options["demonstration"] and not options["quiet_log_ins"]:
            self._log_ins()

    def _log_ins(self) -> None:
        self.stdout.write("\n  Demonstration log-ins (invented people; staff also need the code of the TOTP secret):")
        for row in organisations.demonstration_logins():
            if row.username:
                self.stdout.write(f"    {row.username:16} {row.password}  TOTP {row.totp}  {row.who}")
            else:
                self.stdout.write(f"    {row.phone}      by phone code (printed here when asked for)  {row.who}")
        self.stdout.write("  `fawang totp NAME` prints a log-in's present code.\n")
