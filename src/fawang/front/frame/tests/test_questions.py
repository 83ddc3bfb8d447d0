"""What a question's widget shows is what reading it gives back."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from fawang.base.catalogue import forms
from fawang.front.frame import answers, questions, showcase
from fawang.kernel import money

BY_TYPE = {str(q.type): q for q in showcase.asked()}
RAW = {
    "text": "蓉城某公司",
    "long_text": "第一行\n第二行 <b>",
    "choice": "wage",
    "choices": ["dismissal", "injury"],
    "yes_no": "no",
    "date": "2026-03-05",
    "datetime": "2026-03-05T14:05",
    "amount": "1234.50",
    "number": "12",
    "phone": "13800000000",
    "email": "a@example.com",
    "name": "张三",
    "id_number": {"type": "PASSPORT", "number": "E12345678"},
    "uscc": "91510100MA00000000",
    "file": "abcdefghijkm",
    "date_range": {"from": "2025-01-05", "to": "2026-03-05"},
    "address": {"text": "示例路1号"},  # places are tested with divisions loaded
    "point": {"lat": "30.650000", "lng": "104.060000"},
    "plate": "川A12345",
    "group": [{"name": "张三", "is_minor": "no"}, {"name": "李四"}],
    "signature": {"name": "张三", "strokes": "M1 2L3 4"},
}


class _Form(HTMLParser):
    """What a browser would send for the controls in a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.sent, self._select, self._area = QueryDict(mutable=True), "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if (
            tag == "input"
            and a.get("type") != "file"
            and (a.get("type") not in {"radio", "checkbox"} or "checked" in a)
        ):
            self.sent.appendlist(a["name"], a.get("value", ""))
        elif tag == "select":
            self._select = a["name"]
        elif tag == "option" and "selected" in a:
            self.sent.appendlist(self._select, a["value"])
        elif tag == "textarea":
            self._area = a["name"]
            self.sent[self._area] = ""

    def handle_data(self, data):
        if self._area:
            self.sent[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""


def render(q, value=None, error=""):
    return Template("{% question q value error %}").render(Context({"q": q, "value": value, "error": error}))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(RAW))
def test_what_was_typed_is_shown_again_and_read_back_the_same(kind):
    q = BY_TYPE[kind]
    raw = questions.read(q, _Form(render(q, RAW[kind])).sent)
    assert (sorted(raw) if kind == "choices" else raw) == RAW[kind]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(BY_TYPE))
def test_an_empty_question_reads_as_no_answer_and_says_what_is_wrong(kind):
    html = render(BY_TYPE[kind], None, "请填写这一项。")
    assert questions.read(BY_TYPE[kind], _Form(html).sent) in (None, [])
    assert "请填写这一项。" in html
    assert f'id="q-{BY_TYPE[kind].id}-error"' in html
    assert not re.search(r"\sstyle=|\son\w+=|<script", html)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(BY_TYPE))
def test_every_control_has_a_label_and_the_error_summary_can_point_to_it(kind):
    q = BY_TYPE[kind]
    html = render(q, RAW.get(kind))
    for found in re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', html):
        assert f'for="{found}"' in html
    if kind != "division":
        assert f'id="q-{q.id}"' in html


@pytest.mark.django_db
def test_what_the_widgets_read_is_what_the_catalogue_accepts():
    for kind in ("text", "long_text", "choice", "choices", "yes_no", "date", "datetime", "amount", "number"):
        q = BY_TYPE[kind]
        raw = questions.read(q, _Form(render(q, RAW[kind])).sent)
        assert q.id in forms.clean([q], {q.id: raw})


@given(st.integers(min_value=0, max_value=10**13))
def test_a_stored_amount_is_shown_in_yuan_and_read_back_to_the_fen(fen):
    q = SimpleNamespace(id="owed", type="amount", zh="多少", en="How much")
    typed = questions.present(q, fen, language="zh-hans").value
    assert money.parse(questions.read(q, QueryDict(f"owed={typed}"))) == fen


@given(st.dates())
def test_a_date_survives_its_three_fields(day):
    q = SimpleNamespace(id="since", type="date", zh="哪天", en="When")
    parts = questions.present(q, day.isoformat(), language="en").parts
    sent = QueryDict(mutable=True)
    sent.update({f"since__{name}": value for name, value in parts.items()})
    assert questions.read(q, sent) == day.isoformat()


def test_dates_are_read_as_people_write_them():
    q = SimpleNamespace(id="d", type="date", zh="", en="")
    sent = QueryDict(mutable=True)
    sent.update({"d__year": "２０２６年", "d__month": "3月", "d__day": "5日"})
    assert questions.read(q, sent) == "2026-03-05"


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_half_a_date_is_never_taken_for_a_whole_one(year, month, day):
    q = SimpleNamespace(id="d", type="date", zh="", en="")
    sent = QueryDict(mutable=True)
    sent.update({"d__year": year, "d__month": month, "d__day": day})
    raw = questions.read(q, sent)
    assert raw is None or raw.count("-") == 2


def test_asking_for_the_next_level_of_a_place_is_not_a_submission():
    assert questions.is_narrowing(QueryDict("narrow=place"))
    assert not questions.is_narrowing(QueryDict("place__0=510100"))


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("amount", 123450, "¥1,234.50（壹仟贰佰叁拾肆元伍角整）"),
        ("date", "2026-11-23", "2026年11月23日"),
        ("datetime", "2026-11-23T14:05", "2026年11月23日 14:05"),
        ("choices", ["wage", "injury"], "工资被拖欠、工作中受伤"),
        ("yes_no", False, "否"),
        ("phone", "13812345678", "13*******78"),
        ("id_number", {"type": "ID_CARD", "number": "510107199001011234"}, "居民身份证 5101**********1234"),
        ("text", None, "—"),
        ("phone", {"sealed": "x"}, '<span class="masked">已加密保存</span>'),
    ],
)
def test_answers_are_shown_as_people_read_them(kind, value, shown):
    assert answers.show(BY_TYPE[kind], value, language="zh-hans") == shown


def test_markup_in_an_answer_is_text():
    assert "<script>" not in answers.show(BY_TYPE["long_text"], "<script>x</script>", language="zh-hans")
    assert "<b>" not in render(BY_TYPE["text"], '"><b>')


@given(st.text(min_size=1, max_size=60))
def test_a_mask_keeps_the_length_and_hides_at_least_half(text):
    masked = answers.mask(text)
    assert len(masked) >= len(text)
    assert masked.count("*") * 2 >= len(text) or text.count("*")


def test_rows_are_added_and_taken_away_without_losing_what_was_typed():
    q = BY_TYPE["group"]
    typed = "heirs__0__name=甲&heirs__1__name=乙&heirs__2__name="
    assert questions.read(q, QueryDict(typed)) == [{"name": "甲"}, {"name": "乙"}]
    more, less = QueryDict(f"{typed}&more=heirs"), QueryDict(f"{typed}&less=heirs:0")
    assert questions.is_narrowing(more)
    assert questions.is_narrowing(less)
    assert questions.read(q, more) == [{"name": "甲"}, {"name": "乙"}, {}, {}]
    assert questions.read(q, less) == [{"name": "乙"}, {}]
    assert len(questions.present(q, questions.read(q, more), language="zh-hans").row_fields) == 4


def test_a_refusal_in_a_row_stands_at_its_field():
    shown = questions.present(
        BY_TYPE["group"], [{"name": "甲"}, {}], language="zh-hans", errors={"heirs.1.name": "请填写这一项。"}
    )
    assert [cell.error for cell in shown.row_fields[1]] == ["请填写这一项。", ""]
    assert [cell.error for cell in shown.row_fields[0]] == ["", ""]


def test_rows_an_address_and_a_span_are_shown_as_people_read_them():
    rows = answers.show(BY_TYPE["group"], [{"name": "甲", "is_minor": False}], language="zh-hans")
    assert "姓名 甲；未满十八岁吗？ 否" in rows
    span = answers.show(BY_TYPE["date_range"], {"from": "2025-01-05", "to": "2026-03-05"}, language="zh-hans")
    assert span == "2025年1月5日 至 2026年3月5日"
    assert answers.show(BY_TYPE["point"], {"lat": 30650000, "lng": 104060000}, language="en") == "30.650000, 104.060000"
    signed = {"name": "张三丰", "strokes": "M1 2L3 4"}
    assert "M1 2L3 4" not in answers.show(BY_TYPE["signature"], signed, language="zh-hans")
    assert "M1 2L3 4" in answers.show(BY_TYPE["signature"], signed, language="zh-hans", reveal=True)
