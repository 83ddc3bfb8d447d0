"""Bundles (套餐): one application, shared questions asked once, several orders. Here the questions are joined."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fawang.base.catalogue import expressions
from fawang.base.catalogue.expressions import ExpressionError, names_in
from fawang.base.catalogue.forms import Flow
from fawang.base.catalogue.schema import Check, Part, Question, QuestionType, ServiceItem

# a text in quotes, with what follows when it is looked for among the answered; or a name, no part and no function
_WORD = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?P<asked>\s+in\s+answered\b)?"""
    r"""|(?<![\w.])(?P<name>[a-z_][a-z0-9_]*)\b(?!\s*\()"""
)
_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*")


def together(
    bundle: ServiceItem, items: Mapping[str, ServiceItem], bank: Mapping[str, Mapping[str, Any]]
) -> ServiceItem:
    """The bundle with the questions of its parts, each asked once and only when its part belongs to the application.

    Two questions are the same when they come from the same question of the bank (or carry the same meaning) and take
    the same answers; what a part keeps `apart` is shared with nobody. A question with another's id is renamed
    `part__id`; a part's own question says of which service it is; what two parts ask in other words is asked in those
    of the bank (its raw questions by id). What `answers` fills, what is computed, and what nobody could be asked here
    is not asked.
    """
    questions, apart = list(bundle.questions), set[str]()
    parts = []
    for part in bundle.parts:
        item = items[part.item]
        joining = _Joining(bundle, questions, part, apart, bank)
        joining.take(item)
        parts.append(part.model_copy(update={"names": joining.names, "version": item.version}))
    gone = _never_asked(bundle, questions)
    kept = [part.model_copy(update={"names": {n: o for n, o in part.names.items() if o not in gone}}) for part in parts]
    return bundle.model_copy(update={"questions": [q for q in questions if q.id not in gone], "parts": kept})


def _never_asked(bundle: ServiceItem, questions: Sequence[Question]) -> set[str]:
    """Questions whose `show` is false whatever is answered (what a part's `answers` rule out, other applicants'), as
    far as no other question rests on them."""
    scope = expressions.scope(expressions.shape_of(questions))
    kinds = bundle.applicant_kinds
    known = {"applicant_kind": kinds[0]} if len(kinds) == 1 else {}
    try:
        never = {q.id for q in questions if q.show and scope.value(q.show, known) is False}
    except ExpressionError:
        # the check of the bundle says where
        return set()
    rules = [
        [q.show, q.require, q.compute, *(check.rule for check in q.checks)] for q in questions if q.id not in never
    ]
    return never - {name for texts in rules for text in texts for name in names_in(text)}


def chosen(bundle: ServiceItem, flow: Flow) -> list[Part]:
    """The parts that belong to an application with the answers of `flow`."""
    return [part for part in bundle.parts if not part.when or flow.is_true(part.when)]


def answers_of(part: Part, item: ServiceItem, flow: Flow) -> dict[str, Any]:
    """A part's answers: what was asked in the bundle's names, and what the bundle knows without asking."""
    given = {name: flow.answers[ours] for name, ours in part.names.items() if ours in flow.answers}
    for name, text in part.answers.items():
        question = item.question(name)
        if question is not None and (value := flow.computed(question.model_copy(update={"compute": text}))) is not None:
            given[name] = value
    return given


def either(*texts: str) -> str:
    """One of these."""
    kept = list(dict.fromkeys(text for text in texts if text))
    return " || ".join(f"({text})" for text in kept) if len(kept) > 1 else "".join(kept)


def both(*texts: str) -> str:
    """All of these; empty ones count as true."""
    kept = list(dict.fromkeys(text for text in texts if text))
    return " && ".join(f"({text})" for text in kept) if len(kept) > 1 else "".join(kept)


class _Joining:
    """One part's questions on their way into the bundle's. `says` is what stands for each of them in expressions."""

    def __init__(
        self, bundle: ServiceItem, questions: list[Question], part: Part, apart: set[str],
        bank: Mapping[str, Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self.bank = bank
        self.own = {question.id for question in bundle.questions}
        self.questions = questions
        self.part = part
        self.apart = apart
        self.names: dict[str, str] = {}
        self.says = {name: f"({text})" for name, text in part.answers.items()}

    def take(self, item: ServiceItem) -> None:
        """Put the item's questions to the bundle's, and note under which names."""
        for question in item.questions:
            if question.id in self.part.answers:
                continue
            if question.compute:
                self.says[question.id] = f"({self.renamed(question.compute)})"
                continue
            at = self._place_of(question)
            if at is None:
                name = self._free_name(question.id)
                self.names[question.id] = self.says[question.id] = name
                self.questions.append(self._new(question, name, item))
            else:
                self.names[question.id] = self.says[question.id] = self.questions[at].id
                self.questions[at] = self._shared(at, question)

    def renamed(self, text: str) -> str:
        """An expression of the part in the bundle's words."""

        def word(found: re.Match[str]) -> str:
            if found["name"]:
                return self.says.get(found["name"], found["name"])
            said = self.says.get(found["text"][1:-1]) if found["asked"] else None
            if said is None:
                return found[0]
            if _SIMPLE.fullmatch(said):
                return f'"{said}"{found["asked"]}'
            # an answer that is worked out is there when everything it rests on is
            rests_on = sorted(names_in(said) & {question.id for question in self.questions})
            return "(" + (both(*(f'"{name}" in answered' for name in rests_on)) or "true") + ")"

        return _WORD.sub(word, text)

    def _place_of(self, question: Question) -> int | None:
        """Where the bundle asks the same already; two questions of one part stay two."""
        if question.id in self.part.apart:
            return None
        taken = {*self.names.values(), *self.apart}
        same = [n for n, q in enumerate(self.questions) if q.id not in taken and _is_same(question, q)]
        return next((n for n in same if self.questions[n].id == question.id), same[0] if same else None)

    def _free_name(self, name: str) -> str:
        known = {question.id for question in self.questions}
        if name not in known:
            return name
        start = f"{self.part.item.lower()}__{name}"
        tried = [start[:40], *(f"{start[:37]}_{n}" for n in range(2, 99))]
        return next(one for one in tried if one not in known)

    def _new(self, question: Question, name: str, item: ServiceItem) -> Question:
        update: dict[str, Any] = {"id": name, "show": both(self.part.when, self.renamed(question.show))}
        if question.id in self.part.apart:
            self.apart.add(name)
        if question.id in self.part.apart or not question.bank:
            # without its service around it nobody knows what it is about
            update |= {"zh": f"{item.zh}：{question.zh}", "en": f"{item.en}: {question.en}"}
        if question.require:
            update["require"] = self.renamed(question.require)
        update["checks"] = self._checks(question)
        return question.model_copy(update=update)

    def _shared(self, at: int, wanted: Question) -> Question:
        """Asked when any of its parts asks it, required when one that is chosen requires it."""
        known = self.questions[at]
        mine = self._askable(at, both(self.part.when, self.renamed(wanted.show)))
        update: dict[str, Any] = {"show": either(known.show, mine) if known.show and mine else ""}
        if known.id not in self.own and known.zh != wanted.zh:
            update |= self._common_words(known.bank or wanted.bank)
        requires = [both(known.show, known.require) if known.require else ""]
        if known.required and known.show and not wanted.required:
            update["required"] = False
            requires.append(known.show)
        if wanted.required and not known.required:
            update |= {} if mine else {"required": True}
            requires.append(mine)
        if wanted.require:
            requires.append(both(mine, self.renamed(wanted.require)))
        update["require"] = either(*requires)
        update["checks"] = _checks_of(known.checks, known.show) + [
            check for check in _checks_of(self._checks(wanted), mine) if check not in known.checks
        ]
        return known.model_copy(update={**update, **_narrower(known, wanted)})

    def _common_words(self, name: str) -> dict[str, Any]:
        """A question as the bank words it, for parts that would each word it their own way."""
        raw = self.bank.get(name)
        keys = ("zh", "en", "help_zh", "help_en")
        return {"bank": name, **{key: raw.get(key, "") for key in keys}} if raw else {}

    def _askable(self, at: int, text: str) -> str:
        """When a part asks: what is decided only by a later answer is asked of everybody who chose the part."""
        later = {question.id for question in self.questions[at:]}
        if not names_in(text) & later:
            return text
        return "" if names_in(self.part.when) & later else self.part.when

    def _checks(self, question: Question) -> list[Check]:
        return [check.model_copy(update={"rule": self.renamed(check.rule)}) for check in question.checks]


def _checks_of(checks: Sequence[Check], asked: str) -> list[Check]:
    """What an answer must fulfil for those who were asked by the part that says so."""

    def only_then(rule: str) -> str:
        return f"!({asked}) || ({rule})" if asked and not rule.startswith("!(") else rule

    return [check.model_copy(update={"rule": only_then(check.rule)}) for check in checks]


def _is_same(one: Question, other: Question) -> bool:
    if one.type != other.type or not _takes_the_same(one, other):
        return False
    # a question written out under the name of one of the bank asks the same
    from_bank = {(one.bank or one.id), (other.bank or other.id)}
    is_of_bank = bool(one.bank or other.bank) and len(from_bank) == 1
    return is_of_bank or bool(one.meaning and one.meaning == other.meaning)


def _takes_the_same(one: Question, other: Question) -> bool:
    """Whether an answer to one is an answer to the other: the same options, the same columns."""
    if (one.table, {o.value for o in one.options}) != (other.table, {o.value for o in other.options}):
        return False
    columns = [[(q.id, q.type, q.required) for q in question.questions] for question in (one, other)]
    return columns[0] == columns[1]


def _narrower(one: Question, other: Question) -> dict[str, Any]:
    """What both take: the shorter text, the smaller range; sealed when either is."""

    def tighter(name: str, choose: Any) -> int | None:
        given: Sequence[int] = [v for v in (getattr(one, name), getattr(other, name)) if v is not None]
        return choose(given) if given else None

    update: dict[str, Any] = {
        "minimum": tighter("minimum", max), "maximum": tighter("maximum", min),
        "not_after_today": one.not_after_today or other.not_after_today, "sensitive": one.sensitive or other.sensitive,
    }  # fmt: skip
    if one.type in {QuestionType.TEXT, QuestionType.LONG_TEXT, QuestionType.ADDRESS}:
        update["max_length"] = min(one.max_length, other.max_length)
    return update
