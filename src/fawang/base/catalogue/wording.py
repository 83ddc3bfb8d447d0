"""Rules in words: a CEL expression as a clause in Chinese or English, for those who read a service but do not program.

`topic == "other"` becomes “想听什么”是“其他”. What has no simple words (a computed amount, a look-up in a map) stays
as it is written; the caller shows the expression beside the words in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fawang.base.catalogue.data import tables
from fawang.base.catalogue.schema import Question, QuestionType

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)'
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()\[\]{}]))"
)
# (sign, Chinese, English); of comparisons
_SIGNS = {
    "==": ("是", "is"), "!=": ("不是", "is not"), "<": ("小于", "is less than"), "<=": ("不超过", "is at most"),
    ">": ("大于", "is more than"), ">=": ("不少于", "is at least"),
}  # fmt: skip
_TRUTH = {"true": ("总是", "always"), "false": ("从不", "never")}
_NUMERIC = {"==": ("等于", "is"), "!=": ("不等于", "is not")}
_AMBIENT = {
    "today": ("今天", "today"), "applicant_kind": ("申请人", "the applicant"),
    "on_behalf": ("是代办的", "somebody acts for the person"),
}  # fmt: skip
_KINDS = {
    "PERSON": ("个人", "a person"), "ORG": ("单位", "an organisation"), "AGENCY": ("办案机关", "an authority"),
    "ANONYMOUS": ("匿名的人", "anonymous"),
}  # fmt: skip
_PARTS = {
    "from": ("开始", "begin"), "to": ("结束", "end"), "number": ("号码", "number"), "type": ("种类", "kind"),
    "division": ("地区", "place"), "text": ("详细地址", "address"), "name": ("姓名", "name"),
}  # fmt: skip


class _CannotTell(ValueError):
    """The expression has no simple words."""


@dataclass(frozen=True)
class _Said:
    """A piece in words. `question` is set when it is a question's bare answer, `row` for a row's variable."""

    words: str
    question: Question | None = None
    row: Question | None = None
    kind: str = ""
    binds: int = 9


def in_words(text: str, questions: Sequence[Question], language: str) -> str:
    """The rule as a clause in `language`; empty where it can only be shown as it is written."""
    try:
        return _Teller(text, questions, language.startswith("en")).told()
    except _CannotTell:
        return ""


class _Teller:
    """Reads an expression from left to right and says it. Comparisons bind before `&&`, `&&` before `||`."""

    def __init__(self, text: str, questions: Sequence[Question], is_english: bool) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._questions = {question.id: question for question in questions}
        self._rows: dict[str, Question] = {}
        self._is_english = is_english

    def told(self) -> str:
        said = self._either()
        if self._at != len(self._tokens):
            raise _CannotTell
        return self._true(said).words

    # --- reading ---
    def _next(self, *wanted: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at] in wanted:
            self._at += 1
            return self._tokens[self._at - 1]
        return ""

    def _take(self) -> str:
        if self._at >= len(self._tokens):
            raise _CannotTell
        self._at += 1
        return self._tokens[self._at - 1]

    def _must(self, wanted: str) -> None:
        if not self._next(wanted):
            raise _CannotTell

    # --- saying ---
    def _say(self, zh: str, en: str) -> str:
        return en if self._is_english else zh

    def _quoted(self, words: str) -> str:
        return f"“{words}”"

    def _chain(self, part: Callable[[], _Said], sign: str, joint: tuple[str, str], binds: int) -> _Said:
        found = [part()]
        while self._next(sign):
            found.append(part())
        if len(found) == 1:
            return found[0]
        true = [self._true(one) for one in found]
        words = [f"（{one.words}）" if one.binds < binds and not self._is_english else
                 f"({one.words})" if one.binds < binds else one.words for one in true]  # fmt: skip
        return _Said(self._say(*joint).join(words), binds=binds)

    def _either(self) -> _Said:
        return self._chain(self._both, "||", ("，或者", ", or "), 1)

    def _both(self) -> _Said:
        return self._chain(self._compared, "&&", ("，并且", ", and "), 2)

    def _true(self, said: _Said) -> _Said:
        """A bare answer used as a condition."""
        if said.question is None:
            return said
        if said.question.type != QuestionType.YES_NO:
            raise _CannotTell
        return _Said(self._say(f"{said.words}答“是”", f"{said.words} is answered yes"))

    def _compared(self) -> _Said:
        left = self._plain()
        sign = self._next("==", "!=", "<", "<=", ">", ">=", "in")
        if not sign:
            return left
        if sign == "in":
            return self._within(left)
        right = self._plain()
        one, two = (right, left) if left.kind == "text" else (left, right)
        value = self._value(two, one)
        is_number = two.kind == "number" or (one.question is not None and one.question.type == QuestionType.NUMBER)
        words = (_NUMERIC if is_number else {}).get(sign) or _SIGNS[sign]
        if (when := self._moments(one, two)) and sign in when:
            words = when[sign]
        return _Said(self._say(f"{one.words}{words[0]}{value}", f"{one.words} {words[1]} {value}"))

    @staticmethod
    def _moments(one: _Said, two: _Said) -> Mapping[str, tuple[str, str]]:
        if "day" not in (one.kind, two.kind):
            return {}
        return {
            "<": ("早于", "is before"), "<=": ("不晚于", "is not after"), ">": ("晚于", "is after"),
            ">=": ("不早于", "is not before"),
        }  # fmt: skip

    def _within(self, left: _Said) -> _Said:
        """`x in [..]`, `"x" in several`, `"x" in answered`."""
        if self._next("["):
            values = [self._value(self._plain(), left)]
            while self._next(","):
                values.append(self._value(self._plain(), left))
            self._must("]")
            return _Said(self._say(f"{left.words}是{'或'.join(values)}", f"{left.words} is {' or '.join(values)}"))
        name = self._take()
        if left.kind != "text":
            raise _CannotTell
        if name == "answered":
            if left.words not in self._questions:
                raise _CannotTell
            label = self._label(self._questions[left.words])
            return _Said(self._say(f"{label}已经回答", f"{label} has been answered"))
        if name not in self._questions:
            raise _CannotTell
        label, value = self._label(self._questions[name]), self._option(self._questions[name], left.words)
        return _Said(self._say(f"{label}选了{value}", f"{value} is chosen in {label}"))

    def _plain(self) -> _Said:
        """A value: a name, a text, a number, a call, something in brackets, or its denial."""
        if self._next("!"):
            return self._denied(self._plain())
        if self._next("("):
            inside = self._either()
            self._must(")")
            return inside
        token = self._take()
        if token[0] in "\"'":
            return _Said(token[1:-1], kind="text")
        if token[0].isdigit():
            return _Said(token, kind="number")
        if token in _TRUTH:
            return _Said(self._say(*_TRUTH[token]), kind="truth")
        if not re.fullmatch(r"[A-Za-z_]\w*", token):
            raise _CannotTell
        if self._next("("):
            return self._called(token)
        return self._selected(self._named(token))

    def _denied(self, said: _Said) -> _Said:
        if said.question is not None and said.question.type == QuestionType.YES_NO:
            return _Said(self._say(f"{said.words}答“否”", f"{said.words} is answered no"))
        if said.question is not None:
            raise _CannotTell
        return _Said(self._say(f"不是（{said.words}）", f"not ({said.words})"))

    def _named(self, name: str) -> _Said:
        if name in self._rows:
            return _Said("", row=self._rows[name])
        if name in _AMBIENT:
            kind = {"today": "day", "applicant_kind": "applicant"}.get(name, "")
            return _Said(self._say(*_AMBIENT[name]), kind=kind)
        question = self._questions.get(name)
        if question is None:
            raise _CannotTell
        kind = "day" if question.type in {QuestionType.DATE, QuestionType.DATETIME} else ""
        return _Said(self._label(question), question, kind=kind)

    def _selected(self, said: _Said) -> _Said:
        """`person.number`, `row.column`, `rows.exists(row, …)`."""
        while self._next("."):
            part = self._take()
            if part in {"exists", "all"} and self._next("("):
                said = self._of_rows(part, said)
            elif said.row is not None:
                inner = next((one for one in said.row.questions if one.id == part), None)
                if inner is None:
                    raise _CannotTell
                said = _Said(self._label(inner), inner)
            elif part in _PARTS and said.question is not None:
                words = self._say(*_PARTS[part])
                kind = "day" if said.question.type == QuestionType.DATE_RANGE else ""
                said = _Said(self._say(f"{said.words}的{words}", f"the {words} of {said.words}"), kind=kind)
            else:
                raise _CannotTell
        return said

    def _of_rows(self, which: str, said: _Said) -> _Said:
        if said.question is None or not said.question.questions:
            raise _CannotTell
        variable = self._take()
        self._must(",")
        self._rows[variable] = said.question
        inside = self._true(self._either()).words
        self._must(")")
        row = self._say(said.question.row_zh, said.question.row_en)
        if which == "exists":
            return _Said(
                self._say(f"{said.words}里有一个{row}的{inside}", f"in {said.words} there is a {row} where {inside}")
            )
        return _Said(self._say(f"{said.words}里每个{row}的{inside}", f"in {said.words}, of every {row} {inside}"))

    def _called(self, function: str) -> _Said:
        if function not in {"years", "days"}:
            raise _CannotTell
        since = self._selected_or_today()
        self._must(",")
        until = self._selected_or_today()
        self._must(")")
        unit = self._say("满几年", "the full years") if function == "years" else self._say("的天数", "the days")
        return _Said(self._say(f"从{since}到{until}{unit}", f"{unit} from {since} to {until}"), kind="number")

    def _selected_or_today(self) -> str:
        return self._selected(self._named(self._take())).words

    def _value(self, value: _Said, about: _Said) -> str:
        if value.kind != "text":
            if value.question is not None and about.question is not None and value.question.type == QuestionType.CHOICE:
                return value.words
            return self._amount(value, about)
        if about.kind == "applicant":
            return self._say(*_KINDS.get(value.words, (value.words, value.words)))
        if about.question is None:
            return self._quoted(value.words)
        return self._option(about.question, value.words)

    def _amount(self, value: _Said, about: _Said) -> str:
        """An amount is written in fen and read in yuan."""
        question = about.question
        if value.kind == "number" and question is not None and question.type == QuestionType.AMOUNT:
            yuan = int(value.words) / 100
            return self._say(f"{yuan:,.2f} 元".replace(".00", ""), f"¥{yuan:,.2f}".replace(".00", ""))
        return value.words

    def _label(self, question: Question) -> str:
        return self._quoted(question.en if self._is_english else question.zh)

    def _option(self, question: Question, value: str) -> str:
        language = "en" if self._is_english else "zh"
        found: Any = next((option for option in question.options if option.value == value), None)
        if found is not None:
            return self._quoted(found.say(language))
        rows = tables()[question.table].rows if question.table in tables() else []
        row = next((row for row in rows if str(row["code"]) == value), None)
        return self._quoted(str(row[language]) if row else value)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _CannotTell
        found.append(match[0].strip())
        at = match.end()
    return found
