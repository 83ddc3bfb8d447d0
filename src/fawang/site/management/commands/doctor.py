from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from fawang.site import examining


class Command(BaseCommand):
    """`fawang doctor`: is this installation well, and if not, what is to be done?"""

    help = "Check the running installation and say what to do; ends with 1 when something is not well."

    def handle(self, *_: Any, **__: Any) -> None:
        """Print a line a finding."""
        findings = examining.examine()
        for finding in findings:
            self.stdout.write(f"{'ok  ' if finding.is_well else 'BAD '} {finding.name:16} {finding.said}")
            if not finding.is_well:
                self.stdout.write(f"     → {finding.remedy}")
        if not all(finding.is_well for finding in findings):
            raise SystemExit(1)
