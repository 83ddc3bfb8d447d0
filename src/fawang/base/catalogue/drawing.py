"""The page of all processes, generated from the resolved definitions (`fawang catalogue process`).

A process is drawn as a mermaid diagram and told as tables: states, actions, limits. A line shows only what it adds to,
or changes about, the process it extends.
"""

from __future__ import annotations

from collections.abc import Iterable

from fawang.base.catalogue import courses
from fawang.base.catalogue.loader import Definitions
from fawang.base.catalogue.schema import Action, Limit, Process, Span

DASH = "–"


def process_page(definitions: Definitions) -> str:
    """The page as Markdown: first the processes that others extend, then the lines by name."""
    processes = sorted(definitions.processes.values(), key=lambda p: (p.extends is not None, p.process))
    parts = [
        "# Processes", "",
        "Generated from the definitions by `fawang catalogue process`. What is not in these tables is refused.", "",
        "`NEW` stands for an order that is not there yet. In *to*, `=` means that the state stays; several states mean "
        "that the action's rule decides. *Starts* and *ends* name clocks (limits).", "",
    ]  # fmt: skip
    for process in processes:
        parts += _process(process, definitions.processes.get(process.extends or ""))
    return "\n".join(parts).rstrip() + "\n"


def _process(process: Process, parent: Process | None) -> list[str]:
    known = {action.code: action for action in parent.actions} if parent else {}
    actions = [action for action in process.actions if known.get(action.code) != action]
    limits = [limit for limit in process.limits if parent is None or limit not in parent.limits]
    parts = [f"## {process.process}, version {process.version}", ""]
    if parent:
        checked = "by a second person" if process.review == "second_person" else "by the system, at once"
        parts += [f"Extends `{parent.process}`. Results are approved {checked} (`review: {process.review}`).", ""]
        parts += ["```mermaid", "stateDiagram-v2", *_drawn(courses.inner_moves(process)), "```", "", *_inner(process)]
    else:
        parts += ["```mermaid", "stateDiagram-v2", *_edges(process), "```", "", *_left_out(process), *_states(process)]
    return [*parts, *_actions(actions, process.limits, known), *_limits(limits)]


def _drawn(arrows: courses.Moves) -> list[str]:
    return [
        f"    {source or '[*]'} --> {target or '[*]'}: {', '.join(action.code for action in actions)}"
        for (source, target), actions in arrows.items()
    ]


def _edges(process: Process) -> list[str]:
    drawn = _drawn(courses.moves(process))
    return [*drawn, *(f"    {state.code} --> [*]" for state in process.states if state.is_end)]


def _left_out(process: Process) -> list[str]:
    found = [a for a in process.actions if len(a.sources) > courses.MOST_SOURCES and a.to != "="]
    said = ", ".join(f"`{a.code}` (to {' or '.join(a.may_lead_to) or a.to})" for a in found)
    text = "Where an action's rule decides, every state that its row allows is drawn. Actions that stay in their state"
    return [f"{text} are left out, and so are those possible in many states: {said}.", ""]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    names = list(head)
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    return [*lines, *(f"| {' | '.join(cell.replace('|', '/') or DASH for cell in row)} |" for row in rows), ""]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _states(process: Process) -> list[str]:
    rows = [(f"`{s.code}`", s.zh, s.en, s.stage, "yes" if s.is_end else "", s.people_en) for s in process.states]
    return ["### States", "", *_table(["code", "中文", "English", "stage", "end", "what the applicant reads"], rows)]


def _inner(process: Process) -> list[str]:
    rows = [(f"`{s.code}`", s.zh, s.en, "yes" if s.is_initial else "") for s in process.inner]
    title = "### Inner states (inside `HANDLING`)"
    return [title, "", *_table(["code", "中文", "English", "first"], rows)] if rows else []


def _actions(actions: list[Action], limits: list[Limit], known: dict[str, Action]) -> list[str]:
    rows = []
    for action in actions:
        to = ", ".join(action.may_lead_to) if action.to == "?" else action.to
        inner = f"{', '.join(action.inner_from) or 'any'} → {action.inner_to or '='}"
        sources = ", ".join(action.sources)
        rows.append(
            [
                f"`{action.code}`" + (" (changed)" if action.code in known else ""),
                f"{action.zh} / {action.en}",
                sources,
                to + (f", then `{action.then}`" if action.then else ""),
                inner if action.inner_from or action.inner_to else "",
                ", ".join(action.who),
                _codes(action.guards),
                ", ".join(limit.id for limit in limits if action.code in limit.starts_on),
                ", ".join(limit.id for limit in limits if action.code in limit.stops_on),
                ", ".join(f"{tell.template} → {tell.to}" for tell in action.tells),
                f"`workorders.{action.event}.v1`",
            ]
        )
    head = ["action", "name", "from", "to", "inner", "who", "guards", "starts", "ends", "messages", "event"]
    return ["### Actions", "", *_table(head, rows)]


def _span(span: Span) -> str:
    return f"{span.value} {span.unit}"


def _limits(limits: list[Limit]) -> list[str]:
    rows = []
    for limit in limits:
        length = _span(limit.span) if limit.span else ", ".join(f"{u}: {_span(s)}" for u, s in limit.by_urgency.items())
        longer = f"once, {_span(limit.extension.by)}" if limit.extension else ""
        row = (f"`{limit.id}`", f"{limit.zh} / {limit.en}", length, limit.duty, limit.kind)
        rows.append((*row, limit.supplement, limit.suspension, longer, limit.basis))
    head = ["limit", "name", "length", "binds", "kind", "supplement", "suspension", "extension", "rests on"]
    return ["### Limits", "", *_table(head, rows)] if rows else []
