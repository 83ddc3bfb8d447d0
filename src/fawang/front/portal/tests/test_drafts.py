"""A half-filled form: read from papers with a yes, carried over a new version, gone on with elsewhere, corrected later."""

import re

import pytest

from fawang.base.documents import selectors as documents
from fawang.base.documents import services as papers
from fawang.base.documents.tests.factories import upload
from fawang.base.documents.values import ReadField
from fawang.base.identity import services as identities
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.tests import factories
from fawang.base.workorders.tests import forms as changing
from fawang.front.portal import continuing
from fawang.front.portal.tests.factories import Person, drive

NUMBER = "510107199003071234"
FOUND = [
    ReadField("name", "applicant.name", "姓名", "name", "欧阳晓明", 97),
    ReadField("number", "applicant.id_number", "公民身份号码", "id_number", NUMBER, 40),
    ReadField("ethnicity", "", "民族", "text", "汉", 90),
]


@pytest.fixture
def reader(monkeypatch):
    """A reader of papers that finds the same on every photo; who asked for what."""
    asked = []

    def read_fields(actor, token, paper="", about="applicant"):
        documents.get(actor, token)
        asked.append((token, about))
        return FOUND

    monkeypatch.setattr(documents, "can_read", lambda: True)
    monkeypatch.setattr(papers, "read_fields", read_fields)
    return asked


def answers(person, draft):
    return orders.get(person.actor, draft).answers


def hand_in(person, draft):
    return person.client.post(f"/apply/{draft}/file/", {"file": upload("身份证.jpg")})


def packed(html):
    return re.search(r'name="read_fields" value="([^"]*)"', html)[1]


def test_without_a_reader_nothing_changes(person):
    draft = person.begin()
    person.fill(draft, upto="proceedings")
    assert "/read/" not in hand_in(person, draft).url


def test_what_was_read_is_asked_beside_the_picture_and_written_only_after_a_yes(person, reader):
    draft = person.begin()
    person.fill(draft)
    answer = hand_in(person, draft)
    assert answer.url == f"/apply/{draft}/read/file/"
    page = person.get(answer.url).content.decode()
    before = answers(person, draft)
    assert before["applicant_name"] == "王示例"
    assert 'value="欧阳晓明"' in page
    assert "现在填的是“王示例”" in page
    assert f"/files/{before['file']}/page/1/" in page
    assert "汉" not in re.sub(r"<[^>]+>", "", page.split("<form")[-1])
    declined = {"read_fields": packed(page), "read__name": "欧阳晓明", "read_declined": "1"}
    assert person.client.post(answer.url, declined).status_code == 302
    assert answers(person, draft) == before
    edited = {"read_fields": packed(page), "read__name": "欧阳小明", "read_confirmed": "1"}
    assert person.client.post(answer.url, edited).status_code == 302
    assert answers(person, draft) == {**before, "applicant_name": "欧阳小明"}
    number = person.send(f"/apply/{draft}/check/").url.strip("/").split("/")[1]
    assert "从“身份证.jpg”里读出，本人确认过：" in person.get(f"/mine/{number}/").content.decode()


def test_a_confirmed_value_that_is_refused_says_so_at_its_field_and_changes_nothing(person, reader):
    draft = person.begin()
    person.fill(draft)
    url = hand_in(person, draft).url
    page, before = person.get(url).content.decode(), answers(person, draft)
    wrong = {"read_fields": packed(page), "read__name": "字" * 150, "read_confirmed": "1"}
    refused = person.client.post(url, wrong)
    assert refused.status_code == 422
    assert 'id="q-read__name-error"' in refused.content.decode()
    assert answers(person, draft) == before


def test_what_was_read_of_another_file_or_forged_fills_nothing(person, other, reader):
    draft = person.begin()
    person.fill(draft)
    url = hand_in(person, draft).url
    before = answers(person, draft)
    theirs = other.begin()
    other.fill(theirs)
    of_theirs = packed(other.get(hand_in(other, theirs).url).content.decode())
    for given in (of_theirs, "forged", ""):
        data = {"read_fields": given, "read__name": "别人", "read_confirmed": "1"}
        assert person.client.post(url, data).status_code == 302
    assert answers(person, draft) == before
    assert other.get(url).status_code == 404


def test_the_same_file_twice_is_said(person):
    draft = person.begin()
    person.fill(draft)
    hand_in(person, draft)
    hand_in(person, draft)
    assert "这个文件以前已经上传过" in person.get(f"/apply/{draft}/check/").content.decode()


@pytest.fixture
def folder(world, tmp_path):
    changing.publish(tmp_path / "own", 1, changing.FIRST)
    return tmp_path / "own"


def test_a_form_that_changes_under_a_draft_says_at_the_field_what_was_answered(person, folder):
    draft = changing.begin(person.actor)
    changing.publish(folder, 2, changing.SECOND, drafts="move")
    # a page that was open is taken as it was
    assert person.client.post(f"/apply/{draft}/colour/", {"colour": "蓝"}).status_code == 302
    moved = person.get(f"/apply/{draft}/colour/")
    assert moved.url == f"/apply/{draft}/"
    page = person.get(f"/apply/{draft}/", follow=True)
    html = page.content.decode()
    assert page.redirect_chain[-1][0] == f"/apply/{draft}/size/"
    assert "这项服务的表单更新了" in html
    assert "您原来填的是：" in html
    assert "很大" in html
    person.client.post(f"/apply/{draft}/size/", {"size": "80"})
    since = {"since__year": "2026", "since__month": "1", "since__day": "5"}
    assert person.client.post(f"/apply/{draft}/since/", since).status_code == 302
    check = person.get(f"/apply/{draft}/check/").content.decode()
    assert "不再问这些" in check
    assert "蓝" in check
    assert "很大" not in check
    assert person.send(f"/apply/{draft}/check/").url.startswith("/done/")


def test_a_draft_that_stays_goes_on_and_is_sent_in_its_own_version(person, folder):
    draft = changing.begin(person.actor)
    changing.publish(folder, 2, changing.SECOND)
    assert "什么颜色" in person.get(f"/apply/{draft}/colour/").content.decode()
    number = person.send(f"/apply/{draft}/check/").url.strip("/").split("/")[1]
    assert orders.get(person.actor, number).answers["colour"] == "红"


def test_a_draft_begun_on_one_device_is_gone_on_with_on_another_by_code_and_phone(person, world, sent):
    draft = person.begin()
    page = person.get(f"/apply/{draft}/story/").content.decode()
    code = continuing.code_of(draft)
    assert code in page
    number = identities.own_values(person.actor).phone
    device = Person()
    answer = device.client.post("/continue/", {"code": f" {code.lower()} ", "phone": number})
    assert answer.url == "/login/code/"
    logged_in = device.client.post(answer.url, {"code": sent.code}, follow=True)
    assert logged_in.redirect_chain[-1][0].startswith(f"/apply/{draft}/")
    assert device.get("/mine/").content.decode().count(draft)


def test_a_code_opens_nothing_to_anybody_else(person, other):
    draft = person.begin()
    answer = other.client.post("/continue/", {"code": continuing.code_of(draft)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/mine/"
    assert "没有找到这份没填完的表" in answer.content.decode()
    wrong = Person().client.post("/continue/", {"code": "??", "phone": "13900001234"})
    assert wrong.status_code == 422
    assert 'id="q-code-error"' in wrong.content.decode()


def test_an_answer_is_corrected_and_the_matter_says_what_it_was(person, other, world):
    number = person.file()
    url = f"/mine/{number}/answers/other_phone/"
    assert url in person.get(f"/mine/{number}/").content.decode()
    refused = person.send(url, {"other_phone": "12"})
    assert refused.status_code == 422
    assert 'id="q-other_phone-error"' in refused.content.decode()
    assert person.send(url, {"other_phone": "13900005678", "reason": "写错了"}).status_code == 302
    page = person.get(f"/mine/{number}/").content.decode()
    assert "更正记录" in page
    assert "写错了" in page
    assert "13900005678" not in page
    assert other.get(url).status_code == 404
    assert person.get(f"/mine/{number}/answers/area/").status_code == 404
    factories.do(world.liaison, drive(world, number, "DISPATCHED"), "sign")
    assert person.get(url).status_code == 404
