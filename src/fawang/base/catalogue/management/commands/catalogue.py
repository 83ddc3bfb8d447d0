from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.catalogue import data, loader, selectors, services, writing
from fawang.base.catalogue.drawing import process_page
from fawang.base.catalogue.errors import DefinitionError, NoSuchItem
from fawang.base.catalogue.reference import reference_page
from fawang.kernel.policy import system

ACTS = ["check", "publish", "new", "preview", "diff", "export", "reference", "process"]


class Command(BaseCommand):
    """`fawang catalogue check|publish|new|preview|diff|export|reference|process`."""

    help = "Check, publish and write service definitions, or print a generated page."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("act", choices=ACTS)
        parser.add_argument("code", nargs="?", default="", help="the service, for new, preview, diff and export")
        parser.add_argument("--dir", type=Path, help="a folder with further definitions of this installation")
        parser.add_argument("--line", default="consultation", help="for new: the business line")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"], help="for preview")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run one act; problems are printed as file:line: what."""
        self.options = options
        if options["act"] in {"new", "preview", "diff", "export"} and not options["code"]:
            raise CommandError(f"name the service: fawang catalogue {options['act']} CODE")
        try:
            getattr(self, f"_{options['act']}")()
        except DefinitionError as error:
            raise CommandError("\n" + str(error)) from None
        except NoSuchItem:
            raise CommandError(f"no service {options['code']} is published: see fawang catalogue check") from None

    def _reference(self) -> None:
        self.stdout.write(reference_page(), ending="")

    def _process(self) -> None:
        self.stdout.write(process_page(loader.read(self.options["dir"])), ending="")

    def _check(self) -> None:
        found = loader.read(self.options["dir"])
        self._say_left_out(found)
        counts = Counter(item.line for item in found.items.values())
        examples = sum(len(item.examples) for item in found.items.values())
        examples += sum(len(screener.examples) for screener in found.screeners.values())
        self.stdout.write(", ".join(f"{line} {count}" for line, count in sorted(counts.items())))
        self.stdout.write(
            f"{len(found.items)} items, {len(found.processes)} processes, {len(found.tables)} tables, "
            f"{len(found.screeners)} screeners, {examples} worked examples: all fit"
        )

    def _publish(self) -> None:
        self._say_left_out(loader.read(self.options["dir"]))
        published = services.publish_all(system("catalogue"), extra=self.options["dir"])
        self.stdout.write(f"published {len(published)}: {', '.join(published) or 'nothing new'}")
        moving = [code for code in published if selectors.item(code).item.drafts == "move"]
        if moving:
            self.stdout.write(f"half-filled forms move forward to the new version: {', '.join(moving)}")

    def _new(self) -> None:
        code, line = self.options["code"], self.options["line"]
        found = loader.read(self.options["dir"])
        process = next((item.process for item in found.items.values() if item.line == line), None)
        if process is None:
            raise CommandError(f"there is no line {line}; lines: {', '.join(sorted(found.named))}")
        if code in found.items:
            raise CommandError(f"{code} is declared in {found.files[code]}")
        path = (self.options["dir"] or data.own_folder()) / f"{code.lower()}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(writing.beginning(code, line, process))
        self.stdout.write(f"{path}\nwrite it, then: fawang catalogue check, fawang catalogue publish")

    def _preview(self) -> None:
        """The file as it is now, published or not."""
        found = loader.read(self.options["dir"])
        item = found.items.get(self.options["code"])
        if item is None:
            raise CommandError(f"no service {self.options['code']} is declared")
        self.stdout.write(writing.preview(item, found.processes[item.process], self.options["language"]))

    def _diff(self) -> None:
        """What the files say otherwise than what is published."""
        found = loader.read(self.options["dir"])
        now, published = found.items.get(self.options["code"]), selectors.item(self.options["code"]).item
        if now is None:
            raise CommandError(f"no service {self.options['code']} is declared any more")
        self.stdout.write("\n".join(writing.changes(published, now)) or "nothing is different")

    def _export(self) -> None:
        self.stdout.write(writing.exported(selectors.item(self.options["code"]).item), ending="")

    def _say_left_out(self, found: loader.Definitions) -> None:
        """Bundles that cannot be offered here, because a line was taken out."""
        for code, why in sorted(found.left_out.items()):
            self.stderr.write(f"warning: {why}: the bundle {code} is left out")
