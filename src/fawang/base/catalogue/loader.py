"""Finds the definitions that rooms contribute, resolves processes, and checks what no single file can check."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.apps import apps

from fawang.base.catalogue import rules
from fawang.base.catalogue.errors import DefinitionError
from fawang.base.catalogue.schema import Action, CodeTable, Process, ServiceItem
from fawang.base.catalogue.source import parse, read_yaml

NEW = "NEW"


@dataclass
class Definitions:
    """Everything declared, by code, with the file it came from."""

    tables: dict[str, CodeTable] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    items: dict[str, ServiceItem] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)


def folders() -> list[Path]:
    """The `definitions` folders of all rooms."""
    found = [
        Path(config.path) / "definitions" for config in apps.get_app_configs() if config.name.startswith("fawang.")
    ]
    return [folder for folder in found if folder.is_dir()]


def read(extra: Path | None = None) -> Definitions:
    """Read and check all definitions. Raises DefinitionError with every problem found, each with file and line."""
    definitions = Definitions()
    problems: list[str] = []
    raw: dict[str, Process] = {}
    for folder in [*folders(), *([extra] if extra else [])]:
        for path in sorted(folder.rglob("*.yaml")):
            try:
                _sort_in(path, definitions, raw, problems)
            except DefinitionError as error:
                problems += error.problems
    for name, process in raw.items():
        problems += _resolve(name, process, raw, definitions)
    for item in definitions.items.values():
        problems += _check_item(item, definitions)
    if problems:
        raise DefinitionError(problems)
    return definitions


def _sort_in(path: Path, into: Definitions, raw: dict[str, Process], problems: list[str]) -> None:
    data, _ = read_yaml(path)
    if not isinstance(data, dict):
        return
    if "process" in data and "questions" not in data:
        process = parse(Process, path)
        raw[process.process] = process
        into.files[f"process:{process.process}"] = path
    elif "table" in data:
        table = parse(CodeTable, path)
        into.tables[table.table] = table
    elif "questions" in data:
        item = parse(ServiceItem, path)
        if item.code in into.items:
            problems.append(f"{path}:1: {item.code} is declared in {into.files[item.code]} already")
        into.items[item.code] = item
        into.files[item.code] = path


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
            return [f"{path}:1: extends {process.extends}, which is not there"]
        unknown = set(process.changes) - {action.code for action in parent.actions}
        if unknown:
            return [f"{path}:1: changes unknown actions: {', '.join(sorted(unknown))}"]
        resolved = process.model_copy(
            update={
                # raising either raises the sum: a release that changes the envelope publishes every item anew
                "version": process.version + parent.version,
                "states": parent.states,
                "actions": [*(_changed(action, process) for action in parent.actions), *process.actions],
                "limits": [*parent.limits, *process.limits],
            }
        )
    problems = [f"{path}:1: {problem}" for problem in _check_process(resolved)]
    into.processes[name] = resolved
    return problems


def _check_process(process: Process) -> list[str]:
    states = {state.code for state in process.states}
    inner = {state.code for state in process.inner}
    codes = [action.code for action in process.actions]
    problems = [f"action {code} is declared twice" for code in {code for code in codes if codes.count(code) > 1}]
    for action in process.actions:
        for state in {*action.sources, action.to, *action.may_lead_to} - {NEW, "=", "?"} - states:
            problems.append(f"action {action.code}: there is no state {state}")
        for state in {*action.inner_from, *([action.inner_to] if action.inner_to else [])} - inner:
            problems.append(f"action {action.code}: there is no inner state {state}")
        if (action.to == "?") != bool(action.may_lead_to):
            problems.append(f"action {action.code}: `?` and may_lead_to belong together")
        if action.then and action.then not in codes:
            problems.append(f"action {action.code}: then {action.then}, which is not there")
        problems += [f"action {action.code}: no rule is named {g}" for g in action.guards if rules.find(g) is None]
    if process.inner and sum(state.is_initial for state in process.inner) != 1:
        problems.append("exactly one inner state is the initial one")
    for limit in process.limits:
        for code in {*limit.starts_on, *limit.stops_on} - set(codes):
            problems.append(f"limit {limit.id}: there is no action {code}")
    return problems


def _check_item(item: ServiceItem, definitions: Definitions) -> list[str]:
    path = definitions.files[item.code]
    process = definitions.processes.get(item.process)
    problems = []
    if process is None:
        problems.append(f"{path}:1: there is no process {item.process}")
    else:
        codes = {action.code for action in process.actions}
        for limit in item.limits:
            for code in {*limit.starts_on, *limit.stops_on} - codes:
                problems.append(f"{path}:1: limit {limit.id}: there is no action {code}")
    for question in item.questions:
        if question.table and question.table not in definitions.tables:
            problems.append(f"{path}:1: question {question.id}: there is no code table {question.table}")
    channels = {row["code"] for row in definitions.tables["channel"].rows} if "channel" in definitions.tables else set()
    unknown = set(item.channels) - channels - {"*"}
    if channels and unknown:
        problems.append(f"{path}:1: unknown channels {', '.join(sorted(unknown))}")
    return problems


@lru_cache(maxsize=1)
def tables() -> dict[str, CodeTable]:
    """All code tables (they come with the release, so they are read once a process)."""
    found: dict[str, CodeTable] = {}
    for folder in folders():
        for path in sorted((folder / "codes").glob("*.yaml")):
            table = parse(CodeTable, path)
            found[table.table] = table
    return found
