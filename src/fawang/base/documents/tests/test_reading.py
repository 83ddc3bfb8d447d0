"""Papers read from photos. The lines in `recorded/` are what the reader found in the drawings of `drawings.py`; with the
reader installed (`script/setup --ocr`) it reads them anew."""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from fawang.base.catalogue import selectors as catalogue
from fawang.base.documents import checking, selectors, services
from fawang.base.documents.errors import CannotRead, NoSuchDocument
from fawang.base.documents.ocr import fields, papers
from fawang.base.documents.ocr.layout import Sheet, Value
from fawang.base.documents.tests import drawings
from fawang.base.documents.tests.factories import upload
from fawang.base.documents.workshop.values import Line
from fawang.base.identity.tests.factories import citizen, make_account

RECORDED = Path(__file__).parent / "recorded"
ADDRESS = "四川省成都市武侯区锦绣路一段88号3栋2单元501号"
ID_FRONT = {
    "name": "欧阳晓明", "sex": "male", "ethnicity": "汉", "birth": "1990-03-07", "address": ADDRESS,
    "number": drawings.NUMBER,
}  # fmt: skip
LICENCE = {
    "organisation": "成都青禾餐饮管理有限公司", "uscc": drawings.USCC, "representative": "周小兰",
    "seat": "成都市武侯区人民南路四段19号1层7号",
}  # fmt: skip
needs_reader = pytest.mark.skipif(
    find_spec("rapidocr_onnxruntime") is None or not Path(drawings.FONT).exists(),
    reason="no reader installed (script/setup --ocr), or no Noto CJK font to draw with",
)


def recorded(name):
    rows = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return [Line(*row) for row in rows]


def values(found):
    return {field.field: field.value for field in found}


def read(name, about="applicant"):
    return papers.best(recorded(name), "", about)


def test_the_front_of_an_identity_card():
    found = read("id_front")
    assert values(found) == ID_FRONT
    assert {f.meaning for f in found} == {
        "applicant.name", "applicant.sex", "", "applicant.birth_date", "applicant.address", "applicant.id_number",
    }  # fmt: skip
    assert all(f.confidence > 80 for f in found)


def test_upside_down_it_says_the_same():
    assert values(read("id_front_upside_down")) == ID_FRONT


def test_its_back():
    assert values(read("id_back")) == {
        "issuer": "成都市公安局武侯区分局", "valid_from": "2019-06-12", "valid_until": "2039-06-12",
    }  # fmt: skip
    for_ever = [replace(line, text=line.text.replace("2039.06.12", "长期")) for line in recorded("id_back")]
    assert values(papers.best(for_ever, "", "applicant"))["valid_until"] == "长期"


def test_a_business_licence():
    found = read("licence")
    assert values(found) == LICENCE
    assert [f.meaning for f in found] == ["org.name", "org.uscc", "org.representative", ""]


def test_a_page_of_the_household_book():
    assert values(read("household")) == {
        "name": "欧阳子涵", "sex": "female", "ethnicity": "汉族", "birth": "2018-05-12", "number": drawings.OTHER_NUMBER,
        "relation": "长女",
    }  # fmt: skip


def test_plain_text_keeps_its_lines_and_is_never_guessed():
    assert read("letter") == []
    (text,) = papers.best(recorded("letter"), "PLAIN", "applicant")
    assert text.value == "借条\n今借到周小兰人民币三千元整，\n于2026年12月1日前还清。\n借款人：欧阳晓明"


def test_whom_it_is_about_decides_what_it_means():
    meanings = {f.field: f.meaning for f in read("id_front", "deceased")}
    assert meanings["name"] == "deceased.name"
    assert meanings["number"] == "deceased.id_number"
    assert meanings["birth"] == ""
    assert {f.meaning for f in read("id_front", "family.spouse")} >= {"family.spouse_name", "family.spouse_id"}
    assert read("licence", "employer")[0].meaning == "employer.name"


def test_every_meaning_is_a_code_of_the_table():
    known = catalogue.codes("meaning")
    assert {code for row in fields.MEANINGS.values() for code in row.values()} <= known


def test_a_number_that_cannot_be_is_doubtful_and_proves_nothing():
    found = {f.field: f for f in read("id_front_misread")}
    assert found["number"].confidence <= fields.DOUBTFUL
    assert found["birth"].confidence > 80


def test_what_contradicts_the_number_is_doubtful():
    lines = [
        replace(one, text=one.text.replace("3月7日", "5月7日").replace("男", "女")) for one in recorded("id_front")
    ]
    found = {f.field: f for f in papers.best(lines, "", "applicant")}
    assert found["birth"].value == "1990-05-07"
    assert found["birth"].confidence <= fields.DOUBTFUL
    assert found["sex"].confidence <= fields.DOUBTFUL
    assert found["number"].confidence > 80


def test_a_number_fills_in_what_was_not_read():
    lines = [line for line in recorded("id_front") if "出生" not in line.text and "性别" not in line.text]
    found = values(papers.best(lines, "", "applicant"))
    assert (found["birth"], found["sex"]) == ("1990-03-07", "male")


@pytest.mark.parametrize(
    "misread", ["5IO1O7199003075317", "51010719900307S317", "51O107l99003075317", "x510107199003075317"]
)
def test_letters_taken_for_digits_are_put_right_where_the_check_character_agrees(misread):
    assert fields.id_number([Value(misread, 0.9)]) == (Value(drawings.NUMBER, 0.9), True)


def test_an_x_at_the_end_stays():
    assert fields.id_number([Value("11010519491231002x", 0.9)])[0].text == "11010519491231002X"


def test_a_code_with_letters_that_do_not_exist_is_read_as_digits():
    code, is_valid = fields.uscc(Value(drawings.USCC.replace("0", "O"), 0.9))
    assert (code.text, is_valid) == (drawings.USCC, True)
    assert fields.uscc(Value(drawings.USCC[:-1] + "7", 0.9))[1] is False


def test_labels_printed_wide_and_values_below_are_found():
    lines = [
        Line("名", 10, 10, 30, 30, 0.9), Line("称", 60, 10, 80, 30, 0.9), Line("成都青禾餐饮", 100, 10, 220, 30, 0.8),
        Line("有限公司(集团)", 100, 34, 220, 54, 0.7), Line("类型", 10, 34, 60, 54, 0.9),
    ]  # fmt: skip
    assert Sheet(lines, ["名称", "类型"]).value("名称", goes_on=True) == Value("成都青禾餐饮有限公司(集团)", 0.7)
    assert fields.field("organisation", Value("青禾(集团)公司", 1.0), "org")[0].value == "青禾（集团）公司"


@pytest.mark.parametrize(
    "lines", [[], [Line("", 0, 0, 0, 0, 0.1)], [Line("姓名", 0, 0, 10, 10, 0.9)], [Line(":：", 0, 0, 9, 9, 0.2)]]
)
def test_little_or_nothing_read_is_nothing_found(lines):
    for paper in ("", *papers.PAPERS, "PLAIN", "UNHEARD_OF"):
        found = papers.best(lines, paper, "applicant")
        assert paper == "PLAIN" or found == []


@pytest.mark.django_db
def test_without_a_reader_that_is_said(monkeypatch):
    person = citizen(make_account())
    kept = services.store(person, upload())

    def no_reader(*_, **__):
        raise CannotRead

    if find_spec("rapidocr_onnxruntime") is not None:
        monkeypatch.setattr(checking, "read", no_reader)
    with pytest.raises(CannotRead) as caught:
        services.read_fields(person, kept.token)
    assert "自己填写" in caught.value.text
    assert selectors.equipment().has_reader is (find_spec("rapidocr_onnxruntime") is not None)


@pytest.mark.django_db
def test_only_readers_of_the_file_have_it_read_and_nothing_is_kept(monkeypatch):
    person, stranger = citizen(make_account()), citizen(make_account())
    kept = services.store(person, upload())
    monkeypatch.setattr(checking, "read", lambda *_, **__: recorded("id_front"))
    with pytest.raises(NoSuchDocument):
        services.read_fields(stranger, kept.token)
    assert values(services.read_fields(person, kept.token)) == ID_FRONT
    assert values(services.read_fields(person, kept.token, "ID_BACK")) == {}


@needs_reader
@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("draw", "wanted"),
    [
        (lambda: drawings.id_front(tilt=2.5), ID_FRONT),
        (lambda: drawings.upside_down(drawings.id_front()), ID_FRONT),
        (lambda: drawings.sideways(drawings.id_front()), ID_FRONT),
        (drawings.licence, LICENCE),
    ],
)
def test_the_reader_reads_a_drawn_paper(draw, wanted):
    person = citizen(make_account())
    kept = services.store(person, upload("证件.jpg", draw()))
    assert values(services.read_fields(person, kept.token)) == wanted


@needs_reader
@pytest.mark.slow
@pytest.mark.django_db
def test_the_first_page_of_photographed_pages_is_read():
    person = citizen(make_account())
    kept = services.store(person, [upload("1.jpg", drawings.id_back()), upload("2.jpg", drawings.letter())])
    assert values(services.read_fields(person, kept.token))["issuer"] == "成都市公安局武侯区分局"


@needs_reader
@pytest.mark.slow
def test_the_recorded_lines_are_still_what_the_reader_says():
    lines = checking.read(drawings.household(), "image/jpeg")
    assert [line.text for line in lines] == [line.text for line in recorded("household")]
