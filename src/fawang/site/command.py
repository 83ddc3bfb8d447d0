"""The `fawang` command: the management commands of the product under one name."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run `fawang COMMAND …`; with no command, list them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fawang.site.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings come first

    execute_from_command_line(["fawang", *sys.argv[1:]])


if __name__ == "__main__":
    main()
