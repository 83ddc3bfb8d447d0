"""The editors' pages, the law box beside the work, and the draft beside a lawyer's opinion."""

import re
from html import unescape

import pytest

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services
from fawang.base.knowledge.tests import factories
from fawang.base.knowledge.values import PieceState
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors
from fawang.base.workorders.tests.factories import QUESTION as ANSWERS
from fawang.base.workorders.tests.factories import do, file
from fawang.front.workbench.tests.factories import client_of, text_of
from fawang.kernel import ids

QUESTION = "老板拖欠劳动报酬三个月，工资一分没给"
PIECE = {
    "kind": "GUIDE",
    "title": "没签合同怎么办",
    "summary": "",
    "body": "可以要求二倍工资。",
    "source": "",
    "basis": "劳动合同法82条",
}


@pytest.fixture
def library(world, tmp_path, settings):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    factories.forget()
    factories.load(tmp_path / "source")
    for name, role in (("editor", "KNOWLEDGE_EDITOR"), ("jurist", "REVIEWER")):
        _account, world.people[name] = institutions.make_staff(role, world.units["province"])
    yield world
    factories.forget()


def handled(world):
    """A written question with its lawyer, who has spoken with the person; its number."""
    number = file(world, service="CONSULT_MESSAGE", answers={**ANSWERS, "story": QUESTION})
    do(world.clerk, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("firm"))
    do(world.firm_liaison, number, "sign")
    do(world.firm_liaison, number, "assign", handler=world.handler_token("firm", "lawyer"))
    do(world.lawyer, number, "accept")
    do(world.lawyer, number, "note_contact", reached=True, text="电话核对事实")
    return number


def hidden(page, url):
    """The hidden fields of the form that goes to an address."""
    form = re.search(rf'<form[^>]*action="{re.escape(url)}"[^>]*data-take.*?</form>', page, re.DOTALL)[0]
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}


def test_a_draft_is_taken_over_into_the_opinion_edited_and_sent(library):
    number = handled(library)
    client, act = client_of(library.lawyer), f"/work/orders/{number}/do/give_opinion/"
    page = text_of(client.get(f"/work/orders/{number}/"))
    assert f"/work/orders/{number}/opinion/" in page and 'id="law-q"' in page
    page = text_of(client.get(f"/work/orders/{number}/opinion/"))
    assert "未经律师确认" in page
    taken = hidden(page, act)
    assert (
        "《劳动合同法》第三十条" in taken["articles"] and "机器拟稿" in taken["text"] and taken["path"] == "arbitration"
    )
    assert "拖欠劳动报酬" in taken["facts"] and "劳动争议调解仲裁法第二十七条" in taken["limitation"]
    form = client.post(act, {**taken, "look": "1"})
    assert form.status_code == 200 and "机器拟稿" in text_of(form)
    assert selectors.get(library.lawyer, number).inner == "QUESTION"
    version = re.search(r'name="version" value="(\d+)"', text_of(form))[1]
    edited = {**taken, "text": "请先申请劳动仲裁。", "version": version, "key": ids.token()}
    edited.pop("csrfmiddlewaretoken", None)
    assert client.post(act, edited).status_code == 302
    assert selectors.get(library.lawyer, number).inner == "ANSWERED"


def test_a_draft_is_there_for_the_handler_alone(library):
    number = handled(library)
    assert client_of(library.city_liaison).get(f"/work/orders/{number}/opinion/").status_code == 404
    assert client_of(library.citizen).get(f"/work/orders/{number}/opinion/").status_code in {403, 404}


def test_the_law_box_finds_by_citation_and_words_with_quotation_and_date(library):
    client = client_of(library.lawyer)
    rows = text_of(client.post("/staff/law/", {"law_q": "劳动合同法82条"}, headers={"HX-Request": "true"}))
    put = unescape(re.search(r'data-insert="([^"]+)"', rows)[1])
    assert put.startswith("《劳动合同法》第八十二条：“用人单位自用工之日起") and "文本截至2026年8月31日" in put
    rows = text_of(client.post("/staff/law/", {"law_q": "", "text": QUESTION}, headers={"HX-Request": "true"}))
    assert "《劳动合同法》第三十条" in rows
    page = text_of(client.post("/staff/law/", {"law_q": "取保候审"}))
    assert "《刑事诉讼法》第七十九条" in page and "<textarea" in page
    assert client_of(library.citizen).get("/staff/law/").status_code == 403


def test_an_editor_writes_another_reviews_and_a_change_of_law_is_shown(library, tmp_path):
    editor, jurist = client_of(library.editor), client_of(library.jurist)
    cited = text_of(
        editor.post(
            "/work/knowledge/cite/", {"basis": "劳动合同法82条\n劳动法第九百条\n什么法", "body": "见民法典1063条"}
        )
    )
    assert "《劳动合同法》第八十二条" in cited and "《民法典》第一千零六十三条" in cited and "不认识这个引用" in cited
    assert editor.post("/work/knowledge/new/", {**PIECE, "basis": "合同法第六十条"}).status_code == 422
    url = editor.post("/work/knowledge/new/", PIECE).url
    assert jurist.post("/work/knowledge/new/", PIECE).status_code == 403
    editor.post(f"{url}submit/", {"version": 1})
    page = text_of(editor.get(url))
    assert "自己写的要由别人审核" in page
    wrong = jurist.post(f"{url}publish/", {"version": 2, "review_by": "2020-01-01"})
    assert wrong.status_code == 422
    jurist.post(f"{url}send-back/", {"version": 2, "remark": "请写明期限"})
    assert "请写明期限" in text_of(editor.get("/work/knowledge/?state=DRAFT"))
    editor.post(f"{url}revise/", {**PIECE, "version": 3, "body": "自第二个月起可以要求二倍工资。"})
    editor.post(f"{url}submit/", {"version": 4})
    day = re.search(r'name="review_by" value="([^"]+)"', text_of(jurist.get(url)))[1]
    jurist.post(f"{url}publish/", {"version": 5, "review_by": day})
    assert [piece.title for piece in knowledge.published()] == [PIECE["title"]]
    laws, rows, local = factories.library()
    laws.append(factories.law("t0-new", laws[0]["title"], publish="2026-09-01", effective="2026-09-10"))
    laws[0]["status"] = "历史版本"
    rows += factories.articles("t0-new", {82: "每月付给三倍的工资。"})
    services.load(factories.ACTOR, factories.write(tmp_path / "again", laws, rows, local))
    listed = text_of(jurist.get("/work/knowledge/"))
    assert "所引条文已修改" in listed and PIECE["title"] in listed
    page = text_of(jurist.get(url))
    assert "<ins>三</ins>" in page and "<del>" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    jurist.post(f"{url}confirm/", {"version": version, "review_by": day})
    assert knowledge.overdue(library.jurist) == []
    jurist.post(f"{url}withdraw/", {"version": int(version) + 1, "remark": "已过时"})
    key = url.strip("/").split("/")[-1]
    assert knowledge.piece(library.editor, key).state == PieceState.WITHDRAWN
    assert "revise/" in text_of(editor.get(url)) and PIECE["body"][:4] in text_of(editor.get(f"{url}revise/"))
    services.erase(library.jurist, key, reason="不得公开")
    assert "revise/" not in text_of(editor.get(url)) and "二倍" not in text_of(editor.get(url))
    for again in (editor.get(f"{url}revise/"), editor.post(f"{url}revise/", {**PIECE, "version": 9})):
        assert again.status_code == 422 and "已经清空" in text_of(again)


@pytest.mark.parametrize("name", ["mediator", "citizen", "dispatcher"])
def test_the_editors_pages_are_closed_to_others(library, name):
    client = client_of(getattr(library, name))
    assert client.get("/work/knowledge/").status_code == 403
    assert client.get("/work/knowledge/new/").status_code == 403
