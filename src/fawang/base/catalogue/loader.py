"""Finds the definitions that rooms contribute, resolves processes, and checks what no single file can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.apps import apps

from fawang.base.catalogue import rules
from fawang.base.catalogue.errors import DefinitionError
from fawang.base.catalogue.schema import NEW, Action, CodeTable, Limit, Process, Question, ServiceItem
from fawang.base.catalogue.source import line_of, parse, read_yaml


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
                is_known = _sort_in(path, definitions, raw, problems)
                # rooms keep other data in their folders too; an installation's own folder holds definitions only
                if not is_known and folder == extra:
                    problems.append(f"{path}:1: neither a process, nor a code table, nor a service item")
            except DefinitionError as error:
                problems += error.problems
    for name, process in raw.items():
        problems += _resolve(name, process, raw, definitions)
    for item in definitions.items.values():
        problems += _check_item(item, definitions)
    if problems:
        raise DefinitionError(problems)
    return definitions


def _sort_in(path: Path, into: Definitions, raw: dict[str, Process], problems: list[str]) -> bool:
    """Take one file in; whether it is a definition at all."""
    data, _ = read_yaml(path)
    if not isinstance(data, dict):
        return False
    if "process" in data and "questions" not in data:
        process = parse(Process, path)
        if process.process in raw:
            first = into.files[f"process:{process.process}"]
            problems.append(f"{line_of(path, 'process')}: process {process.process} is declared in {first} already")
        raw[process.process] = process
        into.files[f"process:{process.process}"] = path
    elif "table" in data:
        table = parse(CodeTable, path)
        if table.table in into.tables:
            first = into.files[f"table:{table.table}"]
            problems.append(f"{line_of(path, 'table')}: table {table.table} is declared in {first} already")
        into.tables[table.table] = table
        into.files[f"table:{table.table}"] = path
    elif "questions" in data:
        item = parse(ServiceItem, path)
        if item.code in into.items:
            problems.append(f"{line_of(path, 'code')}: {item.code} is declared in {into.files[item.code]} already")
        into.items[item.code] = item
        into.files[item.code] = path
    else:
        return False
    return True


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
    return [f"{places.get(about, line_of(path))}: {problem}" for about, problem in _check_process(resolved, into)]


def _places(process: Process, path: Path) -> dict[str, str]:
    """Where each action and limit of a process is written, as `file:line`."""
    places = {f"action {action.code}": line_of(path, "actions", i) for i, action in enumerate(process.actions)}
    places |= {f"action {code}": line_of(path, "changes", code) for code in process.changes}
    return places | {f"limit {limit.id}": line_of(path, "limits", i) for i, limit in enumerate(process.limits)}


Problems = list[tuple[str, str]]


def _check_process(process: Process, definitions: Definitions) -> Problems:
    """What does not fit together, as (what it is about, the problem)."""
    codes = [action.code for action in process.actions]
    problems: Problems = [
        (f"action {code}", f"action {code} is declared twice") for code in {c for c in codes if codes.count(c) > 1}
    ]
    for action in process.actions:
        about = f"action {action.code}"
        problems += [(about, f"{about}: {what}") for what in _check_action(action, process, set(codes), definitions)]
    if process.inner and sum(state.is_initial for state in process.inner) != 1:
        problems.append(("", "exactly one inner state is the initial one"))
    for limit in process.limits:
        about = f"limit {limit.id}"
        problems += [(about, f"{about}: {what}") for what in _check_limit(limit, process)]
    return problems


def _check_action(action: Action, process: Process, codes: set[str], definitions: Definitions) -> list[str]:
    states = {state.code for state in process.states}
    inner = {state.code for state in process.inner}
    wanted = {*action.sources, action.to, *action.may_lead_to} - {NEW, "=", "?"}
    problems = [f"there is no state {state}" for state in sorted(wanted - states)]
    mine = {*action.inner_from, *([action.inner_to] if action.inner_to else [])}
    problems += [f"there is no inner state {state}" for state in sorted(mine - inner)]
    if (action.to == "?") != bool(action.may_lead_to):
        problems.append("`?` and may_lead_to belong together")
    if action.then and action.then not in codes:
        problems.append(f"then {action.then}, which is not there")
    elif _runs_in_a_circle(action, process):
        problems.append(f"then {action.then} comes back to where it began")
    problems += [f"no rule is named {name}" for name in action.guards if rules.find(name) is None]
    return problems + _check_questions(action.form, definitions)


def _runs_in_a_circle(action: Action, process: Process) -> bool:
    seen, following = {action.code}, action.then
    while following is not None:
        if following in seen:
            return True
        seen.add(following)
        found = process.action(following)
        following = found.then if found else None
    return False


def _check_limit(limit: Limit, process: Process) -> list[str]:
    codes = {action.code for action in process.actions}
    states = {state.code for state in process.states}
    problems = [f"there is no action {code}" for code in sorted({*limit.starts_on, *limit.stops_on} - codes)]
    return problems + [f"there is no state {state}" for state in sorted({*limit.starts_in, *limit.void_in} - states)]


def _check_questions(questions: Sequence[Question], definitions: Definitions) -> list[str]:
    ids = [question.id for question in questions]
    problems = [f"question {name} occurs twice" for name in sorted({n for n in ids if ids.count(n) > 1})]
    for position, question in enumerate(questions):
        if question.table and question.table not in definitions.tables:
            problems.append(f"question {question.id}: there is no code table {question.table}")
        for name in question.when:
            if name not in ids[:position]:
                problems.append(f"question {question.id}: `when` names {name}, which is not asked before it")
    return problems


def _check_item(item: ServiceItem, definitions: Definitions) -> list[str]:
    path = definitions.files[item.code]
    process = definitions.processes.get(item.process)
    problems = []
    if process is None:
        problems.append(f"{line_of(path, 'process')}: there is no process {item.process}")
    else:
        for i, limit in enumerate(item.limits):
            at = line_of(path, "limits", i)
            problems += [f"{at}: limit {limit.id}: {what}" for what in _check_limit(limit, process)]
    for i, question in enumerate(item.questions):
        if question.table and question.table not in definitions.tables:
            at = line_of(path, "questions", i)
            problems.append(f"{at}: question {question.id}: there is no code table {question.table}")
    channels = {row["code"] for row in definitions.tables["channel"].rows} if "channel" in definitions.tables else set()
    unknown = set(item.channels) - channels - {"*"}
    if channels and unknown:
        problems.append(f"{line_of(path, 'channels')}: unknown channels {', '.join(sorted(unknown))}")
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
