"""Answers to the questions of any service: made from its questions alone, valid, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.forms import Facts
from fawang.base.catalogue.schema import Question, QuestionType, ServiceItem
from fawang.base.identity.tests import factories as identities
from fawang.kernel import clock
from fawang.kernel.errors import Invalid

PLACE = "510107"
NAMES = ["王示例", "李示例", "赵示例", "钱示例"]
TEXTS = ["示例内容，按实际情况填写", "单位拖欠三个月工资", "示例路88号门前"]
TRIES = 40
# stands for a file: each driver hands a real one in; well-formed as a token, so that forms can be tried
FILE = "a" * 22


def _day(chance: random.Random, question: Question) -> str:
    """A day that most forms take: past where the future is refused, near today."""
    ahead = 0 if question.not_after_today else chance.choice([0, 20, 60])
    return (
        clock.today() + timedelta(days=ahead) - timedelta(days=chance.choice([0, 3, 12, 40, 400, 4000, 14000]))
    ).isoformat()


def _options(question: Question) -> list[str]:
    return sorted(catalogue.codes(question.table)) if question.table else [one.value for one in question.options]


def _number(chance: random.Random, question: Question) -> int:
    least = question.minimum if question.minimum is not None else 0
    most = question.maximum if question.maximum is not None else least + 60
    return chance.choice([least, min(least + 1, most), chance.randint(least, most), min(most, max(least, 30))])


def value_for(question: Question, chance: random.Random) -> Any:
    """A raw answer of the question's kind; None for what is left out (files, points)."""
    kind = question.type
    if kind in {QuestionType.TEXT, QuestionType.LONG_TEXT}:
        return chance.choice(TEXTS)[: question.max_length]
    if kind == QuestionType.CHOICE:
        return chance.choice(_options(question))
    if kind == QuestionType.CHOICES:
        return sorted(chance.sample(_options(question), k=1))
    if kind == QuestionType.AMOUNT:
        least = question.minimum or 0
        fen = chance.choice([least, 50_000, 1_234_550, 30_000_000])
        fen = min(max(fen, least), question.maximum or fen)
        return f"{fen // 100}.{fen % 100:02d}"
    if kind == QuestionType.FILE:
        return FILE if question.required else None
    simple = {
        QuestionType.YES_NO: lambda: chance.choice(["yes", "no"]),
        QuestionType.DATE: lambda: _day(chance, question),
        QuestionType.DATETIME: lambda: f"{_day(chance, question)}T10:00",
        QuestionType.DATE_RANGE: lambda: dict(zip(("from", "to"), sorted([_day(chance, question), _day(chance, question)]), strict=True)),
        QuestionType.NUMBER: lambda: str(_number(chance, question)),
        QuestionType.DIVISION: lambda: PLACE,
        QuestionType.ADDRESS: lambda: {"division": PLACE, "text": "示例路1号"},
        QuestionType.PHONE: lambda: f"1390000{chance.randrange(10_000):04d}",
        QuestionType.EMAIL: lambda: "a@example.com",
        QuestionType.NAME: lambda: chance.choice(NAMES),
        QuestionType.ID_NUMBER: lambda: {"type": "ID_CARD", "number": identities.id_card(born=date(1980 + chance.randrange(20), 3, 7), serial=chance.randrange(1, 999))},
        QuestionType.USCC: lambda: identities.uscc(number=chance.randrange(1, 900_000)),
        QuestionType.PLATE: lambda: "川A12345",
        QuestionType.SIGNATURE: lambda: {"name": "王示例"},
        QuestionType.GROUP: lambda: [_row(question, chance) for _ in range(max(question.minimum or 0, 1))],
    }  # fmt: skip
    return simple[kind]() if kind in simple else None


def _row(group: Question, chance: random.Random) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for question in group.questions:
        if question in forms.asked(group.questions, forms.readable(group.questions, row)):
            value = value_for(question, chance)
            if value is not None:
                row[question.id] = value
    return row


def answers_for(item: ServiceItem, facts: Facts, seed: int) -> dict[str, Any]:
    """Raw answers that the service takes. Raises AssertionError when none were found: then the form cannot be filled."""
    refused: dict[str, Any] = {}
    for attempt in range(TRIES):
        chance = random.Random(f"{item.code}:{facts.applicant_kind}:{seed}:{attempt}")
        given = _filled(item, facts, chance)
        try:
            forms.clean(item.questions, given, facts=facts)
        except Invalid as wrong:
            refused = {name: str(words) for name, words in wrong.fields.items()}
            continue
        return given
    for example in _examples(item, facts):
        try:
            forms.clean(item.questions, example, facts=facts)
        except Invalid as wrong:
            refused = {name: str(words) for name, words in wrong.fields.items()}
            continue
        return example
    raise AssertionError(f"{item.code} ({facts.applicant_kind}) refuses whatever is answered: {refused}")


def _examples(item: ServiceItem, facts: Facts) -> list[dict[str, Any]]:
    """The worked examples: for forms whose rules chance does not meet, such as numbers of a shape of their own."""
    fitting = [e for e in item.examples if e.applicant == facts.applicant_kind and e.expect.refused is None]
    files = {q.id for q in item.questions if q.type == QuestionType.FILE}
    return [{name: FILE if name in files else value for name, value in e.answers.items()} for e in fitting]


def _filled(item: ServiceItem, facts: Facts, chance: random.Random) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for question in item.questions:
        known = forms.readable(item.questions, given, facts=facts)
        if question.compute or question.material or question not in forms.asked(item.questions, known, facts):
            continue
        flow = forms.walked(item.questions, known, facts)
        if flow.needs(question) or chance.random() < 0.5:
            value = value_for(question, chance)
            if value not in (None, "", []):
                given[question.id] = value
    return given
