"""Whatever somebody sends as an answer: it is cleaned, or it is Invalid with a sentence; never anything else."""

import json
from datetime import date

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fawang.base.catalogue import forms
from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.divisions import selectors as divisions
from fawang.base.divisions.tests import factories
from fawang.kernel.errors import Invalid
from fawang.kernel.events.services import canonical

OPTIONS = [{"value": "a", "zh": "甲", "en": "A"}, {"value": "b", "zh": "乙", "en": "B"}]
VALID = {
    "text": "文字", "long_text": "一\n二", "choice": "a", "choices": ["b", "a"], "yes_no": "yes", "date": "2026-03-05",
    "datetime": "2026-03-05T10:00", "amount": "3,500.50", "number": "12", "division": "510107", "phone": "139 0000 1234",
    "email": "Name@Example.com", "name": "王示例", "id_number": {"type": "ID_CARD", "number": "11010519491231002x"},
    "uscc": "91350100M000100Y43", "file": "a" * 22, "date_range": {"from": "2026-01-05", "to": "2026-03-05"},
    "address": {"division": "510107", "text": "示例路1号"}, "point": {"lat": "30.65", "lng": "104.06"}, "plate": "川A·d12345",
    "signature": {"name": "王示例", "strokes": "M1 2L3 4"}, "group": [{"name": "李示例", "born": "2001-02-03"}, {}],
}  # fmt: skip


COLUMNS = [
    {"id": "name", "zh": "姓名", "en": "Name", "type": "name"},
    {"id": "born", "zh": "出生", "en": "Born", "type": "date", "required": False},
]


def question(kind, name="q", **more):
    options = OPTIONS if kind in {"choice", "choices"} else []
    if kind == "group":
        more = {"questions": COLUMNS, "row_zh": "人", "row_en": "person", **more}
    return Question(id=name, zh="问", en="Q", type=kind, options=options, **more)


QUESTIONS = [question(kind.value) for kind in QuestionType]
leaf = (
    st.none() | st.booleans() | st.integers() | st.integers(-(10**60), 10**60) | st.floats() | st.text(max_size=30)
    | st.text("0123456789-+.eE_:TZ年月日 ￥¥,，xX\0\ud800½²٣", max_size=24) | st.sampled_from(["1e999999999", "9" * 5000, "2026-02-30", "0001-01-01T00:00+23:59"])
    | st.binary(max_size=4) | st.dates() | st.datetimes()
)  # fmt: skip
anything = st.recursive(
    leaf,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "number", "sealed", "x", "from", "to", "division", "text", "lat", "lng", "name", "strokes", "born"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@pytest.fixture
def places(db, tmp_path):
    divisions.forget()
    factories.load(tmp_path)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.sampled_from(QUESTIONS), raw=anything, partial=st.booleans())
def test_any_answer_is_cleaned_or_invalid(places, asked, raw, partial):
    try:
        stored = forms.clean([asked], {"q": raw}, partial=partial)
    except Invalid as refusal:
        assert {name.partition(".")[0] for name in refusal.fields} == {"q"}  # noqa: PT017 - the other branch looks at what was stored
        sentences = [str(words) for words in refusal.fields.values()]
        assert all(sentences)
        assert not any(word in text for word in ("Traceback", "codec", "limit (", "literal") for text in sentences)
    else:
        text = canonical({"a": stored})
        assert "\0" not in text
        assert "\\u0000" not in text
        text.encode()
        # what was stored passes again unchanged: a draft that is saved twice stays what it is
        again = forms.clean([asked], stored, partial=partial)
        assert forms.opened(again) == forms.opened(stored)


@pytest.mark.parametrize("kind", [kind.value for kind in QuestionType])
def test_a_valid_answer_of_every_type_is_kept(places, kind):
    stored = forms.clean([question(kind)], {"q": VALID[kind]})
    assert "q" in stored
    assert json.loads(canonical(stored)) == stored
    assert forms.is_sealed(stored["q"]) == question(kind).is_sealed
    if question(kind).is_sealed:
        assert str(VALID[kind]) not in canonical(stored)


@settings(max_examples=100, deadline=None)
@given(names=st.dictionaries(st.text(max_size=80), st.text(max_size=5), max_size=4))
def test_unknown_names_are_refused_by_name(names):
    names.pop("q", None)
    if not names:
        return
    with pytest.raises(Invalid) as refusal:
        forms.clean([question("text", required=False)], names)
    assert len(refusal.value.fields) >= 1


def test_a_question_that_is_not_asked_keeps_no_answer():
    first = question("yes_no")
    second = question("text", "r", show="q")
    assert forms.clean([first, second], {"q": "no", "r": "x"}) == {"q": False}
    assert forms.clean([first, second], {"q": "yes", "r": "x"}) == {"q": True, "r": "x"}
    with pytest.raises(Invalid):
        forms.clean([first, second], {"q": "yes"})
    assert forms.clean([first, second], {"q": "yes"}, partial=True) == {"q": True}


def test_a_sealed_answer_that_was_forged_is_refused():
    for forged in ("x", "sm4-gcm:t1:AAAA", None, 5, {"a": 1}, "\ud800", "sm4-gcm:t9:AAAA"):
        with pytest.raises(Invalid):
            forms.clean([question("phone")], {"q": {"sealed": forged}})


def test_a_row_that_is_wrong_is_told_at_its_field_and_empty_rows_fall_away():
    rows = [
        {"name": "李示例"},
        {"name": "", "born": None},
        {"name": "王示例", "born": "2026-02-30"},
        {"born": "2001-01-01"},
    ]
    with pytest.raises(Invalid) as refusal:
        forms.clean([question("group")], {"q": rows})
    assert set(refusal.value.fields) == {"q.1.born", "q.2.name"}
    assert forms.clean([question("group")], {"q": rows[:2]}) == {"q": [{"name": "李示例"}]}


def test_a_group_has_as_many_rows_as_it_says():
    heirs = question("group", minimum=2, maximum=3)
    for count, is_taken in [(1, False), (2, True), (3, True), (4, False)]:
        rows = [{"name": "李示例"}] * count
        if is_taken:
            assert len(forms.clean([heirs], {"q": rows})["q"]) == count
        else:
            with pytest.raises(Invalid):
                forms.clean([heirs], {"q": rows})


def test_a_group_with_a_sealed_column_is_sealed_whole():
    people = question("group", questions=[*COLUMNS, {"id": "phone", "zh": "电话", "en": "Phone", "type": "phone"}])
    stored = forms.clean([people], {"q": [{"name": "李示例", "phone": "13900001234"}]})
    assert forms.is_sealed(stored["q"])
    assert forms.opened(stored) == {"q": [{"name": "李示例", "phone": "13900001234"}]}
    assert forms.clean([people], stored) == stored


def test_what_is_required_can_depend_on_an_answer_and_what_is_computed_is_not_asked():
    questions = [
        question("amount", "income"),
        question("number", "people", minimum=1),
        question("amount", "each", compute="income / people"),
        question("text", "why", required=False, require="each < 100000"),
    ]
    assert [q.id for q in forms.asked(questions, {})] == ["income", "people", "why"]
    with pytest.raises(Invalid) as refusal:
        forms.clean(questions, {"income": "3000", "people": "4"})
    assert set(refusal.value.fields) == {"why"}
    assert forms.clean(questions, {"income": "8000", "people": "4", "each": 1}) == {
        "income": 800000,
        "people": 4,
        "each": 200000,
    }


def test_a_check_tells_the_person_in_their_language_and_waits_for_open_names():
    born = question("date", "born")
    died = question(
        "date",
        "died",
        required=False,
        checks=[{"rule": "died >= born", "zh": "去世日期不能早于出生日期。", "en": "Death cannot come before birth."}],
    )
    with translation.override("en"), pytest.raises(Invalid) as refusal:
        forms.clean([born, died], {"born": "2000-01-02", "died": "2000-01-01"})
    assert refusal.value.fields == {"died": "Death cannot come before birth."}
    assert forms.clean([born, died], {"died": "2000-01-01"}, partial=True) == {"died": "2000-01-01"}


def test_rules_know_who_asks_and_what_day_it_is():
    questions = [question("text", "firm", show='applicant_kind == "ORG"'), question("text", "letter", show="on_behalf")]
    org = forms.Facts(applicant_kind="ORG")
    assert [q.id for q in forms.asked(questions, {}, org)] == ["firm"]
    assert [q.id for q in forms.asked(questions, {}, forms.Facts(on_behalf=True))] == ["letter"]
    minor = [question("date", "born"), question("name", "guardian", show="years(born, today) < 18")]
    day = date(2026, 5, 1)
    for born, is_asked in [("2008-05-01", False), ("2008-05-02", True)]:
        asked = forms.asked(minor, {"born": born}, forms.Facts(today=day))
        assert ("guardian" in [q.id for q in asked]) is is_asked
