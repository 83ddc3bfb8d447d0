"""Rules of definitions: CEL (Common Expression Language), checked against the questions when a definition is read.

One engine for page, API, hotline, window and kiosk. Names are the ids of questions, typed by their kind; what is
not answered yet is *open*: `a || open` is true when `a` is, otherwise the whole expression is open (None).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from fawang.base.catalogue import figures
from fawang.base.catalogue.schema import Question, QuestionType
from fawang.kernel.clock import SHANGHAI

T = cel.Type
_WORDS = T.Map(T.STRING, T.STRING)
TYPES: dict[QuestionType, cel.Type] = {
    QuestionType.TEXT: T.STRING, QuestionType.LONG_TEXT: T.STRING, QuestionType.CHOICE: T.STRING,
    QuestionType.CHOICES: T.List(T.STRING), QuestionType.YES_NO: T.BOOL, QuestionType.DATE: T.TIMESTAMP,
    QuestionType.DATETIME: T.TIMESTAMP, QuestionType.DATE_RANGE: T.Map(T.STRING, T.TIMESTAMP),
    QuestionType.AMOUNT: T.INT, QuestionType.NUMBER: T.INT, QuestionType.DIVISION: T.STRING,
    QuestionType.ADDRESS: _WORDS, QuestionType.POINT: T.Map(T.STRING, T.INT), QuestionType.PHONE: T.STRING,
    QuestionType.EMAIL: T.STRING, QuestionType.NAME: T.STRING, QuestionType.ID_NUMBER: _WORDS,
    QuestionType.USCC: T.STRING, QuestionType.PLATE: T.STRING, QuestionType.FILE: T.STRING,
    QuestionType.SIGNATURE: _WORDS, QuestionType.GROUP: T.List(T.Map(T.STRING, T.DYN)),
}  # fmt: skip
# names that every expression knows besides the questions
AMBIENT = {"today": T.TIMESTAMP, "applicant_kind": T.STRING, "on_behalf": T.BOOL, "answered": T.List(T.STRING)}
_PARTS = {
    QuestionType.DATE_RANGE: {"from", "to"}, QuestionType.ADDRESS: {"division", "text"},
    QuestionType.POINT: {"lat", "lng"}, QuestionType.ID_NUMBER: {"type", "number"},
    QuestionType.SIGNATURE: {"name"},
}  # fmt: skip
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_NAME = re.compile(r"(?<![\w.])([a-z_][a-z0-9_]*)\b(?!\s*\()")
_SELECTED = re.compile(r"\.\s*([a-z_][a-z0-9_]*)\b(?!\s*\()")
_IN_ANSWERED = re.compile(r"[\"'](\w+)[\"']\s+in\s+answered\b")
_WHERE = re.compile(r"<input>:\d+:(\d+): ([^\n]*)")
Shape = tuple[tuple[str, QuestionType, frozenset[str]], ...]


class ExpressionError(ValueError):
    """An expression that cannot be: an unknown name, a wrong type, bad syntax. The text says what and where."""


def _local(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _years(since: datetime, until: datetime) -> int:
    """Full years between two days (民法典 art. 200: by the calendar), negative when the second is earlier."""
    a, b = _local(since), _local(until)
    return b.year - a.year - ((b.month, b.day) < (a.month, a.day))


def _days(since: datetime, until: datetime) -> int:
    return (_local(until) - _local(since)).days


def _figure(name: str, area: str, on: datetime) -> int:
    return figures.figure(name, area, _local(on))


def _brackets(name: str, fen: int, on: datetime) -> int:
    return figures.brackets(name, fen, _local(on))


def _declared(name: str, returns: cel.Type, takes: list[cel.Type], impl: Any) -> cel.FunctionDecl:
    return cel.FunctionDecl(name, [cel.Overload(f"{name}_fawang", returns, takes, False, impl)])


FUNCTIONS = [
    _declared("years", T.INT, [T.TIMESTAMP, T.TIMESTAMP], _years),
    _declared("days", T.INT, [T.TIMESTAMP, T.TIMESTAMP], _days),
    _declared("figure", T.INT, [T.STRING, T.STRING, T.TIMESTAMP], lambda n, a, on: figures.figure(n, a, _local(on))),
    _declared(
        "brackets", T.INT, [T.STRING, T.INT, T.TIMESTAMP], lambda n, fen, on: figures.brackets(n, fen, _local(on))
    ),
]


def shape_of(questions: Iterable[Question]) -> Shape:
    """What expressions over these questions may name, as a key."""
    return tuple((q.id, q.type, frozenset(inner.id for inner in q.questions)) for q in questions)


class Scope:
    """The names one definition's expressions may use, and the expressions compiled so far."""

    def __init__(self, shape: Shape) -> None:
        self.names = {name: kind for name, kind, _columns in shape}
        self._columns = {name: columns for name, _kind, columns in shape}
        self._compiled: dict[str, cel.Expression] = {}
        variables = {name: TYPES[kind] for name, kind in self.names.items()}
        self._env = cel.NewEnv(variables={**variables, **AMBIENT}, functions=FUNCTIONS)

    def compiled(self, text: str) -> cel.Expression:
        """The expression, compiled once. Raises ExpressionError."""
        found = self._compiled.get(text)
        if found is None:
            try:
                found = self._env.compile(text)
            except RuntimeError as error:
                raise ExpressionError(_said(str(error), text)) from None
            self._compiled[text] = found
        return found

    def check(self, text: str, wanted: cel.Type) -> None:
        """Refuse an expression that does not compile, gives another type, or names a part that is not there."""
        given = self.compiled(text).return_type()
        if given not in (wanted, T.DYN):
            raise ExpressionError(f"`{text}` gives {given.name()} where {wanted.name()} is needed")
        for name in _IN_ANSWERED.findall(text):
            if name not in self.names:
                raise ExpressionError(f"`{text}`: there is no question {name}")
        used = names_in(text)
        known = {part for name in used & set(self.names) for part in self._parts_of(name)}
        if wrong := sorted(set(_SELECTED.findall(_STRING.sub('""', text))) - known):
            raise ExpressionError(f"`{text}`: nothing has a part {', '.join(wrong)}")

    def _parts_of(self, name: str) -> set[str]:
        return _PARTS.get(self.names[name], set()) | self._columns[name]

    def type_of(self, name: str) -> cel.Type:
        """The type that a question's answer has in expressions."""
        return TYPES[self.names[name]]

    def values(self, answers: Mapping[str, Any], ambient: Mapping[str, Any]) -> dict[str, Any]:
        """Opened answers as expressions see them."""
        known = {n: to_cel(self.names[n], value) for n, value in answers.items() if n in self.names}
        return {**known, **ambient, "answered": sorted(known)}

    def value(self, text: str, values: Mapping[str, Any]) -> Any:
        """The expression's value as plain Python; None while it is open (a name unanswered, no figure, 1/0)."""
        result = self.compiled(text).eval(data=values)
        return None if result.type() in (T.ERROR, T.UNKNOWN) else result.plain_value()


def _said(error: str, text: str) -> str:
    found = _WHERE.search(error)
    return f"`{text}`: column {found[1]}: {found[2]}" if found else f"`{text}`: {error.splitlines()[0]}"


@lru_cache(maxsize=2_000)
def scope(shape: Shape) -> Scope:
    """The scope of a shape, made once."""
    return Scope(shape)


def names_in(text: str) -> set[str]:
    """The names an expression uses: questions and, within a row's macro, its variables."""
    plain = _STRING.sub('""', text)
    return set(_NAME.findall(plain)) | set(_IN_ANSWERED.findall(text))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _day(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def to_cel(kind: QuestionType, value: Any) -> Any:
    """A cleaned answer as expressions see it: days and moments as timestamps, everything else as it is."""
    if kind in {QuestionType.DATE, QuestionType.DATETIME}:
        return _moment(value)
    if kind == QuestionType.DATE_RANGE:
        return {part: _moment(day) for part, day in value.items()}
    return value


def from_cel(kind: QuestionType, value: Any) -> Any:
    """A computed value in the form in which an answer of that kind is given."""
    if isinstance(value, datetime):
        moment = value.astimezone(SHANGHAI)
        return moment.date().isoformat() if kind == QuestionType.DATE else moment.isoformat()
    return value


def ambient(*, today: date, applicant_kind: str, on_behalf: bool) -> dict[str, Any]:
    """The values of the names that every expression knows."""
    return {"today": _day(today), "applicant_kind": applicant_kind, "on_behalf": on_behalf}
