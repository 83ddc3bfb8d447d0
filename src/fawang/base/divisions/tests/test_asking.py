from datetime import date

import pytest

from fawang.base.divisions import selectors
from fawang.base.divisions.errors import DivisionUnknown
from fawang.base.divisions.naming import naming
from fawang.base.divisions.tests import factories
from fawang.base.divisions.values import covers, normal_code, prefix


@pytest.fixture
def country(db, tmp_path):
    factories.load(tmp_path)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("510000", "51"), ("510100", "5101"), ("510107", "510107"), ("510110", "510110"), ("510107001", "510107001"),
     ("", ""), ("51", "51"), ("510107000000", "510107"), ("429004", "429004"), ("5101", "5101")],
)  # fmt: skip
def test_a_prefix_is_the_code_without_empty_pairs(code, expected):
    assert prefix(code) == expected


@pytest.mark.parametrize(
    ("area", "code", "expected"),
    [("51", "510107", True), ("510000", "510107001", True), ("5101", "510200", False), ("", "429004", True),
     ("510107", "510100", False), ("510107", "510107001000", True), ("4201", "429004", False)],
)  # fmt: skip
def test_an_area_covers_what_lies_in_it(area, code, expected):
    assert covers(area, code) is expected


def test_codes_are_shortened_to_their_level():
    assert [normal_code(c) for c in ("510107000000", "510107001000", "510107001002", "510107")] == [
        "510107",
        "510107001",
        "510107001002",
        "510107",
    ]


def test_ancestors_run_from_the_code_to_the_province(country):
    assert selectors.ancestors("510107001") == ["510107001", "510107", "510100", "510000"]
    assert selectors.ancestors("500103") == ["500103", "500000"]
    assert selectors.ancestors("429004001") == ["429004001", "429004", "420000"]


def test_full_names_in_both_languages(country):
    assert selectors.full_name("510107", "zh") == "四川省成都市武侯区"
    assert selectors.full_name("510107", "en") == "Wuhou District, Chengdu City, Sichuan Province"


def test_children_come_by_pinyin_and_the_provinces_have_no_parent(country):
    assert [d.name for d in selectors.children(None)] == ["重庆市", "湖北省", "四川省"]
    assert [d.name for d in selectors.children("510100")] == ["都江堰市", "郫都区", "武侯区"]


def test_children_on_a_day_include_what_existed_then(country):
    assert "郫县" in [d.name for d in selectors.children("510100", on=date(2010, 5, 1))]
    assert "郫县" not in [d.name for d in selectors.children("510100", on=date(2020, 5, 1))]


def test_search_by_name_pinyin_initials_english_and_code(country):
    for text in ("武侯", "武侯区", "wuhou", "WHQ", "Wuhou District", "510107", "ｗｕｈｏｕ"):
        assert selectors.search(text)[0].code == "510107", text
    assert [d.code for d in selectors.search("街道", within="420000")] == ["429004001"]


def test_search_puts_the_exact_name_first_and_leaves_out_what_is_abolished(country):
    assert selectors.search("成都")[0].name == "成都市"
    assert selectors.search("郫县") == []
    assert selectors.search("\x00 ") == []
    assert selectors.search("%") == []
    assert len(selectors.search("区", limit=2)) == 2


def test_an_unknown_code_is_not_found(country):
    with pytest.raises(DivisionUnknown) as refused:
        selectors.get("999999")
    assert refused.value.status == 404
    assert not selectors.exists("999999")


def test_many_codes_cost_one_query_and_then_none(country, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert set(selectors.many(["510107", "510100", "888888"])) == {"510107", "510100"}
    with django_assert_num_queries(0):
        selectors.get("510107")


def test_what_is_remembered_runs_out(country, monkeypatch, django_assert_num_queries):
    selectors.get("510107")
    moment = selectors.time.monotonic() + selectors.KEPT_SECONDS + 1
    monkeypatch.setattr(selectors.time, "monotonic", lambda: moment)
    with django_assert_num_queries(1):
        selectors.get("510107")


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("四川省", "Sichuan Province"),
        ("陕西省", "Shaanxi Province"),
        ("内蒙古自治区", "Inner Mongolia Autonomous Region"),
        ("重庆市", "Chongqing Municipality"),
        ("成都市", "Chengdu City"),
        ("雅安市", "Ya'an City"),
        ("吕梁市", "Lüliang City"),
        ("武侯区", "Wuhou District"),
        ("什邡市", "Shifang City"),
        ("珙县", "Gongxian County"),
        ("东区", "Dongqu District"),
        ("阿坝藏族羌族自治州", "Aba Tibetan and Qiang Autonomous Prefecture"),
        ("东乡族自治县", "Dongxiang Autonomous County"),
        ("博尔塔拉蒙古自治州", "Bo'ertala Mongol Autonomous Prefecture"),
        ("彭家庄回族乡", "Pengjiazhuang Hui Ethnic Township"),
        ("管城回族区", "Guancheng Hui District"),
        ("神农架林区", "Shennongjia Forestry District"),
        ("浆洗街街道", "Jiangxijie Subdistrict"),
        ("兴隆镇", "Xinglong Town"),
    ],
)
def test_english_names(name, english):
    assert naming(name).name_en == english


def test_sort_keys_are_letters_only():
    assert naming("吕梁市").pinyin == "lvliangshi"
    assert naming("武侯区").initials == "whq"
