from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fawang.site import serving


class Command(BaseCommand):
    """`fawang serve`: web server and worker in one go."""

    help = "Serve pages and API, and run the worker, until TERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="server processes")
        parser.add_argument("--threads", type=int, default=0, help="threads a process (0: by the database)")
        parser.add_argument("--no-worker", action="store_true", help="web only; run `fawang worker` elsewhere")

    def handle(self, *_: Any, **options: Any) -> None:
        """Start both and wait."""
        threads = options["threads"] or serving.default_threads()
        commands = {
            "web": serving.web_command(
                host=options["host"], port=options["port"], workers=options["workers"], threads=threads
            )
        }
        if not options["no_worker"]:
            commands["worker"] = [sys.executable, "-m", "fawang.site", "worker"]
        self.stdout.write(f"\n  Open Fawang 开放法网:  http://{options['host']}:{options['port']}/\n")
        self.stdout.flush()
        code = serving.run(commands)
        if code:
            raise SystemExit(code)
