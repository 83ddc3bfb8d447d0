from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.kernel import policy
from fawang.site import routes


class Command(BaseCommand):
    """`fawang policy`: the one table of who may do what; `--check` asserts that every route has a row."""

    help = "Print the permission table (permission, role, scope), or check that every route is bound to it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--routes", action="store_true", help="print the routes with their permission")
        parser.add_argument("--role", help="only the rows of one role")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print or check."""
        if options["check"]:
            problems = routes.problems()
            if problems:
                raise CommandError("\n".join(problems))
            self.stdout.write(f"{len(policy.table())} rows, {len(routes.all_routes())} routes: every route is bound")
            return
        if options["routes"]:
            for route in routes.all_routes():
                self.stdout.write(f"{route.path:60} {route.permission}")
            return
        meanings = policy.permissions()
        shown = ""
        for row in policy.table():
            if options["role"] and row.role != options["role"]:
                continue
            if row.permission != shown:
                shown = row.permission
                self.stdout.write(f"\n{row.permission} – {meanings[row.permission]}")
            self.stdout.write(f"    {row.role:24} {row.scope}")
