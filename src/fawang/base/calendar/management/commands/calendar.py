"""`fawang calendar load|provisional|show|set`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.calendar import selectors, services
from fawang.base.calendar.values import DayKind, Loaded
from fawang.kernel.errors import FawangError
from fawang.kernel.policy import system

ACTOR = system("command")


class Command(BaseCommand):
    """Loads, shows and corrects working days."""

    help = "Working days: load announced years, compute a provisional one, show a year, set a day."

    def add_arguments(self, parser: CommandParser) -> None:
        """The four acts."""
        acts = parser.add_subparsers(dest="act", required=True)
        load = acts.add_parser("load", help="load years announced by the State Council")
        load.add_argument("years", nargs="+", type=int)
        load.add_argument("--replace", action="store_true", help="replace days set by hand as well")
        provisional = acts.add_parser("provisional", help="compute a year that is not announced yet")
        provisional.add_argument("year", type=int)
        show = acts.add_parser("show", help="print the days of a year that differ from Monday to Friday")
        show.add_argument("year", type=int)
        day = acts.add_parser("set", help="say whether people work on a day")
        day.add_argument("day", type=date.fromisoformat, help="YYYY-MM-DD")
        kind = day.add_mutually_exclusive_group(required=True)
        kind.add_argument("--working", dest="is_working", action="store_true")
        kind.add_argument("--holiday", dest="is_working", action="store_false")
        day.add_argument("--name", default="")
        day.add_argument("--reason", required=True, help="the announcement this rests on")

    def handle(self, *_: object, **options: Any) -> None:  # noqa: ANN401 - as Django passes them
        """Run one act."""
        try:
            match options["act"]:
                case "load":
                    self._tell(services.load_official(ACTOR, options["years"], replace_by_hand=options["replace"]))
                case "provisional":
                    self._tell(services.load_provisional(ACTOR, options["year"]))
                case "show":
                    self._show(options["year"])
                case "set":
                    day = options["day"]
                    number = services.set_day(ACTOR, day, options["is_working"], options["name"], options["reason"])
                    self.stdout.write(f"{day} revision {number}")
        except FawangError as error:
            raise CommandError(error.text) from error

    def _tell(self, loaded: Loaded) -> None:
        years = ", ".join(str(year) for year in loaded.years)
        self.stdout.write(f"{years}: {len(loaded.changed)} days changed, revision {loaded.revision}")
        for day in loaded.kept:
            self.stdout.write(f"  kept as set by hand: {day}")

    def _show(self, year: int) -> None:
        days = [day for month in range(1, 13) for day in selectors.month(year, month)]
        status = next(value for value in selectors.years() if value.year == year)
        working = sum(day.is_working for day in days)
        self.stdout.write(f"{year} {status.status.value} ({status.source}), {working} working days")
        for day in days:
            if day.kind in {DayKind.HOLIDAY, DayKind.MAKE_UP}:
                self.stdout.write(f"  {day.day} {day.day:%a} {day.kind.value:8} {day.name} {day.reason}".rstrip())
