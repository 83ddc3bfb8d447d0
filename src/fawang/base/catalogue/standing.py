"""How the files of services stand to what is published: for those who write and publish them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fawang.base.catalogue import examples, loader, selectors
from fawang.base.catalogue.errors import NoSuchItem
from fawang.base.catalogue.loader import Definitions
from fawang.base.catalogue.models import Item, ItemVersion
from fawang.base.catalogue.schema import Process, ServiceItem
from fawang.base.catalogue.values import Edition, Outcome, Published
from fawang.kernel import clock, crypto


@dataclass(frozen=True)
class Standing:
    """One service: what is offered, what its file says, and what is wrong with the file.

    `published` is None for a service that was never published, `written` for one that is no longer declared (or whose
    file cannot be read). `mark` is the digest of what the file says: whoever publishes says which text was seen.
    """

    code: str
    published: Published | None
    written: Published | None
    is_open: bool
    problems: tuple[str, ...]
    mark: str
    differs: bool
    is_raised: bool

    @property
    def item(self) -> ServiceItem:
        """The service as people meet it now; as it is written while it is not published."""
        return self.shown(wants_file=False).item

    def shown(self, *, wants_file: bool) -> Published:
        """The published text, or the file's: which one is wanted, the other where it is not there."""
        found = (self.written or self.published) if wants_file else (self.published or self.written)
        if found is None:
            raise NoSuchItem
        return found

    @property
    def is_failing(self) -> bool:
        """Whether the file does not fit, or one of its examples fails."""
        return bool(self.problems)

    @property
    def may_be_published(self) -> bool:
        """Whether the file has something new, says so with its version, and fits."""
        return self.differs and self.is_raised and not self.problems

    def states(self) -> frozenset[str]:
        """The words by which a list is narrowed: published, new, differs, example, failing, closed, gone."""
        found = {"published" if self.published else "new"}
        found |= {"differs"} if self.differs and self.published else set()
        found |= {"example"} if self.item.is_example else set()
        found |= {"failing"} if self.is_failing else set()
        found |= {"closed"} if self.published and not self.is_open else set()
        return frozenset(found | ({"gone"} if self.written is None else set()))


def standings(extra: Path | None = None) -> list[Standing]:
    """Every service that is declared or published, by line and code."""
    definitions = loader.look(extra)
    rows = {row.code: row for row in Item.objects.select_related("current").defer("current__definition")}
    found = [_standing(code, rows.get(code), definitions) for code in {*rows, *_readable(definitions)}]
    rank = {line: place for place, line in enumerate(selectors.lines())}
    return sorted(found, key=lambda one: (rank.get(one.item.line, 99), one.item.line, one.code))


def matching(rows: list[Standing], *, text: str = "", line: str = "", state: str = "") -> list[Standing]:
    """Those of a line, in a state, that have all words of `text` in their names, aliases, summary or code."""
    wanted = text.casefold().split()
    return [
        one
        for one in rows
        if (not line or one.item.line == line)
        and (not state or state in one.states())
        and all(word in _words_of(one.item) for word in wanted)
    ]


def _words_of(item: ServiceItem) -> str:
    said = [item.code, item.zh, item.en, item.summary.zh, item.summary.en, *item.aliases]
    return "\n".join(said).casefold()


def standing(code: str, extra: Path | None = None) -> Standing:
    """One service. Raises NoSuchItem where it is neither declared nor published."""
    definitions = loader.look(extra)
    row = Item.objects.select_related("current").defer("current__definition").filter(pk=selectors.named(code)).first()
    if row is None and code not in _readable(definitions):
        raise NoSuchItem
    return _standing(code, row, definitions)


def _readable(definitions: Definitions) -> set[str]:
    """The services whose process can be read as well; the others are among the problems."""
    return {code for code, item in definitions.items.items() if item.process in definitions.processes}


def unplaced(extra: Path | None = None) -> list[str]:
    """What does not fit and belongs to no single service: files that cannot be read, processes, tables."""
    definitions = loader.look(extra)
    lost = sorted(set(definitions.items) - _readable(definitions))
    return _said([*definitions.problems.get("", []), *(p for code in lost for p in definitions.problems.get(code, []))])


def _standing(code: str, row: Item | None, definitions: Definitions) -> Standing:
    item = definitions.items.get(code)
    process = definitions.processes.get(item.process) if item else None
    written = Published(0, item, process) if item and process else None
    text = definitions.text_of(item) if item and written else ""
    mark = crypto.digest(text.encode()) if text else ""
    return Standing(
        code=code,
        published=selectors.version(row.current_id) if row else None,
        written=written,
        is_open=bool(row and row.is_open),
        problems=tuple(_said(definitions.problems.get(code, []))),
        mark=mark,
        differs=bool(mark) and (row is None or row.current.digest != mark),
        is_raised=item is not None and (row is None or is_raised(item, definitions, row.current)),
    )


def is_raised(item: ServiceItem, definitions: Definitions, stored: ItemVersion) -> bool:
    """Whether the version of the file, or of what it shares, is higher than the published one's."""
    shared = definitions.shared_version(item)
    return item.version > stored.version or (item.version == stored.version and shared > stored.shared_version)


def _said(problems: list[str]) -> list[str]:
    """Problems with their files named from the installation's folders, not from the machine's root."""
    roots = [f"{Path(root)}/" for root in (settings.HOME, settings.SOURCE)]
    for root in roots:
        problems = [problem.replace(root, "") for problem in problems]
    return problems


def outcomes(one: Published, *, language: str, extra: Path | None = None) -> list[Outcome]:
    """All worked examples of a service, run now; refusals in `language`."""
    definitions = loader.look(extra)
    if not one.version_id:
        return _of_file(one.item, definitions, language)
    # the parts of a published bundle as they were published with it
    items = {part.item: selectors.exact(part.item, part.version).item for part in one.item.parts}
    return _run(one.item, one.process, items, language)


def _of_file(item: ServiceItem, definitions: Definitions, language: str) -> list[Outcome]:
    """None while something else in the file does not fit: its rules cannot be run."""
    process = definitions.processes.get(item.process)
    if process is None or (item.code in definitions.problems and item.code not in definitions.failing):
        return []
    return _run(item, process, definitions.items, language)


def _run(item: ServiceItem, process: Process, items: Mapping[str, ServiceItem], language: str) -> list[Outcome]:
    today = clock.today()
    return [
        examples.outcome(item, process, example, today=today, items=items, language=language)
        for example in item.examples
    ]


def editions(code: str) -> list[Edition]:
    """All published versions of a service with their moment and who published them, newest first."""
    current = Item.objects.filter(pk=selectors.named(code)).values_list("current_id", flat=True).first()
    rows = ItemVersion.objects.filter(code=selectors.named(code)).order_by("-pk").defer("definition")
    return [
        Edition(row.pk, row.version, row.shared_version, row.published_at, row.published_by, row.pk == current)
        for row in rows
    ]
