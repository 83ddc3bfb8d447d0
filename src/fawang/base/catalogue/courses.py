"""The course of a process as arrows between states: for the page of processes and for pages that draw it."""

from __future__ import annotations

from fawang.base.catalogue.schema import NEW, Action, Process

# where a course begins and ends, instead of a state
EDGE = ""
# the state inside which a line has its own states
INSIDE = "HANDLING"
# the states that an ordinary demand passes, in their order
MAIN = (
    "SUBMITTED", "TO_DISPATCH", "DISPATCHED", "SIGNED", "ASSIGNED", INSIDE, "DONE_REVIEW", "DONE", "CALLBACK", "CLOSED",
)  # fmt: skip
# an action that is possible in more states than this would hide the rest of a drawing
MOST_SOURCES = 4
Moves = dict[tuple[str, str], list[Action]]


def targets(action: Action, source: str) -> list[str]:
    """The states to which an action leads from one; none where it stays."""
    if action.to == "?":
        return [state for state in action.may_lead_to if state != source]
    return [] if action.to in {"=", source} else [action.to]


def moves(process: Process) -> Moves:
    """The arrows between the states of the envelope, without actions possible in more than `MOST_SOURCES` states."""
    found: Moves = {}
    for action in process.actions:
        if len(action.sources) > MOST_SOURCES:
            continue
        for source in action.sources:
            for target in targets(action, source):
                found.setdefault((EDGE if source == NEW else source, target), []).append(action)
    return found


def inner_moves(process: Process) -> Moves:
    """The arrows between the line's own states. An action that leaves `HANDLING` leads to the edge."""
    found: Moves = {}
    accept = process.action("accept")
    for state in process.inner:
        if state.is_initial and accept is not None:
            found[(EDGE, state.code)] = [accept]
    for action in process.actions:
        for source in action.inner_from:
            if action.inner_to and action.inner_to != source:
                found.setdefault((source, action.inner_to), []).append(action)
            elif not action.inner_to and targets(action, INSIDE):
                found.setdefault((source, EDGE), []).append(action)
    return found


def whole(process: Process) -> Moves:
    """The ordinary course with the line's own states inside `HANDLING`; what leads elsewhere is left out."""
    outer = {pair: actions for pair, actions in moves(process).items() if set(pair) <= set(MAIN)}
    if not process.inner:
        return outer
    initial = next(state.code for state in process.inner if state.is_initial)
    found: Moves = {}
    for (source, target), actions in outer.items():
        if target == INSIDE:
            found.setdefault((source, initial), []).extend(actions)
        elif source == INSIDE:
            anywhere = [action for action in actions if not action.inner_from]
            if anywhere:
                found.setdefault((INSIDE, target), []).extend(anywhere)
        else:
            found[(source, target)] = actions
    for (source, target), actions in inner_moves(process).items():
        if source == EDGE:
            continue
        if target != EDGE:
            found.setdefault((source, target), []).extend(actions)
            continue
        for action in actions:
            for state in targets(action, INSIDE):
                if state in MAIN:
                    found.setdefault((source, state), []).append(action)
    return found
