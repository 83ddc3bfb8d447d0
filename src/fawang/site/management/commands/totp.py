from __future__ import annotations

from typing import Any

import pyotp
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock


class Command(BaseCommand):
    """`fawang totp NAME`: the present authenticator code of a demonstration log-in."""

    help = "Print the authenticator code of a demonstration log-in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("username")

    def handle(self, *_: Any, **options: Any) -> None:
        """Only demonstration log-ins have a known secret."""
        rows = {row.username: row for row in organisations.demonstration_logins() if row.username}
        if options["username"] not in rows:
            raise CommandError(f"no demonstration log-in of that name; there are: {', '.join(rows)}")
        self.stdout.write(pyotp.TOTP(rows[options["username"]].totp).at(int(clock.now().timestamp())))
