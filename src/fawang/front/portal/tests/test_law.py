import re

import pytest
from django.utils.html import escape

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services
from fawang.base.knowledge.tests import factories
from fawang.base.knowledge.values import PieceKind
from fawang.front.portal.tests.factories import Person
from fawang.front.portal.tests.test_pages import _read_english_afresh as read_english_afresh

pytestmark = pytest.mark.django_db


def key_of(name):
    (found, *_rest), _count = knowledge.laws(name)
    return found.key


def get(url, **data):
    answer = Person().client.get(url, data)
    return answer.status_code, answer.content.decode()


def test_without_words_the_laws_are_listed_by_kind(library):
    status, page = get("/law/")
    assert status == 200 and "劳动合同法" in page and "测试汇编" in page
    _status, local = get("/law/", kind="LOCAL")
    assert "测试市物业管理条例" in local and "民事诉讼法" not in local


def test_a_citation_leads_to_its_article_at_once(library):
    _status, page = get("/law/", q="劳动合同法82条")
    assert "《劳动合同法》第八十二条" in page and "二倍的工资" in page
    assert escape(f"/law/{key_of('劳动合同法')}/82/?version=t0") in page


def test_a_name_and_words_find_laws_and_articles(library):
    _status, page = get("/law/", q="诉讼法")
    assert "民事诉讼法" in page and "刑事诉讼法" in page
    _status, page = get("/law/", q="劳动报酬")
    assert "第三十条" in page and "共 1 条" in page
    _status, page = get("/law/", q="物业费")
    assert "物业管理条例" not in page
    _status, page = get("/law/", q="物业费", local="1")
    assert "《测试市物业管理条例》第九条" in page


def test_what_is_not_there_word_for_word_shows_the_nearest_or_says_so(library):
    _status, page = get("/law/", q="老板拖欠劳动报酬三个月")
    assert "最接近" in page and "第三十条" in page
    _status, page = get("/law/", q="xyz")
    assert "没有找到" in page


def test_a_repealed_article_says_so(library):
    _status, page = get("/law/", q="合同法第六十条")
    assert "不再有效" in page


def test_before_anything_is_loaded_the_page_says_so(db):
    factories.forget()
    status, page = get("/law/")
    assert status == 200 and "还没有载入法律" in page


def test_a_law_shows_the_text_in_force_on_the_day(library):
    key = key_of("仲裁法")
    _status, page = get(f"/law/{key}/")
    assert "第三条" in page and "不是所选日期" not in page
    _status, page = get(f"/law/{key}/", on="2026-02-01")
    assert "第三条" not in page
    _status, page = get(f"/law/{key}/", version="t-old")
    assert "不是所选日期有效的文本" in page
    _status, page = get(f"/law/{key}/", on="not a day")
    assert "第三条" in page


def test_a_law_that_is_not_in_force_yet_says_from_when(library):
    _status, page = get(f"/law/{key_of('商标法')}/")
    assert "还没有开始施行" in page and "2027" in page


def test_an_article_shows_text_citation_snapshot_and_neighbours(library):
    status, page = get(f"/law/{key_of('刑法')}/133-1/")
    assert status == 200
    assert 'data-copy="《刑法》第一百三十三条之一"' in page and "醉酒驾驶" in page
    assert "数据截止" in page and "2026" in page
    assert len(re.findall(r'<a (?:class="pager__older" )?href="[^"]*" lang="zh-Hans">', page)) >= 2


def test_an_article_shows_how_it_read_before(library):
    key = key_of("仲裁法")
    _status, page = get(f"/law/{key}/1/")
    assert "<ins>、及时</ins>" in page
    _status, page = get(f"/law/{key}/3/")
    assert "没有相同条号" in page
    _status, page = get(f"/law/{key}/2/", on="2026-02-01")
    assert "平等主体之间的合同纠纷" in page


def test_versions_are_compared_article_by_article(library):
    status, page = get(f"/law/{key_of('仲裁法')}/compare/", old="t-old", new="t-new")
    assert status == 200
    assert "3 条不同" in page and "新增" in page and "原来是" in page
    _status, same = get(f"/law/{key_of('仲裁法')}/compare/", old="t-new", new="t-new")
    assert "没有不同" in same


def test_a_published_explanation_stands_beside_its_article(library):
    key = key_of("劳动合同法")
    piece = services.write(
        factories.EDITOR,
        kind=PieceKind.ANSWER,
        title="没签合同",
        body="可以要二倍工资。",
        basis=[services.Basis(key, 82)],
    )
    services.submit(factories.EDITOR, piece, version=1)
    assert "没签合同" not in get(f"/law/{key}/82/")[1]
    services.publish(factories.REVIEWER, piece, version=2, review_by=factories.TODAY.date().replace(year=2027))
    assert "没签合同" in get(f"/law/{key}/82/")[1]


def test_texts_are_shown_as_text(library, tmp_path):
    laws, rows, local = factories.library()
    next(row for row in rows if row["id"] == "t0#82")["text"] = "<script>alert(1)</script>"
    services.load(factories.ACTOR, factories.write(tmp_path / "hostile", laws, rows, local))
    _status, page = get(f"/law/{key_of('劳动合同法')}/82/")
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_what_does_not_exist_is_not_found(library):
    key = key_of("劳动合同法")
    for url in ("/law/0000000000000000/", f"/law/{key}/999/", f"/law/{key}/82-1/", "/law/0000000000000000/compare/"):
        assert get(url)[0] == 404, url


def test_in_english_only_the_law_itself_is_chinese(library):
    read_english_afresh()
    person, key = Person(), key_of("仲裁法")
    person.client.post("/language/", {"language": "en"})
    urls = [
        "/law/", "/law/?q=仲裁法第二条", "/law/?q=合同法第六十条", "/law/?q=仲裁", "/law/?q=老板拖欠劳动报酬三个月", "/law/?q=xyz",
        f"/law/{key}/", f"/law/{key}/?version=t-old", f"/law/{key}/1/", f"/law/{key}/3/", f"/law/{key}/2/?on=2026-02-01",
        f"/law/{key}/compare/?old=t-old&new=t-new", f"/law/{key_of('商标法')}/",
    ]  # fmt: skip
    left = {}
    for url in urls:
        html = person.client.get(url).content.decode()
        html = re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", html, flags=re.DOTALL)
        html = re.sub(
            r'<title>.*?</title>|value="[^"]*"|href="[^"]*"|data-copy="[^"]*"|测试汇编|<main.*?<h1>《.*?</h1>', "", html
        )
        found = re.findall(r"[^<>\n]*[\u4e00-\u9fff][^<>\n]*", html)
        if found:
            left[url] = found[:5]
    assert not left


def test_a_story_finds_services_and_the_law_behind_it(library):
    person = Person()
    page = person.client.post("/find/", {"q": "单位没有签书面劳动合同，可以要二倍工资吗"}).content.decode()
    assert "可能用得上的法律" in page and "《劳动合同法》第八十二条" in page
    assert escape(f"/law/{key_of('劳动合同法')}/82/?version=t0") in page


def test_without_laws_the_story_still_finds_services(db):
    factories.forget()
    page = Person().client.post("/find/", {"q": "邻居漏水"}).content.decode()
    assert "可能用得上的法律" not in page and "12348" in page


def test_the_basis_of_a_service_leads_to_its_articles(library):
    from fawang.front.portal import lawbook

    rows = lawbook.behind("《劳动合同法》第八十二条、第三十条；《劳动合同法》第八十二条第一款；《不存在的法》第一条。")
    assert [row.article.citation for row in rows] == ["《劳动合同法》第八十二条", "《劳动合同法》第三十条"]
