from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.kernel import clock
from fawang.site.demonstration.run import run

BAR = 40


class Command(BaseCommand):
    """`fawang demo`: drive invented demands through the days before now, by the real services, worker and clocks."""

    help = "Drive a stretch of days of invented demands and print what became of them (demonstrations only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--orders", type=int, default=200)
        parser.add_argument("--days", type=int, default=14)
        parser.add_argument("--seed", type=int, default=12348, help="the same seed tells the same story")
        parser.add_argument("--until", help="ISO moment with offset at which the stretch ends (default: now)")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Drive and print."""
        if not settings.FAWANG_IS_DEMONSTRATION:
            raise CommandError("FAWANG_DEMONSTRATION=1 is needed: this fills the database with invented people")
        if options["orders"] < 1 or options["days"] < 1:
            raise CommandError("--orders and --days begin at 1")
        end = datetime.fromisoformat(options["until"]) if options["until"] else clock.now()
        if end.tzinfo is None:
            raise CommandError("--until needs an offset, for example 2026-09-28T18:00+08:00")
        began = time.monotonic()
        try:
            summary = run(
                orders=options["orders"], days=options["days"], seed=options["seed"], end=end, progress=self._bar
            )
        except LookupError as missing:
            raise CommandError(str(missing)) from missing
        self.stderr.write("")
        if options["json"]:
            self.stdout.write(json.dumps(asdict(summary), ensure_ascii=False, sort_keys=True))
            return
        self.stdout.write("\n".join(summary.lines()))
        for refusal, count in summary.refusals.items():
            self.stderr.write(f"refused {count} times: {refusal}")
        self.stdout.write(f"\n{options['days']} days in {time.monotonic() - began:.0f} s")

    _shown = -1

    def _bar(self, part: float) -> None:
        full = int(part * BAR)
        if full == self._shown:
            return
        self._shown = full
        sys.stderr.write(f"\r[{'#' * full}{' ' * (BAR - full)}] {part:4.0%}")
        sys.stderr.flush()
