"""Screeners: what does not fit is refused with file and line, periods end on the right day, answers carry over."""

from datetime import date, datetime

import pytest

from fawang.base.catalogue import expanding, loader, screening, services
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.errors import DefinitionError, NoSuchScreener
from fawang.base.catalogue.screening import Standing
from fawang.kernel import clock
from fawang.kernel.policy import system

TRIAL = """\
screener: trial
zh: 时间过了吗
en: Has my time run out
summary: {zh: 算一算, en: Counting}
source: test
questions:
  - {id: harm_on, zh: 哪一天知道的, en: When did you learn of it, type: date}
  - {id: old, zh: 事情更早吗, en: Is it older, type: yes_no}
  - {id: done_on, zh: 哪一天的事, en: When was it, type: date, show: old}
findings:
  - {id: always, when: 'true', tone: person, zh: 问律师, en: Ask a lawyer, basis: 民法典第一百九十五条, services: [NO_SUCH]}
terms:
  - {id: LM-01, when: 'true', since: harm_on, span: {value: 3, unit: YEAR}, cap_since: 'old ? done_on : harm_on', cap: {value: 20, unit: YEAR}, zh: 三年, en: Three years, basis: 民法典第一百八十八条, is_limitation: true}
examples:
  - name: three years
    asked_on: "2026-09-28"
    answers: {harm_on: "2024-02-29", old: "no"}
    expect: {findings: [always], terms: {LM-01: "2027-02-28"}, asked: [harm_on, old]}
"""


def problems(folder, text):
    (folder / "trial.yaml").write_text(text, encoding="utf-8")
    try:
        loader.read(folder)
    except DefinitionError as error:
        return [line.removeprefix(f"{folder}/") for line in error.problems]
    return []


@pytest.fixture
def trial(tmp_path):
    (tmp_path / "trial.yaml").write_text(TRIAL, encoding="utf-8")
    return expanding.screener(tmp_path / "trial.yaml", {})


def test_the_trial_fits_as_it_is(tmp_path):
    assert problems(tmp_path, TRIAL) == []


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("when: 'true', tone", "when: 'harm == 1', tone", 11, "undeclared reference to 'harm'"),
    ("since: harm_on,", "since: old,", 13, "gives BOOL where TIMESTAMP is needed"),
    ("id: done_on, zh: 哪一天的事, en: When was it, type: date, show: old", "id: done_on, zh: 谁, en: Who, type: name", 6, "says who somebody is"),
    ("type: date, show: old", "type: date, show: old, required: false", 6, "`I do not know` is an option of theirs"),
    (", cap: {value: 20, unit: YEAR}", "", 13, "cap and cap_since belong together"),
    ('"2027-02-28"', '"2027-03-01"', 15, "not {'LM-01': datetime.date(2027, 3, 1)}"),
    ("- {id: old, zh: 事情更早吗, en: Is it older, type: yes_no}", "- {use: nothing_of_the_bank}", 8, "the bank has no question"),
])  # fmt: skip
def test_a_broken_screener_names_file_and_line(tmp_path, old, new, line, words):
    assert old in TRIAL
    (problem, *_more) = problems(tmp_path, TRIAL.replace(old, new))
    assert problem.startswith("trial.yaml:"), problem
    assert words in problem
    assert abs(int(problem.split(":")[1]) - line) <= 6, problem


@pytest.mark.django_db
def test_a_period_is_open_near_past_and_capped(trial):
    found = screening.screen(trial, {"harm_on": "2023-10-20", "old": False}, today=date(2026, 9, 28))
    (run,) = found.terms
    assert (run.last_day, run.standing, run.days_left, run.is_capped) == (date(2026, 10, 20), Standing.NEAR, 22, False)
    assert (
        screening.screen(trial, {"harm_on": "2023-10-20", "old": False}, today=date(2026, 1, 1)).terms[0].standing
        == "OPEN"
    )
    assert (
        screening.screen(trial, {"harm_on": "2023-10-20", "old": False}, today=date(2026, 10, 21)).terms[0].standing
        == "PAST"
    )
    (old,) = screening.screen(
        trial, {"harm_on": "2025-10-20", "old": True, "done_on": "2006-11-25"}, today=date(2026, 9, 28)
    ).terms
    assert (old.last_day, old.is_capped) == (date(2026, 11, 25), True)
    (open_,) = screening.screen(trial, {"harm_on": "2025-10-20", "old": True}, today=date(2026, 9, 28)).terms or (None,)
    assert open_ is None, "not until everything is answered"


@pytest.mark.django_db
def test_nothing_is_found_by_words_that_everybody_writes_and_much_by_those_that_matter():
    services.publish_all(system("test"))
    with clock.at(datetime(2026, 9, 28, 10, tzinfo=clock.SHANGHAI)):
        assert (
            catalogue.search("你好，请问我该怎么办，律师您好") == [] or "LAWYER" in catalogue.search("律师您好")[0].code
        )
        assert catalogue.search("my boss did not pay my wages")[0].code == "LEGAL_AID_LABOUR"
        assert catalogue.search("法律援助")[0].code == "LEGAL_AID_CIVIL"
        assert catalogue.search("\x00 ') OR 1=1 --") == []
        assert len(catalogue.search("离婚 房子 工资 公证 仲裁", limit=8)) > 3
    with pytest.raises(NoSuchScreener):
        catalogue.screener("nothing")
