import random
from datetime import date

import pytest

from fawang.base.knowledge import selectors
from fawang.base.knowledge.naming import squashed
from fawang.base.knowledge.numerals import NUMERAL, label_of, number_of, written
from fawang.base.knowledge.tests import factories

MARRIAGE = "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）"


def keys(text, day=None):
    return [found.article.key if found.article else None for found in selectors.cited(text, day)]


@pytest.mark.parametrize("number", [*range(1, 130), 200, 201, 210, 999, 1000, 1001, 1010, 1062, 1100, 1260, 9999])
def test_numerals_are_read_as_they_are_written(number):
    assert number_of(written(number)) == number == number_of(str(number))


@pytest.mark.parametrize(
    ("text", "number"),
    [("一〇六二", 1062), ("１０６２", 1062), ("两百", 200), ("廿三", 23), ("一百零五", 105), ("壹佰贰拾", 120), ("", None),
     ("条", None), ("十", 10), ("二十", 20)],
)  # fmt: skip
def test_other_ways_to_write_numbers(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("《劳动合同法》第八十二条第一款", "t0#82"),
        ("劳动合同法82条", "t0#82"),
        ("《中华人民共和国劳动合同法》第82条", "t0#82"),
        ("“劳动合同法”第８２条", "t0#82"),
        ("劳动合同法 第 82 条", "t0#82"),
        ("根据劳动合同法第八十二条的规定，应付二倍工资", "t0#82"),
        ("民法典一千零六十二条", "t1#1062"),
        ("民法典§1062", "t1#1062"),
        ("民法典的第一千零六十二条", "t1#1062"),
        ("民法典（2020年版）第1062条", "t1#1062"),
        ("刑法第二百三十四条之一", "t2#234之一"),
        ("刑法234条之1", "t2#234之一"),
        ("刑法第一百三十三条之一第一款", "t2#133之一"),
        ("民诉法第67条", "t3#67"),
        ("刑诉法七十九条", "t4#79"),
        (f"{MARRIAGE}第三条", "i0#3"),
        ("最高人民法院关于适用《民法典》婚姻家庭编的解释(一)第3条", "i0#3"),
        ("民法典婚姻家庭编解释（一）第三条", "i0#3"),
        ("婚姻法解释第3条", "i0#3"),
        ("婚姻家庭编司法解释一第3条", "i0#3"),
        ("民诉法解释第九十条", "i1#90"),
        ("劳动争议解释（一）第一条", "i2#1"),
        ("测试市物业管理条例第9条", "l-1#9"),
        ("宪法修正案（2018年）第32条", "t-year#32"),
        ("《关于适用〈刑法〉第十二条几个问题的解释》第3条", "i-in#3"),
    ],
)
def test_people_write_one_article_in_many_ways(library, text, key):
    assert keys(text) == [key]


def test_paragraph_and_item_are_read(library):
    (found,) = selectors.cited("《民法典》第一千零六十二条第一款第（二）项")
    assert (found.paragraph, found.item) == (1, 2)
    assert (
        "《民法典》第一千零六十二条第一款第（二）项"[found.start : found.end]
        == "《民法典》第一千零六十二条第一款第（二）项"
    )


def test_a_citation_begins_with_its_name(library):
    text = "没签合同，“劳动合同法”82条怎么说"
    (found,) = selectors.cited(text)
    assert text[found.start : found.end] == "“劳动合同法”82条"


def test_several_articles_share_the_law_named_once(library):
    text = "依照《民法典》第一千零六十二条、第一千零六十三条和第1079条，以及民诉法第67、122条"
    assert keys(text) == ["t1#1062", "t1#1063", "t1#1079", "t3#67", "t3#122"]


def test_a_number_without_its_law_cites_nothing(library):
    assert keys("本法第八十二条") == []
    assert keys("民法典规定得很清楚。合同第3条也写了") == []
    assert keys("一共十条建议") == []


def test_the_longest_name_is_meant(library):
    assert keys("劳动合同法第82条") == ["t0#82"]
    assert keys("民事诉讼法的解释第90条") == []
    assert keys("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释第90条") == ["i1#90"]


def test_a_citation_means_the_text_in_force_on_the_day(library):
    assert keys("仲裁法第二条") == ["t-new#2"]
    assert keys("仲裁法第二条", date(2026, 2, 1)) == ["t-old#2"]
    assert keys("仲裁法（2017修正）第二条") == ["t-old#2"]


def test_what_stands_against_an_article_is_said(library):
    (gone,), (soon,), (none,) = (
        selectors.cited(text) for text in ("合同法第六十条", "商标法第五条", "劳动合同法第九百条")
    )
    assert (gone.article.key, gone.why_not) == ("t-gone#60", "REPEALED")
    assert (soon.article.key, soon.why_not) == ("t-soon#5", "NOT_YET")
    assert (none.article, none.why_not) == (None, "NO_ARTICLE")


def test_a_text_that_is_only_a_citation_is_looked_up(library):
    assert selectors.looked_up(" 《劳动合同法》第八十二条 ").key == "t0#82"
    assert selectors.looked_up("劳动合同法第八十二条是什么") is None
    assert selectors.looked_up("民法典第1062条、第1063条") is None


def test_names_are_compared_without_signs():
    assert squashed("《中华人民共和国 劳动合同法》") == squashed("〈劳动合同法〉") == "劳动合同法"
    assert squashed("解释（一）") == squashed("解释(一)")
    assert "一" in NUMERAL


ALSO = {
    "民事诉讼法": ["民诉法"],
    "刑事诉讼法": ["刑诉法"],
    MARRIAGE: ["民法典婚姻家庭编解释（一）", "婚姻家庭编司法解释（一）"],
}


def spelling(draw, title, number, suffix):
    """A citation as somebody may write it, drawn at random."""
    short = title.replace(factories.COUNTRY, "")
    name = draw.choice([title, short, *ALSO.get(short, []), *ALSO.get(title, [])])
    name = draw.choice(["{}", "{}", "《{}》", "“{}”", "〈{}〉", " {} "]).format(name)
    if draw.random() < 0.3:
        name = name.replace("（", "(").replace("）", ")")
    digits = draw.choice(
        [written(number), str(number), str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))]
    )
    article = draw.choice(["第{}条", "第{}条", "第 {} 条", "{}条"]).format(digits)
    if suffix:
        article += draw.choice(["之{}", "之{}"]).format(draw.choice([written(suffix), str(suffix)]))
    tail = draw.choice(["", "", "第一款", "第2款", "第一款第（一）项", "第1款第3项"])
    before = draw.choice(["", "", "根据", "依照", "请问", "违反了", "适用"])
    after = draw.choice(["", "", "的规定", "规定", "怎么理解？", "，谢谢"])
    return f"{before}{name}{draw.choice(['', '', '的', ' ', '中'])}{article}{tail}{after}"


def test_generated_spellings_find_their_article(library):
    draw = random.Random(12348)
    laws, rows, _local = factories.library()
    titles = {
        law["law_id"]: law["title"]
        for law in laws
        if law["status"] == "现行有效" and law["law_id"] not in ("t-soon", "l-1", "i-in")
    }
    rows = [row for row in rows if row["law_id"] in titles]
    right, wrong = 0, []
    for _turn in range(300):
        row = draw.choice(rows)
        suffix = number_of(row["suffix"].removeprefix("之")) or 0
        text = spelling(draw, titles[row["law_id"]], row["no"], suffix)
        if keys(text) == [row["id"]]:
            right += 1
        else:
            wrong.append((text, row["id"], keys(text)))
    assert right >= 297, wrong
    assert label_of(133, 1) == "第一百三十三条之一"
