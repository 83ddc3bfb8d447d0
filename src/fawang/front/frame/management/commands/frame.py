"""`fawang frame icons|styles|assets`: make the sprite and the joined stylesheet of this installation."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.front.frame import icons, styles


class Command(BaseCommand):
    """Makes the frame's assets under `HOME/assets/frame`; run it before `collectstatic`."""

    help = "Make the icons' sprite and the joined stylesheet"

    def add_arguments(self, parser: CommandParser) -> None:
        """What to make, and where the icons' wheel was unpacked."""
        parser.add_argument("what", choices=["icons", "styles", "assets"])
        parser.add_argument("--wheels", type=Path, default=Path(settings.HOME) / "wheels")

    def handle(self, *args: object, what: str, wheels: Path, **options: object) -> None:
        """Make it. Raises CommandError when the icons are not there."""
        if what in {"icons", "assets"}:
            target = Path(settings.HOME) / "assets" / "frame" / "icons.svg"
            try:
                count = icons.write_sprite(source=wheels / "pytablericons" / "icons" / "outline", target=target)
            except FileNotFoundError as missing:
                raise CommandError(f"icon not found: {missing.filename}; install requirements/data.txt first") from None
            self.stdout.write(f"{count} icons in {target}")
        if what in {"styles", "assets"}:
            self.stdout.write(f"stylesheet in {styles.write_bundle()}")
