"""What no single file can check: names that have to be somewhere else, expressions, worked examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fawang.base.catalogue import examples, expressions
from fawang.base.catalogue.expressions import ExpressionError as Wrong
from fawang.base.catalogue.expressions import Scope, T
from fawang.base.catalogue.schema import NEW, Action, Limit, Process, Question, QuestionType, Screener, ServiceItem
from fawang.base.catalogue.source import line_of
from fawang.kernel import clock

if TYPE_CHECKING:
    from fawang.base.catalogue.loader import Definitions

from fawang.base.catalogue import rules

# (what it is about, the problem)
Problems = list[tuple[str, str]]
# (place inside the definition, the problem)
Placed = list[tuple[tuple[str | int, ...], str]]
# an answer that is the same for everybody: one text
_FIXED = re.compile(r"""["']([^"']*)["']""")
_READS = re.compile(r"\b(figure|brackets)\(\s*[\"']([a-z_]+)[\"']")


def check_process(process: Process, definitions: Definitions) -> Problems:
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
    return problems + [what for _at, what in check_questions(action.form, definitions)]


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


def check_questions(questions: Sequence[Question], definitions: Definitions) -> Placed:
    """Tables that are not there, ids twice, and expressions that cannot be; with the place of each."""
    ids = [question.id for question in questions]
    problems: Placed = [((), f"question {name} occurs twice") for name in sorted({n for n in ids if ids.count(n) > 1})]
    clashing = sorted(set(ids) & set(expressions.AMBIENT))
    problems += [((), f"question {name}: every expression knows this name already") for name in clashing]
    if problems:
        return problems
    scope = expressions.scope(expressions.shape_of(questions))
    before: set[str] = set()
    for position, question in enumerate(questions):
        at = ("questions", position)
        problems += [(at, f"question {question.id}: {what}") for what in _check_question(question, scope, definitions)]
        late = sorted(expressions.names_in(question.show) & set(ids) - before)
        if late:
            problems.append(((*at, "show"), f"question {question.id}: `show` names {', '.join(late)}, asked after it"))
        before.add(question.id)
    return problems + _circles(questions)


def _check_question(question: Question, scope: Scope, definitions: Definitions) -> list[str]:
    problems = []
    if question.table and question.table not in definitions.tables:
        problems.append(f"there is no code table {question.table}")
    meanings = {row["code"] for row in definitions.tables["meaning"].rows} if "meaning" in definitions.tables else set()
    if question.meaning and meanings and question.meaning not in meanings:
        problems.append(f"{question.meaning} is no code of table meaning")
    wanted = [(question.show, T.BOOL), (question.require, T.BOOL), *((check.rule, T.BOOL) for check in question.checks)]
    problems += _wrong(scope, [*wanted, (question.compute, expressions.TYPES[question.type])], definitions)
    if question.type == QuestionType.GROUP:
        problems += [what for _at, what in check_questions(question.questions, definitions)]
    return problems


def _wrong(scope: Scope, wanted: Sequence[tuple[str, object]], definitions: Definitions) -> list[str]:
    problems = []
    for text, kind in wanted:
        if not text:
            continue
        try:
            scope.check(text, kind)
        except Wrong as error:
            problems.append(str(error))
        for function, name in _READS.findall(text):
            known = definitions.figures if function == "figure" else definitions.tariffs
            if name not in known:
                problems.append(f"`{text}`: there is no {'figure' if function == 'figure' else 'tariff'} {name}")
    return problems


def _circles(questions: Sequence[Question]) -> Placed:
    """Questions whose rules come back to themselves."""
    known = {question.id for question in questions}
    rests_on = {q.id: (expressions.names_in(q.show) | expressions.names_in(q.compute)) & known for q in questions}
    problems: Placed = []
    for position, question in enumerate(questions):
        seen: set[str] = set()
        ahead = set(rests_on[question.id])
        while ahead:
            name = ahead.pop()
            seen.add(name)
            ahead |= rests_on[name] - seen
        if question.id in seen:
            problems.append((("questions", position), f"question {question.id}: its rule comes back to itself"))
    return problems


def check_item(item: ServiceItem, definitions: Definitions) -> list[str]:
    """Everything about one service that another file decides, and its worked examples."""
    process = definitions.processes.get(item.process)
    placed: Placed = []
    if process is None:
        placed.append((("process",), f"there is no process {item.process}"))
    else:
        for i, limit in enumerate(item.limits):
            placed += [(("limits", i), f"limit {limit.id}: {what}") for what in _check_limit(limit, process)]
    placed += check_questions(item.questions, definitions)
    placed += _check_codes(item, definitions)
    if not placed:
        placed += _check_rules(item, definitions)
    if not placed and process is not None:
        placed += _run_examples(item, process, definitions)
    return [f"{definitions.place(item.code, *at)}: {item.code}: {what}" for at, what in placed]


def check_without_parts(bundle: ServiceItem, definitions: Definitions) -> list[str]:
    """What can be checked of a bundle of which parts are not declared: its own questions and codes."""
    placed = check_questions(bundle.questions, definitions) + _check_codes(bundle, definitions)
    return [f"{definitions.place(bundle.code, *at)}: {bundle.code}: {what}" for at, what in placed]


def _check_codes(item: ServiceItem, definitions: Definitions) -> Placed:
    def rows(table: str) -> set[str]:
        return {str(row["code"]) for row in definitions.tables[table].rows} if table in definitions.tables else set()

    placed: Placed = []
    if item.line not in definitions.named:
        placed.append((("line",), f"there is no line {item.line} (definitions/line.yaml)"))
    channels, registers, domains = rows("channel"), rows("register"), rows("domain")
    if channels and (unknown := set(item.channels) - channels - {"*"}):
        placed.append((("channels",), f"unknown channels {', '.join(sorted(unknown))}"))
    by_phone = {"*", "11"} & set(item.channels)
    for i, question in enumerate(item.questions):
        if by_phone and question.type == QuestionType.FILE and (question.required or question.require):
            what = f"question {question.id}: nobody hands over a file by telephone: optional, or not on channel 11"
            placed.append((("questions", i), what))
    for i, material in enumerate(item.materials):
        if material.fetched_from and material.fetched_from not in registers:
            placed.append((("materials", i), f"material {material.id}: no register {material.fetched_from}"))
    if item.domain and item.domain not in domains:
        placed.append((("domain",), f"{item.domain} is no code of table domain"))
    if item.ends_in != "lookup" and not item.area_from:
        placed.append((("code",), "area_from: every demand has to be somewhere"))
    return placed


def _check_rules(item: ServiceItem, definitions: Definitions) -> Placed:
    scope = expressions.scope(expressions.shape_of(item.questions))
    wanted = [
        *((("eligibility", i), f"rule {rule.id}", rule.when, T.BOOL) for i, rule in enumerate(item.eligibility)),
        *((("materials", i), f"material {m.id}", m.when, T.BOOL) for i, m in enumerate(item.materials)),
        (("fee",), "fee", item.fee.amount if item.fee else "", T.INT),
    ]
    return [
        (at, f"{about}: {what}")
        for at, about, text, kind in wanted
        for what in _wrong(scope, [(text, kind)], definitions)
    ]


def _run_examples(item: ServiceItem, process: Process, definitions: Definitions) -> Placed:
    today = clock.today()
    found: Placed = []
    for i, example in enumerate(item.examples):
        if wrong := examples.failures(item, process, example, today=today, items=definitions.items):
            definitions.failing.setdefault(item.code, []).append(example.name)
            found += [(("examples", i), f"example “{example.name}”: {what}") for what in wrong]
    return found


def _takes(question: Question, value: str, definitions: Definitions) -> bool:
    if question.table:
        return question.table not in definitions.tables or value in {
            str(row["code"]) for row in definitions.tables[question.table].rows
        }
    return not question.options or value in {option.value for option in question.options}


def check_parts(bundle: ServiceItem, definitions: Definitions) -> list[str]:
    """Whether the parts of a bundle are there and fit: applicants, level, expressions over its own questions."""
    scope = expressions.scope(expressions.shape_of(bundle.questions))
    problems: Placed = []
    for i, part in enumerate(bundle.parts):
        at = ("parts", i)
        item = definitions.items.get(part.item)
        problems += [(at, what) for what in _wrong(scope, [(part.when, T.BOOL)], definitions)]
        if item is None:
            # the bundle is left out (loader); what can be checked without the part is
            continue
        if item.is_bundle or item.ends_in == "lookup":
            problems.append((at, f"there is no service {part.item} that a bundle can hold"))
            continue
        if not set(bundle.applicant_kinds) <= set(item.applicant_kinds):
            problems.append((at, f"{part.item} does not serve all of {', '.join(bundle.applicant_kinds)}"))
        if item.identity_level > bundle.identity_level:
            problems.append((at, f"{part.item} needs identity level {item.identity_level}"))
        unknown = sorted({*part.answers, *part.apart} - {question.id for question in item.questions})
        problems += [(at, f"{part.item} has no question {name}") for name in unknown]
        for name, text in part.answers.items():
            if (question := item.question(name)) is not None:
                wrong = _wrong(scope, [(text, expressions.TYPES[question.type])], definitions)
                if (fixed := _FIXED.fullmatch(text)) and not _takes(question, fixed[1], definitions):
                    wrong.append(f"{fixed[1]} is none of its options")
                problems += [(at, f"{part.item}.{name}: {what}") for what in wrong]
    return [f"{definitions.place(bundle.code, *at)}: {bundle.code}: {what}" for at, what in problems]


def check_screener(screener: Screener, path: Path, definitions: Definitions) -> list[str]:
    """Everything about one screener: its questions, expressions and worked examples."""
    placed = check_questions(screener.questions, definitions)
    if not placed:
        scope = expressions.scope(expressions.shape_of(screener.questions))
        wanted = [
            *((("findings", i), f"finding {one.id}", one.when, T.BOOL) for i, one in enumerate(screener.findings)),
            *((("terms", i), f"term {one.id}", one.when, T.BOOL) for i, one in enumerate(screener.terms)),
            *((("terms", i), f"term {one.id}", one.since, T.TIMESTAMP) for i, one in enumerate(screener.terms)),
            *((("terms", i), f"term {one.id}", one.cap_since, T.TIMESTAMP) for i, one in enumerate(screener.terms)),
        ]
        placed = [
            (at, f"{about}: {what}")
            for at, about, text, kind in wanted
            for what in _wrong(scope, [(text, kind)], definitions)
        ]
        placed += [(("carries",), what) for what in _check_carries(screener, scope)]
    if not placed:
        for i, example in enumerate(screener.examples):
            placed += [
                (("examples", i), f"example “{example.name}”: {what}") for what in examples.screened(screener, example)
            ]
    return [f"{line_of(path, *at)}: {screener.screener}: {what}" for at, what in placed]


def _check_carries(screener: Screener, scope: Scope) -> list[str]:
    problems = []
    for name, text in screener.carries.items():
        try:
            scope.compiled(text)
        except Wrong as error:
            problems.append(f"{name}: {error}")
    return problems
