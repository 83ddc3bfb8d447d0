import re
from urllib.parse import unquote

import pytest

from fawang.base.catalogue import services as catalogue
from fawang.base.identity import services as identities
from fawang.base.identity.tests.factories import SYSTEM, make_party
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests import factories
from fawang.front.portal.tests.factories import FORM, Person, drive, drive_on, order

pytestmark = pytest.mark.django_db


def test_from_a_story_to_a_rated_result_without_javascript(world, sent):
    visitor = Person()
    assert "您遇到了什么问题" in visitor.get("/").content.decode()
    found = visitor.client.post("/find/", {"q": "楼上邻居漏水"}).content.decode()
    assert "/services/MEDIATION_PEOPLE/" in found
    assert "漏水" in found
    assert "/apply/MEDIATION_PEOPLE/" in visitor.get("/services/MEDIATION_PEOPLE/").content.decode()
    asked = visitor.get("/apply/MEDIATION_PEOPLE/")
    assert (asked.status_code, unquote(asked.url)) == (302, "/login/?next=/apply/MEDIATION_PEOPLE/")
    code_page = visitor.client.post(asked.url, {"phone": "13900007788", "next": "/apply/MEDIATION_PEOPLE/"}).url
    assert visitor.client.post(code_page, {"code": sent.code}).url == "/apply/MEDIATION_PEOPLE/"
    number = visitor.file()
    drive(world, number, "DISPATCHED")
    assert "已派给武侯调委会，等它签收。" in visitor.get(f"/mine/{number}/").content.decode()
    drive_on(world, number)
    rated = visitor.send(f"/mine/{number}/do/rate/", {"grade": "5", "text": "谢谢"})
    assert rated.url == f"/mine/{number}/"
    page = visitor.get(rated.url).content.decode()
    assert "非常满意" in page
    assert f"/mine/{number}/do/rate/" not in page


def test_the_application_ends_in_a_receipt_and_a_tracker(person):
    number = person.file()
    receipt = person.get(f"/done/{number}/").content.decode()
    code = orders.query_code(person.actor, number)
    assert code in receipt
    assert "data:image/svg+xml" in receipt
    assert "style=" not in re.sub(r"<title>.*?</title>", "", receipt)
    page = person.get(f"/mine/{number}/").content.decode()
    assert "楼上漏水三个月没人管" in page
    assert "下一步" in page
    assert number in person.get("/mine/").content.decode()


def test_a_double_click_files_once(person):
    url = person.fill(person.begin())
    fields = person.hidden(url)
    first, second = person.client.post(url, fields), person.client.post(url, fields)
    assert first.url == second.url
    assert Order.objects.exclude(state="CANCELLED").count() == 1
    again = person.client.post(url, {**fields, "key": "another"})
    assert again.status_code == 302
    assert Order.objects.count() == 1


def test_a_double_click_on_start_begins_one_draft(person):
    fields = {**person.hidden("/apply/MEDIATION_PEOPLE/"), "agree": "1"}
    first = person.client.post("/apply/MEDIATION_PEOPLE/", fields)
    assert person.client.post("/apply/MEDIATION_PEOPLE/", fields).url == first.url
    assert Order.objects.count() == 1


def test_without_the_consent_nothing_begins(person):
    answer = person.send("/apply/MEDIATION_PEOPLE/")
    assert answer.status_code == 422
    assert "勾选同意" in answer.content.decode()
    assert not Order.objects.exists()
    person.begin()
    assert "我已阅读并同意" not in person.get("/apply/MEDIATION_PEOPLE/").content.decode()


def test_what_was_typed_wrong_stays_in_its_field_with_the_sentence(person):
    draft = person.begin()
    answer = person.client.post(f"/apply/{draft}/other_phone/", {"other_phone": "12345 不知道"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "12345 不知道" in html
    assert 'href="#q-other_phone"' in html
    assert "field--error" in html
    assert person.client.post(f"/apply/{draft}/story/", {"story": ""}).status_code == 422


def test_answers_are_kept_at_each_step_and_taken_up_again_where_one_is_missing(person):
    draft = person.begin()
    person.fill(draft, upto="story")
    assert "接着填" in person.get("/mine/").content.decode()
    assert person.get(f"/apply/{draft}/").url == f"/apply/{draft}/claim/"
    back = person.get(f"/apply/{draft}/story/").content.decode()
    assert "楼上漏水三个月没人管" in back
    assert "第 3 步，共 10 步" in back


def test_own_details_are_filled_in_and_say_so(person):
    draft = person.begin()
    html = person.get(f"/apply/{draft}/applicant_name/").content.decode()
    assert 'value="王示例"' in html
    assert "请核对" in html


def test_a_change_from_the_check_page_comes_back_to_it(person):
    draft = person.begin()
    person.fill(draft)
    answer = person.client.post(f"/apply/{draft}/claim/?from=check", {"claim": "只要修好"})
    assert answer.url == f"/apply/{draft}/check/"
    assert "只要修好" in person.get(answer.url).content.decode()


def test_missing_answers_are_named_with_links_when_sending(person):
    draft = person.begin()
    person.fill(draft, upto="story")
    answer = person.send(f"/apply/{draft}/check/")
    assert answer.status_code == 422
    assert f"/apply/{draft}/claim/?from=check" in answer.content.decode()
    assert orders.get(person.actor, draft).state == "DRAFT"


def test_answers_checked_on_one_device_and_changed_on_another_are_not_sent_unseen(person):
    draft = person.begin()
    url = person.fill(draft)
    fields = person.hidden(url)
    person.client.post(f"/apply/{draft}/claim/", {"claim": "另一台手机上改的"})
    answer = person.client.post(url, fields)
    assert answer.status_code == 409
    assert "另一台手机上改的" in answer.content.decode()
    assert orders.get(person.actor, draft).state == "DRAFT"


def test_a_service_closed_meanwhile_refuses_politely_and_keeps_the_draft(person):
    draft = person.begin()
    url = person.fill(draft)
    catalogue.close_item(factories.SYSTEM, code="MEDIATION_PEOPLE", reason="test")
    answer = person.send(url)
    assert answer.status_code == 422
    assert "12348" in answer.content.decode()
    assert orders.get(person.actor, draft).answers["claim"] == "修好并赔偿"
    assert person.get("/services/MEDIATION_PEOPLE/").status_code == 200
    assert person.send("/apply/MEDIATION_PEOPLE/", {"agree": "1"}).status_code == 422


def test_the_channel_is_told_by_the_browser(world):
    for agent, channel in (("MicroMessenger/8", "04"), ("MicroMessenger/8 miniProgram", "02"), ("Firefox", "01")):
        draft = Person(world.citizen, user_agent=agent).begin()
        assert Order.objects.get(draft_token=draft).channel == channel


def test_an_agent_applies_for_whom_they_represent(world, person):
    principal = make_party(name="王母亲")
    row = identities.ask_to_represent(
        SYSTEM, principal_id=principal, agent_id=person.actor.party_id, kind="PROXY", evidence="授权委托书"
    )
    identities.decide_representation(SYSTEM, row, is_granted=True)
    draft = person.begin(acting=f"for:{row}")
    assert Order.objects.get(draft_token=draft).applicant_id == principal
    assert person.send(person.fill(draft)).status_code == 302


def test_a_draft_can_be_thrown_away_after_asking(person):
    draft = person.begin()
    assert "不能恢复" in person.get(f"/apply/{draft}/discard/").content.decode()
    assert person.client.post(f"/apply/{draft}/discard/").url == "/mine/"
    assert draft not in person.get("/mine/").content.decode()
    assert person.get(f"/apply/{draft}/claim/").status_code == 302


def test_a_place_is_chosen_level_by_level_without_javascript(person):
    draft = person.begin()
    answer = person.client.post(f"/apply/{draft}/area/", {"area__0": "510100", "narrow": "1"})
    assert answer.status_code == 200
    assert "510107" in answer.content.decode()
    assert "area" not in orders.get(person.actor, draft).answers


def test_another_citizen_finds_nothing(person, other):
    draft = person.begin()
    for url in (f"/apply/{draft}/", f"/apply/{draft}/story/", f"/apply/{draft}/check/"):
        assert other.get(url).status_code == 404
    assert other.client.post(f"/apply/{draft}/story/", FORM["story"]).status_code == 404
    number = person.file()
    for url in (f"/mine/{number}/", f"/done/{number}/", f"/mine/{number}/do/withdraw/", f"/mine/{number}/visit/"):
        assert other.get(url).status_code == 404
    assert other.client.post(f"/mine/{number}/do/withdraw/", {}).status_code == 404
    assert order(person, number).state != "WITHDRAWN"
