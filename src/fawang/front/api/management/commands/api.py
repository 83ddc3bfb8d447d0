"""`fawang api schema`: write or check the committed OpenAPI document."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.front.api import v1

COMMITTED = Path(__file__).resolve().parents[6] / "docs" / "reference" / "openapi.json"


class Command(BaseCommand):
    """The API's document is committed, so that every change of it is seen in review."""

    help = "Write the API's OpenAPI document to docs/reference/openapi.json, or check that it is up to date"

    def add_arguments(self, parser: CommandParser) -> None:
        """`schema`, with `--check` or `--print`."""
        parser.add_argument("what", choices=["schema"])
        parser.add_argument("--check", action="store_true", help="fail when the committed document is another")
        parser.add_argument("--print", action="store_true", dest="is_printed", help="print instead of writing")

    def handle(self, *args: object, is_printed: bool, check: bool, **options: object) -> None:
        """Write, print or compare. Raises CommandError when they differ."""
        text = v1.text()
        if is_printed:
            self.stdout.write(text, ending="")
        elif check:
            if not COMMITTED.exists() or COMMITTED.read_text(encoding="utf-8") != text:
                raise CommandError("docs/reference/openapi.json is not what the API is: run fawang api schema")
            self.stdout.write("docs/reference/openapi.json is up to date")
        else:
            COMMITTED.write_text(text, encoding="utf-8")
            self.stdout.write(f"written: {COMMITTED.name}")
