"""Finds the definitions that rooms contribute, resolves processes, and checks what no single file can check."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from fawang.base.catalogue import checking, data, expanding
from fawang.base.catalogue.bundles import together
from fawang.base.catalogue.errors import DefinitionError
from fawang.base.catalogue.expanding import CannotExpand
from fawang.base.catalogue.schema import (
    Action,
    Bank,
    CodeTable,
    Figure,
    Line,
    Process,
    Screener,
    ServiceItem,
    Tariff,
)
from fawang.base.catalogue.source import line_of, parse, problems_of, read_yaml
from fawang.kernel import clock
from fawang.kernel.events.services import canonical


@dataclass
class Definitions:
    """Everything declared, by code, with the file it came from."""

    tables: dict[str, CodeTable] = field(default_factory=dict)
    named: dict[str, Line] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    tariffs: dict[str, list[Tariff]] = field(default_factory=dict)
    bank: dict[str, dict[str, Any]] = field(default_factory=dict)
    bank_versions: dict[str, int] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    items: dict[str, ServiceItem] = field(default_factory=dict)
    screeners: dict[str, Screener] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    # bundles of which a part is not declared here (its line was taken out), with the reason
    left_out: dict[str, str] = field(default_factory=dict)
    # everything that does not fit, as `file:line: what`, by service; under "" what belongs to no single service
    problems: dict[str, list[str]] = field(default_factory=dict)
    # the names of the worked examples that fail, by service
    failing: dict[str, list[str]] = field(default_factory=dict)

    def text_of(self, item: ServiceItem) -> str:
        """What is published of an item: itself and its resolved process, as canonical text."""
        if item.code not in self.texts:
            # what a definition does not say is left out: a new key of the schema changes nothing published before
            process = self.processes[item.process]
            parts = {"item": item, "process": process}
            self.texts[item.code] = canonical(
                {
                    name: part.model_dump(mode="json", by_alias=True, exclude_defaults=True)
                    for name, part in parts.items()
                }
            )
        return self.texts[item.code]

    def shared_version(self, item: ServiceItem) -> int:
        """The sum of the versions of what an item shares: process, bank, parts of a bundle. Raising one raises it."""
        banks = {self.bank[name]["_bank"] for name in self.used.get(item.code, set()) if name in self.bank}
        parts = [self.items[part.item] for part in item.parts if part.item in self.items]
        own = self.processes[item.process].version + sum(self.bank_versions[name] for name in banks)
        return own + sum(part.version + self.shared_version(part) for part in parts)

    def place(self, code: str, *location: str | int) -> str:
        """`file:line` of a place in an item; an item of a family has one line, its row's."""
        if code in self.lines:
            return f"{self.files[code]}:{self.lines[code]}"
        return line_of(self.files[code], *location)


def read(extra: Path | None = None) -> Definitions:
    """Read and check all definitions: the release's, then the installation's own (`extra`, or `HOME/definitions`).

    An own service replaces the release's of the same code. A bundle of which a part is not declared is left out and
    said so. Raises DefinitionError with every problem found, each with file and line.
    """
    definitions = look(extra)
    if problems := [problem for found in definitions.problems.values() for problem in found]:
        raise DefinitionError(problems)
    return definitions


def look(extra: Path | None = None) -> Definitions:
    """What `read` reads, whether it fits or not: `problems` says what does not, so that a page can show the rest.

    Read once while no file changes and the day is the same (rules look at it). Look at it, never change it.
    """
    own = extra or (data.own_folder() if data.own_folder().is_dir() else None)
    files = [(path, path.stat().st_mtime_ns) for folder in _sources(own) for path in sorted(folder.rglob("*.yaml"))]
    return _read(own, tuple(files), clock.today())


def _sources(own: Path | None) -> list[Path]:
    return [*data.folders(), *([own] if own else [])]


@lru_cache(maxsize=4)
def _read(own: Path | None, _files: tuple[tuple[Path, int], ...], _today: date) -> Definitions:
    definitions = Definitions()
    problems: list[str] = []
    raw: dict[str, Process] = {}
    waiting: list[tuple[Path, bool]] = []
    for folder in _sources(own):
        for path in sorted(folder.rglob("*.yaml")):
            try:
                if not _sort_in(path, folder == own, definitions, raw, waiting, problems) and folder == own:
                    # rooms keep other data in their folders too; an installation's own folder holds definitions only
                    problems.append(f"{path}:1: neither a service, a family, a process, a bank nor dated data")
            except DefinitionError as error:
                problems += error.problems
    for path, is_own in waiting:
        problems += _take_items(path, is_own, definitions)
    for name, process in raw.items():
        problems += _resolve(name, process, raw, definitions)
    problems += _put_together(definitions)
    if problems:
        definitions.problems[""] = problems
    for item in definitions.items.values():
        if wrong := checking.check_item(item, definitions):
            definitions.problems[item.code] = wrong
    return definitions


def _sort_in(
    path: Path, is_own: bool, into: Definitions, raw: dict[str, Process], waiting: list[tuple[Path, bool]],
    problems: list[str],
) -> bool:  # fmt: skip
    """Take one file in; whether it is a definition at all. Services wait until the bank is known."""
    found, _ = read_yaml(path)
    if not isinstance(found, dict):
        return False
    if "family" in found or "screener" in found or ("code" in found and "line" in found):
        waiting.append((path, is_own))
    elif "line" in found:
        line = parse(Line, path)
        if line.line in into.named:
            problems.append(f"{line_of(path, 'line')}: line {line.line} is declared already")
        into.named[line.line] = line
    elif "process" in found:
        process = parse(Process, path)
        if process.process in raw:
            first = into.files[f"process:{process.process}"]
            problems.append(f"{line_of(path, 'process')}: process {process.process} is declared in {first} already")
        raw[process.process] = process
        into.files[f"process:{process.process}"] = path
    elif "table" in found:
        table = parse(CodeTable, path)
        if table.table in into.tables:
            first = into.files[f"table:{table.table}"]
            problems.append(f"{line_of(path, 'table')}: table {table.table} is declared in {first} already")
        into.tables[table.table] = table
        into.files[f"table:{table.table}"] = path
    elif "bank" in found:
        problems += _take_bank(path, found, into)
    elif "figure" in found:
        figure = parse(Figure, path)
        into.figures[figure.figure] = figure
    elif "tariff" in found:
        tariff = parse(Tariff, path)
        into.tariffs.setdefault(tariff.tariff, []).append(tariff)
    else:
        return False
    return True


def _take_bank(path: Path, found: dict[str, Any], into: Definitions) -> list[str]:
    bank = parse(Bank, path)
    into.bank_versions[bank.bank] = bank.version
    problems = []
    for position, question in enumerate(bank.questions):
        if question.id in into.bank:
            problems.append(f"{line_of(path, 'questions', position)}: the bank has {question.id} already")
        into.bank[question.id] = {**found["questions"][position], "_bank": bank.bank}
    return problems


def _take_items(path: Path, is_own: bool, into: Definitions) -> list[str]:
    """Take in the service of a file, or all services of a family."""
    found, lines = read_yaml(path)
    if "screener" in found:
        return _take_screener(path, into)
    if "family" not in found:
        return _take_item(path, found, None, is_own, into)
    unknown = sorted(set(found) - {"family", "template", "rows"})
    if unknown or not isinstance(found.get("template"), dict) or not isinstance(found.get("rows"), list):
        return [f"{path}:1: a family has `family`, `template` and `rows`, and nothing else"]
    problems = []
    for position, row in enumerate(found["rows"]):
        line = lines.get(("rows", position), 1)
        try:
            made = expanding.row_of(found["template"], row)
        except CannotExpand as error:
            problems.append(f"{path}:{line}: {error.args[1]}")
            continue
        problems += _take_item(path, made, line, is_own, into)
    return problems


def _take_screener(path: Path, into: Definitions) -> list[str]:
    try:
        screener = expanding.screener(path, into.bank)
    except DefinitionError as error:
        return error.problems
    into.screeners[screener.screener] = screener
    return checking.check_screener(screener, path, into)


def _take_item(path: Path, found: dict[str, Any], line: int | None, is_own: bool, into: Definitions) -> list[str]:
    try:
        known = expanding.with_bank(found.get("questions", []), into.bank)
        item = ServiceItem.model_validate({**found, "questions": known})
    except CannotExpand as error:
        at = f"{path}:{line}" if line else line_of(path, "questions", error.args[0])
        return [f"{at}: {found.get('code', '')}: {error.args[1]}"]
    except ValidationError as error:
        return problems_of(error, path, line)
    if item.code in into.items and not (is_own and item.code not in into.own):
        at = f"{path}:{line}" if line else line_of(path, "code")
        return [f"{at}: {item.code} is declared in {into.files[item.code]} already"]
    if is_own:
        into.own.add(item.code)
    into.items[item.code] = expanding.with_papers(item)
    into.files[item.code] = path
    into.used[item.code] = expanding.used(found.get("questions", []))
    into.lines.pop(item.code, None)
    if line is not None:
        into.lines[item.code] = line
    return []


def _put_together(into: Definitions) -> list[str]:
    """Give each bundle the questions of its parts; one whose parts are not all declared is left out."""
    problems = []
    for item in [item for item in into.items.values() if item.is_bundle]:
        wrong = checking.check_parts(item, into)
        if gone := [part.item for part in item.parts if part.item not in into.items]:
            wrong += checking.check_without_parts(item, into)
            into.left_out[item.code] = f"{into.place(item.code, 'parts')}: no service {', '.join(gone)} is declared"
            del into.items[item.code]
        elif not wrong:
            whole = together(item, into.items, into.bank)
            into.items[item.code] = whole
            wrong = _can_be_read_again(whole, into)
        problems += wrong
    return problems


def _can_be_read_again(bundle: ServiceItem, into: Definitions) -> list[str]:
    """What is put together is checked by the schema like what is written: it is published as it is."""
    try:
        ServiceItem.model_validate(bundle.model_dump(mode="json", by_alias=True))
    except ValidationError as error:
        path = into.files[bundle.code]
        return problems_of(error, path, into.lines.get(bundle.code) or int(line_of(path, "parts").rpartition(":")[2]))
    return []


def _changed(action: Action, process: Process) -> Action:
    change = process.changes.get(action.code)
    if change is None:
        return action
    update: dict[str, object] = {
        "guards": [*action.guards, *change.guards],
        "form": [*action.form, *change.form],
    }
    for name in ("inner_from", "inner_to", "is_main"):
        value = getattr(change, name)
        if value is not None:
            update[name] = value
    return action.model_copy(update=update)


def _resolve(name: str, process: Process, raw: dict[str, Process], into: Definitions) -> list[str]:
    """Lay a line's process over the one it extends; problems as `file:line: what`."""
    path = into.files[f"process:{name}"]
    resolved = process
    if process.extends:
        parent = raw.get(process.extends)
        if parent is None:
            return [f"{line_of(path, 'extends')}: extends {process.extends}, which is not there"]
        unknown = set(process.changes) - {action.code for action in parent.actions}
        if unknown:
            at = line_of(path, "changes", sorted(unknown)[0])
            return [f"{at}: changes unknown actions: {', '.join(sorted(unknown))}"]
        resolved = process.model_copy(
            update={
                # raising either raises the sum: a release that changes the envelope publishes every item anew
                "version": process.version + parent.version,
                "states": parent.states,
                "actions": [*(_changed(action, process) for action in parent.actions), *process.actions],
                "limits": [*parent.limits, *process.limits],
            }
        )
    places = _places(process, path)
    if process.extends:
        places = {**_places(raw[process.extends], into.files[f"process:{process.extends}"]), **places}
    into.processes[name] = resolved
    return [
        f"{places.get(about, line_of(path))}: {problem}" for about, problem in checking.check_process(resolved, into)
    ]


def _places(process: Process, path: Path) -> dict[str, str]:
    """Where each action and limit of a process is written, as `file:line`."""
    places = {f"action {action.code}": line_of(path, "actions", i) for i, action in enumerate(process.actions)}
    places |= {f"action {code}": line_of(path, "changes", code) for code in process.changes}
    return places | {f"limit {limit.id}": line_of(path, "limits", i) for i, limit in enumerate(process.limits)}
