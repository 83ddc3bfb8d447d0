"""The window: today's list, the order somebody comes for, applying with the person beside you, the receipt."""

import re
from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from fawang.base.documents import selectors as documents
from fawang.base.documents import services as papers
from fawang.base.documents.tests.factories import upload
from fawang.base.documents.values import ReadField
from fawang.base.identity import selectors as identity
from fawang.base.identity.tests.factories import id_card
from fawang.base.meetings.tests import factories as meetings
from fawang.base.workorders import selectors
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import SYSTEM, do, drive, file
from fawang.front.frame.session import BACKEND
from fawang.kernel import clock, ids

ANSWERS = {
    "domain": "D03", "story": "老板三个月没发工资", "area__0": "510100", "area__1": "510107", "urgency": "U3",
}  # fmt: skip


def client_of(actor):
    client = Client()
    client.force_login(get_user_model().objects.get(pk=actor.account_id), backend=BACKEND)
    session = client.session
    session["acting"] = f"member:{actor.member_id}"
    session.save()
    return client


def text_of(response):
    return response.content.decode()


@pytest.fixture
def clerk(world):
    return client_of(world.clerk)


def person(**changes):
    return {"person_name": "赵示例", "person_phone": "13800000077", "key": ids.token(), **changes}


def moved_to_the_window(world):
    """An order whose applicant booked this centre's online desk."""
    with clock.at(clock.now()):
        bookable = meetings.bookable(world.centre)
    number = drive(world, file(world), "HANDLING")
    start = datetime(2026, 9, 28, 15, 0, tzinfo=clock.SHANGHAI)
    do(world.citizen, number, "switch_offline", bookable=bookable.token, start=start.isoformat())
    return number


@pytest.mark.parametrize("path", ["/window/", "/window/apply/", "/window/apply/CONSULT_MESSAGE/"])
def test_only_receptionists_get_in(world, path):
    assert client_of(world.clerk).get(path).status_code == 200
    for name in ("mediator", "liaison", "dispatcher", "supervisor"):
        assert client_of(getattr(world, name)).get(path).status_code in {403, 404}
    assert Client().get(path).status_code == 302


def test_an_application_is_filed_for_the_person_and_the_receipt_says_how_to_follow_it(clerk, world):
    answer = clerk.post("/window/apply/CONSULT_MESSAGE/", {**person(), **ANSWERS})
    assert answer.status_code == 302, text_of(answer)
    number = answer.url.split("/")[-2]
    order = Order.objects.get(number=number)
    assert (order.channel, order.registrar, order.registrar_unit_id) == ("21", world.clerk.ref, world.centre)
    assert identity.party(SYSTEM, order.applicant_id).name == "赵示例"
    receipt = text_of(clerk.get(answer.url))
    assert number in receipt
    assert selectors.query_code(world.clerk, number) in receipt
    assert "data:image/svg+xml" in receipt


def test_a_double_click_files_once(clerk):
    sent = {**person(), **ANSWERS}
    first, second = (clerk.post("/window/apply/CONSULT_MESSAGE/", sent) for _time in range(2))
    assert first.url == second.url
    assert Order.objects.count() == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(clerk):
    answer = clerk.post("/window/apply/CONSULT_MESSAGE/", {**person(person_name=""), **ANSWERS, "domain": ""})
    assert answer.status_code == 422
    assert "老板三个月没发工资" in text_of(answer)
    assert Order.objects.count() == 0
    nobody = clerk.post("/window/apply/CONSULT_MESSAGE/", {**person(person_phone=""), **ANSWERS})
    assert 'href="#q-person_phone"' in text_of(nobody)
    odd = clerk.post("/window/apply/CONSULT_MESSAGE/", {**person(person_id="51010719900307"), **ANSWERS})
    assert 'href="#q-person_id"' in text_of(odd)


def test_a_person_who_came_before_is_found_by_the_phone_and_not_typed_again(clerk, world):
    clerk.post("/window/apply/CONSULT_MESSAGE/", {**person(), **ANSWERS})
    found = clerk.post("/window/apply/CONSULT_MESSAGE/", {"person_phone": "13800000077", "find": "1", "key": "k1"})
    assert "赵*" in text_of(found).replace("赵**", "赵*")
    assert "赵示例" not in text_of(found)
    token = re.search(r'name="person_token" value="(\w+)"', text_of(found))[1]
    sent = {"person_phone": "13800000077", "person_token": token, "key": ids.token(), **ANSWERS}
    assert clerk.post("/window/apply/CONSULT_MESSAGE/", sent).status_code == 302
    assert Order.objects.values("applicant_id").distinct().count() == 1


def test_seeing_the_original_document_makes_the_person_verified(clerk):
    number = id_card()
    answer = clerk.post("/window/apply/CONSULT_MESSAGE/", {**person(person_id=number, person_seen="1"), **ANSWERS})
    assert answer.status_code == 302, text_of(answer)
    assert identity.party(SYSTEM, Order.objects.get().applicant_id).level == 3
    assert number not in text_of(clerk.get(answer.url))


def test_mediation_takes_the_applicants_name_from_the_person(clerk):
    sent = {
        **person(), "kind": "neighbour", "story": "楼上漏水", "claim": "修好", "other_name": "李示例",
        "area__0": "510100", "area__1": "510107", "proceedings": "none",
    }  # fmt: skip
    answer = clerk.post("/window/apply/MEDIATION_PEOPLE/", sent)
    assert answer.status_code == 302, text_of(answer)
    assert Order.objects.get().answers["applicant_name"] == "赵示例"


def test_the_booked_order_shows_everything_entered_and_goes_back_online(clerk, world):
    number = moved_to_the_window(world)
    today = text_of(clerk.get("/window/"))
    assert number in today
    page = text_of(clerk.get(f"/window/orders/{number}/"))
    assert "楼上漏水三个月没人管" in page
    version = re.search(
        r'name="version" value="(\d+)"', text_of(clerk.get(f"/window/orders/{number}/do/compare_original/"))
    )[1]
    sent = {"version": version, "key": ids.token(), "material": "身份证", "is_same": "yes"}
    assert clerk.post(f"/window/orders/{number}/do/compare_original/", sent).status_code == 302
    stale = clerk.post(
        f"/window/orders/{number}/do/compare_original/", {**sent, "key": ids.token(), "material": "租房合同"}
    )
    assert stale.status_code == 409
    assert "租房合同" in text_of(stale)
    back = clerk.post(f"/window/orders/{number}/do/switch_online/", {"key": ids.token()})
    assert back.url == f"/window/receipts/{number}/"
    assert not selectors.get(world.clerk, number).is_offline


def test_a_booking_is_checked_in_by_the_code_and_finished(clerk, world):
    number = moved_to_the_window(world)
    token = re.search(r"/window/bookings/(\w+)/here/", text_of(clerk.get("/window/")))[1]
    assert clerk.post("/window/bookings/code/here/", {"code": "NOSUCH"}).status_code == 302
    assert clerk.post(f"/window/bookings/{token}/here/").url == f"/window/orders/{number}/"
    assert clerk.post(f"/window/bookings/{token}/done/").status_code == 302
    assert client_of(world.far_clerk).post(f"/window/bookings/{token}/done/").status_code == 404


def test_the_window_of_another_place_does_not_see_the_order(world):
    number = drive(world, file(world), "HANDLING")
    far = client_of(world.far_clerk)
    assert far.get(f"/window/orders/{number}/").status_code == 404
    assert far.get(f"/window/receipts/{number}/").status_code == 404
    assert far.get(f"/window/orders/{number}/do/note/").status_code == 404


def test_withdrawing_for_somebody_needs_the_word_that_it_was_explained(clerk, world):
    number = drive(world, file(world), "HANDLING")
    assert clerk.post(f"/window/orders/{number}/do/withdraw/", {"key": ids.token()}).status_code == 422
    assert (
        clerk.post(f"/window/orders/{number}/do/withdraw/", {"key": ids.token(), "confirmed": "1"}).status_code == 302
    )
    assert selectors.get(world.clerk, number).state == "WITHDRAWN"


def test_pages_keep_to_the_content_security_policy(clerk, world):
    number = moved_to_the_window(world)
    paths = [
        "/window/",
        "/window/apply/",
        "/window/apply/CONSULT_MESSAGE/",
        f"/window/orders/{number}/",
        f"/window/receipts/{number}/",
    ]
    for path in paths:
        assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son\w+=|<script(?![^>]*\ssrc=)", text_of(clerk.get(path))), path


@pytest.fixture
def reader(monkeypatch):
    """A reader of papers that finds the same on every photo."""
    found = [
        ReadField("name", "applicant.name", "姓名", "name", "欧阳晓明", 97),
        ReadField("number", "applicant.id_number", "公民身份号码", "id_number", id_card(), 97),
    ]
    monkeypatch.setattr(documents, "can_read", lambda: True)
    monkeypatch.setattr(papers, "read_fields", lambda actor, token, paper="", about="applicant": found)


def test_a_card_is_read_into_the_persons_column_only_after_a_yes(clerk, world, reader):
    url = "/window/apply/MEDIATION_PEOPLE/"
    page = text_of(clerk.post(url, {**person(person_name=""), "card": upload("身份证.jpg"), "read": "card"}))
    assert 'value="欧阳晓明"' in page
    assert 'name="person_name" value="欧阳晓明"' not in page
    hidden = dict(re.findall(r'<input type="hidden" name="(read_fields|read_of|card__kept)" value="([^"]*)"', page))
    assert f"/files/{hidden['read_of']}/page/1/" in page
    sent = {**person(person_name=""), **hidden, "read__name": "欧阳小明"}
    declined = text_of(clerk.post(url, {**sent, "read_declined": "1"}))
    assert "欧阳" not in declined
    confirmed = text_of(clerk.post(url, {**sent, "read_confirmed": "1"}))
    assert re.search(r'name="person_name"[^>]*value="欧阳小明"|value="欧阳小明"[^>]*name="person_name"', confirmed)
    assert not Order.objects.exists()


def test_without_a_reader_no_card_is_asked_for(clerk):
    page = text_of(clerk.get("/window/apply/MEDIATION_PEOPLE/"))
    assert 'name="card"' not in page


def test_a_clerk_corrects_an_answer_and_the_order_says_what_it_was(clerk, world):
    number = moved_to_the_window(world)
    url = f"/window/orders/{number}/answers/claim/"
    assert url in text_of(clerk.get(f"/window/orders/{number}/"))
    sent = dict(re.findall(r'<input type="hidden" name="(version|key)" value="([^"]*)"', text_of(clerk.get(url))))
    refused = clerk.post(url, {**sent, "claim": ""})
    assert refused.status_code == 422
    assert 'id="q-claim-error"' in text_of(refused)
    assert clerk.post(url, {**sent, "claim": "只要修好", "reason": "本人说的"}).status_code == 302
    for page in (clerk.get(f"/window/orders/{number}/"), client_of(world.mediator).get(f"/work/orders/{number}/")):
        html = text_of(page)
        assert "更正记录" in html
        assert "只要修好" in html
        assert "修好并赔偿" in html
    [row] = selectors.changes(world.citizen, number)
    assert (row.before, row.after, row.is_applicant) == ("修好并赔偿", "只要修好", False)
