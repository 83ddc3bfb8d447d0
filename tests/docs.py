"""The checks of the documentation, run by script/check as `python -m tests.docs`; problems are file:line: what.

With `--write` the generated pages are written first.

What a machine can hold true about a page, it holds: a page for each room, a heading for each setting and command, links
that lead somewhere, generated pages that are what their commands print, two readmes of the same shape.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "fawang"
FLOORS = ("base", "back", "middle", "front")
DOCS = ROOT / "docs"
READERS = {"text", "number", "flag", "words", "get"}
SKIPPED = {"var", "node_modules", "build"}
# generated page → the command's words
GENERATED = {
    "docs/reference/catalogue.md": ("catalogue", "reference"),
    "docs/reference/process.md": ("catalogue", "process"),
    "docs/reference/policy.md": ("policy", "--page"),
    "docs/reference/openapi.json": ("api", "schema", "--print"),
}
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#{1,6}) (.+?)\s*$")
# places of a machine on which the product was written; a reader does not have them
ELSEWHERE = re.compile(
    r"(?<![\w.])(/work/(main|shared)|/root/|/tmp/brief|shared/(design|domain|probes|seed))|co-authored-by", re.I
)
# names that belong to a workplace and not to the product: as digests, so that this list does not name them
NAMES = {"c857d09db23e6822", "c70eca6b0f88f44d", "94a168d2da574b00", "d298391b07433318"}
Problem = tuple[str, int, str]


def pages() -> list[Path]:
    """Every Markdown page of the repository."""
    found = [path for path in ROOT.rglob("*.md") if not SKIPPED & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(ROOT).parts))


@lru_cache(maxsize=500)
def lines(path: Path) -> tuple[str, ...]:
    """The lines of a page; those inside code fences are empty."""
    kept, is_code = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        is_fence = line.lstrip().startswith("```")
        kept.append("" if is_code or is_fence else line)
        is_code ^= is_fence
    return tuple(kept)


def name(path: Path) -> str:
    """A path as messages say it."""
    return str(path.relative_to(ROOT))


def headings(path: Path) -> dict[str, int]:
    """The third-level headings of a page with their line."""
    found = ((number, HEADING.match(line)) for number, line in enumerate(lines(path), 1))
    return {match[2].strip("` "): number for number, match in found if match and match[1] == "###"}


def rooms() -> list[str]:
    """Every room: folders with an apps.py, the kernel's packages, and the site."""
    found = {path.parent.name for floor in FLOORS for path in (SOURCE / floor).glob("*/apps.py")}
    found |= {path.parent.name for path in (SOURCE / "kernel").glob("*/__init__.py")}
    return sorted(found - {"tests"} | {"site"})


def rooms_have_pages() -> Iterator[Problem]:
    """Each room has docs/rooms/<room>.md, and no page outlives its room."""
    written = {path.stem for path in (DOCS / "rooms").glob("*.md")}
    for room in sorted(set(rooms()) - written):
        yield f"docs/rooms/{room}.md", 1, "this room has no page"
    for room in sorted(written - set(rooms()) - {"README"}):
        yield f"docs/rooms/{room}.md", 1, "there is no such room"


def settings_read() -> dict[str, tuple[str, int]]:
    """Names that settings and scripts take from the environment, with where."""
    found: dict[str, tuple[str, int]] = {}
    for path in sorted((SOURCE / "site" / "settings").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            value = node.args[0].value
            if called in READERS and isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z_]+", value):
                found.setdefault(value, (name(path), node.lineno))
    for path in sorted((ROOT / "script").iterdir()):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for value in re.findall(r"\$\{(FAWANG_[A-Z_]+|DATABASE_URL|PORT|HOST|PYTHON):-", line):
                found.setdefault(value, (name(path), number))
    return found


def commands() -> dict[str, tuple[str, int]]:
    """Every management command, with its file."""
    found = sorted(SOURCE.rglob("management/commands/*.py"))
    return {f"fawang {path.stem}": (name(path), 1) for path in found if path.stem != "__init__"}


def _compared(page: Path, wanted: dict[str, tuple[str, int]], kind: str) -> Iterator[Problem]:
    written = headings(page) if page.exists() else {}
    for key, (file, line) in wanted.items():
        if key not in written:
            yield file, line, f"{kind} {key} has no heading `### {key}` in {name(page)}"
    for key, line in written.items():
        if key not in wanted:
            yield name(page), line, f"there is no {kind} {key}"


def settings_are_described() -> Iterator[Problem]:
    """Each setting has its heading, and each heading its setting."""
    yield from _compared(DOCS / "settings.md", settings_read(), "setting")


def commands_are_described() -> Iterator[Problem]:
    """Each command has its heading, and each heading its command."""
    yield from _compared(DOCS / "commands.md", commands(), "command")


def _anchors(path: Path) -> set[str]:
    found = (HEADING.match(line) for line in lines(path))
    titles = [match[2] for match in found if match]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links_lead_somewhere() -> Iterator[Problem]:
    """Relative links and images resolve, pictures of the product among them."""
    for page in pages():
        for number, line in enumerate(lines(page), 1):
            for _is_image, target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _hash, anchor = target.partition("#")
                file = (page.parent / path).resolve() if path else page
                if not file.exists():
                    yield name(page), number, f"{target} leads nowhere"
                elif anchor and file.suffix == ".md" and anchor not in _anchors(file):
                    yield name(page), number, f"{target}: no such heading"


def printed(file: str) -> str:
    """What the command of a generated page prints."""
    from django.core.management import call_command

    said = StringIO()
    call_command(*GENERATED[file], stdout=said)
    return said.getvalue()


def generated_pages_are_fresh() -> Iterator[Problem]:
    """Generated pages are what their commands print."""
    for file, words in GENERATED.items():
        path = ROOT / file
        if not path.exists() or path.read_text(encoding="utf-8") != printed(file):
            yield file, 1, f"is not what `fawang {' '.join(words)}` prints: run `python -m tests.docs --write`"


def _shape(page: Path) -> list[tuple[int, str]]:
    text = page.read_text(encoding="utf-8")
    marks = [(n, f"{match[1]} heading") for n, line in enumerate(lines(page), 1) if (match := HEADING.match(line))]
    seen = [(text[: found.start()].count("\n") + 1, found[2]) for found in LINK.finditer(text)]
    targets = sorted((n, target) for n, target in seen if not target.startswith("README"))
    return sorted([*marks, *targets])


def readmes_agree() -> Iterator[Problem]:
    """README.md and README.zh.md have the same sections, with the same links and pictures in each."""
    english, chinese = ROOT / "README.md", ROOT / "README.zh.md"
    left, right = ([what for _, what in _shape(page)] for page in (english, chinese))
    for position in range(max(len(left), len(right))):
        mine, theirs = (side[position] if position < len(side) else "nothing" for side in (left, right))
        if mine != theirs:
            line = _shape(english)[position][0] if position < len(left) else 1
            yield name(english), line, f"has {mine} where README.zh.md has {theirs}"
            return


def events_are_listed() -> Iterator[Problem]:
    """Each event of a process, and each kind that listens to an event, is on a room's page."""
    from fawang.base.catalogue import loader
    from fawang.kernel.outbox.services import listening

    told = "\n".join(path.read_text(encoding="utf-8") for path in (DOCS / "rooms").glob("*.md"))
    processes = loader.read().processes.values()
    events = {f"workorders.{action.event}.v1" for process in processes for action in process.actions}
    for event in sorted(events):
        if event not in told:
            yield "docs/rooms/workorders.md", 1, f"{event} is on no room's page"
    for kind in sorted({kind for kinds in listening().values() for kind in kinds}):
        if f"`{kind}`" not in told:
            yield "docs/rooms/workorders.md", 1, f"{kind} listens to events and is on no room's page"


def pages_speak_of_the_product() -> Iterator[Problem]:
    """Nothing of the place where it was written: machine paths, names of tools."""
    for page in pages():
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            words = set(re.findall(r"[a-z]+", line.lower()))
            named = any(hashlib.sha256(word.encode()).hexdigest()[:16] in NAMES for word in words)
            if named or ELSEWHERE.search(line):
                yield name(page), number, "names something that is no part of the product"


CHECKS = (
    rooms_have_pages,
    settings_are_described,
    commands_are_described,
    links_lead_somewhere,
    generated_pages_are_fresh,
    readmes_agree,
    events_are_listed,
    pages_speak_of_the_product,
)


def main() -> int:
    """Run all checks; 1 when one of them found something."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fawang.site.settings.testing")
    import django

    django.setup()
    if "--write" in sys.argv[1:]:
        for file in GENERATED:
            (ROOT / file).write_text(printed(file), encoding="utf-8")
    found = [problem for check in CHECKS for problem in check()]
    for file, line, what in found:
        print(f"{file}:{line}: {what}")
    print(f"{len(pages())} pages, {len(CHECKS)} checks: {f'{len(found)} problems' if found else 'all well'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
