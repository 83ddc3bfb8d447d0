"""`fawang organisations …`: invented institutions; the first real log-in; maps; tables in."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.organisations import beginning, boundaries, centres, services
from fawang.base.organisations.demonstration import demonstration_logins, load
from fawang.base.organisations.values import ADMINISTRATORS, Outcome
from fawang.kernel.errors import FawangError, Invalid, RefusedByState
from fawang.kernel.policy import system

# asked for at the terminal without it; never an argument, which other users of the machine can read
PASSWORD_VARIABLE = "FAWANG_FIRST_PASSWORD"  # noqa: S105 - the name of a variable


class Command(BaseCommand):
    """Loads the demonstration's organisations, or makes the first administrators."""

    help = "invented institutions and log-ins; the first real log-in; tables of institutions and people"

    def add_arguments(self, parser: CommandParser) -> None:
        """`demonstration`, or `first-administrator NAME --role … --bureau … --division …`."""
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("demonstration", help="load invented institutions, people and log-ins, and print them")
        first = acts.add_parser("first-administrator", help="make the first holder of an administrator's role")
        first.add_argument("username", help="to log in with: lower-case letters, digits and . _ -")
        first.add_argument("--name", required=True, help="the person's name, as colleagues see it")
        first.add_argument("--role", required=True, choices=sorted(ADMINISTRATORS))
        first.add_argument("--bureau", required=True, help="the justice bureau; registered if it is not there")
        first.add_argument("--division", required=True, help="the bureau's division, six digits")

        table = acts.add_parser(
            "import", help="check a table of institutions or people; with --write store the good rows"
        )
        table.add_argument("file", type=Path, help=".csv, .xlsx or .jsonl, each also .gz")
        table.add_argument("--people", action="store_true", help="a table of people, not of institutions")
        how = table.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="only check and report (the default)")
        how.add_argument("--write", action="store_true", help="store the good rows")

        maps = acts.add_parser("maps", help="make the map's boundaries, and the middles of divisions, from the wheels")
        maps.add_argument("--all", action="store_true", help="all provinces, not only this installation's")

    def handle(self, *args: str, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Run one act."""
        if options["act"] == "demonstration":
            self._demonstration()
        elif options["act"] == "maps":
            self._maps(is_all=options["all"])
        elif options["act"] == "import":
            self._import(options["file"], is_people=options["people"], write=options["write"])
        else:
            self._first(options)

    def _demonstration(self) -> None:
        try:
            made = load()
        except RefusedByState as refusal:
            raise CommandError(refusal.text) from None
        self.stdout.write(f"{made} institutions made (all invented, marked 示例)")
        for row in demonstration_logins():
            how = f"{row.username:16} {row.password}  TOTP {row.totp}" if row.username else f"{row.phone} by phone code"
            self.stdout.write(f"{how}  {row.who}")

    def _maps(self, *, is_all: bool) -> None:
        province = "" if is_all else settings.FAWANG_PROVINCE[:2]
        home = Path(settings.HOME)
        try:
            made = boundaries.make(wheels=home / "wheels", target=centres.path().parent, province=province)
        except FileNotFoundError as missing:
            raise CommandError(f"not found: {missing.filename}; install requirements/data.txt first") from None
        self.stdout.write(", ".join(f"{name} {size >> 10} KiB" for name, size in made.items()))

    def _import(self, file: Path, *, is_people: bool, write: bool) -> None:
        try:
            lines = services.read_table(file.read_bytes(), file.name)
        except OSError as error:
            raise CommandError(str(error)) from None
        except Invalid as refusal:
            raise CommandError("\n".join(str(sentence) for sentence in refusal.fields.values())) from None
        do = services.import_people if is_people else services.import_institutions
        report = do(system("import"), lines, write=write)
        for row in report.wrong:
            for problem in row.problems:
                self.stdout.write(f"line {row.number}  {row.name}  {problem.column}: {problem.sentence}")
        if report.missing_columns:
            self.stdout.write(f"columns that are missing: {', '.join(report.missing_columns)}")
        if report.unknown_columns:
            self.stdout.write(f"columns that were not used: {', '.join(report.unknown_columns)}")
        counts = "  ".join(f"{one.value.lower()} {report.count(one)}" for one in Outcome)
        self.stdout.write(f"{len(report.rows)} rows: {counts}" + ("" if write else "  (nothing was written)"))

    def _first(self, options: dict[str, Any]) -> None:
        try:
            _account, bureau = beginning.first_administrator(
                username=options["username"],
                display_name=options["name"],
                role=options["role"],
                bureau=options["bureau"],
                division_code=options["division"],
                password=self._password(),
            )
        except Invalid as refusal:
            said = [f"{field}: {sentence}" for field, sentence in refusal.fields.items()]
            raise CommandError("\n".join(said) or refusal.text) from None
        except FawangError as refusal:
            raise CommandError(refusal.text) from None
        self.stdout.write(f"{options['username']} is {options['role']} of {bureau}")
        self.stdout.write("log in at /staff/login/ within three days: set up the authenticator, choose a password")

    def _password(self) -> str:
        if given := os.environ.get(PASSWORD_VARIABLE, ""):
            return given
        if not sys.stdin.isatty():
            raise CommandError(f"no terminal to ask for the password: set {PASSWORD_VARIABLE}")
        typed = getpass.getpass("One-time password (at least 10 characters): ")
        if typed != getpass.getpass("Once more: "):
            raise CommandError("the two differ")
        return typed
