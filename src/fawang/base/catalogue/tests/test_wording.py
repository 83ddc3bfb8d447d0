"""Rules read as clauses in both languages, and what has no simple words says so."""

import pytest

from fawang.base.catalogue import loader
from fawang.base.catalogue.schema import Question
from fawang.base.catalogue.wording import in_words

OPTIONS = [{"value": "net", "zh": "网络安全", "en": "Safety online"}, {"value": "other", "zh": "其他", "en": "Other"}]
ASKED = [
    Question.model_validate({"zh": zh, "en": en, **more})
    for zh, en, more in (
        ("想听什么", "What about", {"id": "topic", "type": "choice", "options": OPTIONS}),
        ("要哪些", "Which", {"id": "wants", "type": "choices", "options": OPTIONS}),
        ("多少人", "How many", {"id": "people", "type": "number"}),
        ("多少钱", "How much", {"id": "fen", "type": "amount"}),
        ("急吗", "Urgent", {"id": "urgent", "type": "yes_no"}),
        ("哪天", "Day", {"id": "day", "type": "date"}),
        ("证件", "Document", {"id": "card", "type": "id_number"}),
        ("领域", "Field", {"id": "domain", "type": "choice", "table": "domain1"}),
        ("继承人", "Heirs", {
            "id": "heirs", "type": "group", "row_zh": "继承人", "row_en": "heir",
            "questions": [{"id": "waives", "zh": "放弃吗", "en": "Waives", "type": "yes_no"}],
        }),
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ('topic == "other"', "“想听什么”是“其他”", "“What about” is “Other”"),
        ('topic != "net"', "“想听什么”不是“网络安全”", "“What about” is not “Safety online”"),
        ('topic in ["net", "other"]', "“想听什么”是“网络安全”或“其他”", "“What about” is “Safety online” or “Other”"),
        ('"net" in wants', "“要哪些”选了“网络安全”", "“Safety online” is chosen in “Which”"),
        ('"day" in answered', "“哪天”已经回答", "“Day” has been answered"),
        ("people >= 10", "“多少人”不少于10", "“How many” is at least 10"),
        ("people == 1", "“多少人”等于1", "“How many” is 1"),
        ("fen > 500000", "“多少钱”大于5,000 元", "“How much” is more than ¥5,000"),
        ("urgent", "“急吗”答“是”", "“Urgent” is answered yes"),
        ("!urgent", "“急吗”答“否”", "“Urgent” is answered no"),
        ("day < today", "“哪天”早于今天", "“Day” is before today"),
        ("days(today, day) >= 7", "从今天到“哪天”的天数不少于7", "the days from today to “Day” is at least 7"),
        ('applicant_kind == "ORG"', "申请人是单位", "the applicant is an organisation"),
        ('"ORG" != applicant_kind', "申请人不是单位", "the applicant is not an organisation"),
        ('card.number != "1"', "“证件”的号码不是“1”", "the number of “Document” is not “1”"),
        ("heirs.exists(h, h.waives)", "“继承人”里有一个继承人的“放弃吗”答“是”", "in “Heirs” there is a heir where “Waives” is answered yes"),
        ('urgent && (topic == "net" || people > 3)',
         "“急吗”答“是”，并且（“想听什么”是“网络安全”，或者“多少人”大于3）",
         "“Urgent” is answered yes, and (“What about” is “Safety online”, or “How many” is more than 3)"),
        ('!(topic == "net")', "不是（“想听什么”是“网络安全”）", "not (“What about” is “Safety online”)"),
    ],
)  # fmt: skip
def test_a_rule_reads_as_a_clause(rule, zh, en):
    assert in_words(rule, ASKED, "zh-hans") == zh
    assert in_words(rule, ASKED, "en") == en


def test_an_option_of_a_code_table_is_named_by_the_table():
    code = loader.read().tables["domain1"].rows[0]
    assert in_words(f'domain == "{code["code"]}"', ASKED, "zh-hans") == f"“领域”是“{code['zh']}”"


@pytest.mark.parametrize(
    "rule",
    ['figure("hardship_line", area, today) > 1', "urgent ? 1 : 2", "nobody == 1", "people +", 'topic.matches("x")', "", "people"],
)  # fmt: skip
def test_what_has_no_simple_words_stays_as_it_is_written(rule):
    assert in_words(rule, ASKED, "en") == ""


def test_nearly_all_rules_of_the_product_have_words():
    items = loader.read().items.values()
    rules = {(q.show, item.code) for item in items for q in item.questions if q.show}
    rules |= {(rule.when, item.code) for item in items for rule in item.eligibility}
    told = [bool(in_words(rule, loader.read().items[code].questions, "zh-hans")) for rule, code in rules]
    assert sum(told) / len(told) > 0.95
