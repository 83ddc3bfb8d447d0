"""Expressions are checked before anybody answers: names, types, parts; then they are open until they can be known."""

from datetime import date

import pytest

from fawang.base.catalogue import expressions, figures
from fawang.base.catalogue.expressions import ExpressionError, T
from fawang.base.catalogue.schema import Figure, Question, QuestionType, Tariff

COLUMNS = [
    {"id": "name", "zh": "姓名", "en": "Name", "type": "name"},
    {"id": "age", "zh": "岁", "en": "Age", "type": "number"},
]


def question(name, kind):
    more = {"questions": COLUMNS, "row_zh": "人", "row_en": "person"} if kind == "group" else {}
    options = [{"value": "a", "zh": "甲", "en": "A"}] if kind in {"choice", "choices"} else []
    return Question(id=name, zh=name, en=name, type=kind, options=options, **more)


@pytest.fixture
def scope():
    kinds = ["yes_no", "amount", "choice", "choices", "date", "date_range", "address", "division", "group", "id_number"]
    return expressions.scope(expressions.shape_of([question(kind, kind) for kind in kinds]))


@pytest.mark.parametrize(
    "text",
    [
        "yes_no", "amount < 100", 'choice == "a"', '"a" in choices', "years(date, today) >= 18", "date_range.from < date",
        'address.division.startsWith("51")', "group.exists(p, p.age > 60)", 'id_number.type == "PASSPORT"',
        '"amount" in answered && amount > 1', 'applicant_kind in ["ORG", "AGENCY"]', "on_behalf || yes_no",
        'figure("hardship_line", division, today) > amount', "size(group) > 2",
    ],
)  # fmt: skip
def test_an_expression_over_questions_of_its_definition_fits(scope, text):
    scope.check(text, T.BOOL)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("amuont < 100", "undeclared reference to 'amuont'"),
        ('amount < "100"', "no matching overload"),
        ("amount +", "column"),
        ("amount", "INT"),
        ('"amuont" in answered', "no question amuont"),
        ("address.street == choice", "nothing has a part street"),
        ("group.exists(p, p.agee > 60)", "nothing has a part agee"),
        ("eval(choice)", "undeclared reference"),
    ],
)
def test_an_expression_that_cannot_be_is_refused_with_the_reason(scope, text, says):
    with pytest.raises(ExpressionError, match=says):
        scope.check(text, T.BOOL)


def test_what_is_not_answered_leaves_an_expression_open_unless_it_does_not_matter(scope):
    known = expressions.ambient(today=date(2026, 5, 1), applicant_kind="PERSON", on_behalf=False)

    def value(text, **answers):
        return scope.value(text, scope.values(answers, known))

    assert value("amount < 100") is None
    assert value("amount < 100 || yes_no", yes_no=True) is True
    assert value("amount < 100 && yes_no", yes_no=False) is False
    assert value("amount / 0 > 1", amount=5) is None
    assert value('figure("no_such", "510107", today) > 1') is None


def test_years_and_days_go_by_the_calendar_of_beijing(scope):
    known = expressions.ambient(today=date(2026, 2, 28), applicant_kind="PERSON", on_behalf=False)
    assert scope.value("years(date, today)", scope.values({"date": "2008-02-29"}, known)) == 17
    assert scope.value("days(date, today)", scope.values({"date": "2026-02-01"}, known)) == 27


def test_every_kind_of_question_has_a_type():
    assert set(expressions.TYPES) == set(QuestionType)


def test_the_most_local_figure_in_force_counts(monkeypatch):
    rows = [
        {"area": "", "value": 1, "basis": "x"},
        {"area": "510000", "value": 2, "basis": "x", "valid_from": "2025-01-01"},
        {"area": "510110", "value": 3, "basis": "x"},
        {"area": "510100", "value": 4, "basis": "x", "valid_to": "2025-12-31"},
    ]
    line = Figure(figure="line", zh="线", en="line", unit="fen", rows=rows)
    monkeypatch.setattr(figures.data, "figures", lambda: {"line": line})
    assert figures.figure("line", "510112", date(2025, 6, 1)) == 4  # a neighbour's row does not reach here
    assert figures.figure("line", "510110", date(2025, 6, 1)) == 3
    assert figures.figure("line", "510110001", date(2026, 6, 1)) == 3
    assert figures.figure("line", "510107", date(2026, 6, 1)) == 2
    assert figures.figure("line", "510107", date(2024, 6, 1)) == 4
    assert figures.figure("line", "110101", date(2026, 6, 1)) == 1
    with pytest.raises(figures.NoFigure):
        figures.figure("other", "110101", date(2026, 6, 1))


# the check values of the fee rules for arbitration institutions, annex: yuan, lowest and highest fee
@pytest.mark.parametrize(
    ("yuan", "low", "high"),
    [
        (1, 40, 100), (1_000, 40, 100), (10_000, 400, 550), (50_000, 2_000, 2_550), (100_000, 3_500, 4_550),
        (200_000, 5_500, 7_550), (500_000, 8_500, 13_550), (1_000_000, 11_000, 18_550), (5_000_000, 21_000, 38_550),
    ],
)  # fmt: skip
def test_the_tariff_of_arbitration_gives_the_published_check_values(yuan, low, high):
    assert figures.brackets("arbitration_low", yuan * 100, date(2026, 5, 1)) == low * 100
    assert figures.brackets("arbitration_high", yuan * 100, date(2026, 5, 1)) == high * 100


def test_a_tariff_has_a_floor_and_rounds_once():
    steps = [{"up_to": 100_000_000, "per_100k": 240}, {"per_100k": 160}]
    tariff = Tariff(tariff="t", zh="费", en="t", minimum=30_000, brackets=steps, basis="x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures.data, "tariffs", lambda: (tariff,))
        assert figures.brackets("t", 1, date(2026, 5, 1)) == 30_000
        assert figures.brackets("t", 100_000_000, date(2026, 5, 1)) == 240_000
        assert figures.brackets("t", 100_000_333, date(2026, 5, 1)) == 240_001
