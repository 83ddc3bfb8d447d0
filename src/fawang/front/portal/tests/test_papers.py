"""The papers of a matter on its page, to read without opening a file, and to print."""

import re

import pytest

from fawang.base.workorders.tests import factories
from fawang.front.portal.tests.factories import Person, drive


@pytest.fixture
def number(world, person):
    number = person.file()
    return drive(world, number, "DONE")


def test_the_agreement_is_read_and_printed_from_the_matters_page(person, number):
    page = person.get(f"/mine/{number}/").content.decode()
    [url] = re.findall(rf'href="(/mine/{number}/paper/\d+/)"', page)
    html = person.get(url).content.decode()
    for words in (
        "人民调解协议书",
        number,
        "甲方姓名",
        "李示例",
        "三日内修好",
        "三十日内共同",
        "武侯调委会",
        "data-print",
        "甲方（签名",
    ):
        assert words in html, words
    assert "style=" not in html
    english = Person(person.actor, **{"Accept-Language": "en"}).get(url).content.decode()
    assert "Mediation agreement" in english and "Second party" in english


def test_what_was_agreed_stands_in_the_course_of_events_with_its_questions(person, number):
    page = person.get(f"/mine/{number}/").content.decode()
    assert "甲方姓名：王示例" in page
    assert "协议形式：书面协议" in page
    assert "调解记录" not in page


def test_another_citizen_finds_no_paper_and_a_step_without_one_is_not_found(person, other, number):
    page = person.get(f"/mine/{number}/").content.decode()
    [url] = re.findall(rf'href="(/mine/{number}/paper/\d+/)"', page)
    assert other.get(url).status_code == 404
    assert person.get(f"/mine/{number}/paper/1/").status_code == 404
    assert person.get(f"/mine/{number}/paper/999999/").status_code == 404


def test_an_opinion_shows_lawyer_licence_and_disclaimer(world, person):
    number = factories.file(world, service="CONSULT_MESSAGE", answers=factories.QUESTION)
    factories.do(factories.SYSTEM, number, "queue")
    factories.do(world.dispatcher, number, "dispatch", unit=world.token("firm"))
    for action in ("sign", "take", "accept"):
        factories.do(world.lawyer, number, action)
    factories.do(
        world.lawyer,
        number,
        "give_opinion",
        facts="欠薪",
        text="可以仲裁",
        articles="《劳动合同法》第八十二条",
        path="court",
    )
    page = person.get(f"/mine/{number}/").content.decode()
    [url] = re.findall(rf'href="(/mine/{number}/paper/\d+/)"', page)
    html = person.get(url).content.decode()
    for words in (
        "法律咨询意见书",
        "承办lawyer",
        "专职律师",
        "执业证号",
        "诉讼",
        "供您参考",
        factories.QUESTION["story"],
    ):
        assert words in html, words
