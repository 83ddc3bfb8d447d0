import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fawang.base.documents.tests.factories import PDF, upload
from fawang.base.meetings import services as meetings
from fawang.base.organisations import services as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.tests import factories
from fawang.front.portal.tests.factories import drive, order

pytestmark = pytest.mark.django_db
STATEMENTS = Path(__file__).with_name("statements.json")


@pytest.fixture
def number(person):
    return person.file()


def test_withdrawing_asks_first_and_keeps_the_reason(person, number):
    page = person.get(f"/mine/{number}/do/withdraw/").content.decode()
    assert "撤回后不再办理" in page
    assert order(person, number).state != "WITHDRAWN"
    assert person.send(f"/mine/{number}/do/withdraw/", {"reason": "已经和好"}).url == f"/mine/{number}/"
    assert order(person, number).state == "WITHDRAWN"
    assert "已经和好" in person.get(f"/mine/{number}/").content.decode()


def test_a_double_click_on_withdraw_is_answered_once_and_calmly(person, number):
    url = f"/mine/{number}/do/withdraw/"
    fields = person.hidden(url)
    assert person.client.post(url, fields).url == f"/mine/{number}/"
    assert person.client.post(url, fields).url == f"/mine/{number}/"


def test_urging_twice_a_day_is_refused_with_what_was_typed(person, number):
    assert person.send(f"/mine/{number}/do/urge/", {"text": "很急"}).status_code == 302
    second = person.send(f"/mine/{number}/do/urge/", {"text": "还是很急"})
    assert second.status_code == 422
    assert "今天已经催办过一次" in second.content.decode()
    assert "还是很急" in second.content.decode()
    assert order(person, number).urged_count == 1


def test_a_stale_page_says_so_and_keeps_what_was_typed(world, person, number):
    url = f"/mine/{number}/do/urge/"
    drive(world, number, "DISPATCHED")
    fields = person.hidden(url)
    factories.do(world.liaison, number, "sign")
    answer = person.client.post(url, {**fields, "text": "快一点"})
    assert answer.status_code == 409
    assert "快一点" in answer.content.decode()
    assert person.client.post(url, {**person.hidden(url), "text": "快一点"}).status_code == 302


def test_rating_is_offered_once_after_the_result(world, person, number):
    assert "/do/rate/" not in person.get(f"/mine/{number}/").content.decode()
    drive(world, number, "DONE")
    assert "已达成协议" in person.get(f"/mine/{number}/").content.decode()
    empty = person.send(f"/mine/{number}/do/rate/")
    assert empty.status_code == 422
    assert 'href="#q-grade"' in empty.content.decode()
    assert person.send(f"/mine/{number}/do/rate/", {"grade": "1"}).status_code == 302
    assert person.send(f"/mine/{number}/do/rate/", {"grade": "5"}).status_code == 422
    assert order(person, number).grade == 1


def test_a_request_for_more_is_answered_with_a_file_that_only_its_readers_open(world, person, other, number):
    drive(world, number, "DISPATCHED")
    factories.do(world.liaison, number, "sign")
    factories.do(world.liaison, number, "assign", handler=world.handler_token())
    factories.do(world.mediator, number, "accept")
    factories.do(world.mediator, number, "request_supplement", items="请补合同", days=5)
    page = person.get(f"/mine/{number}/").content.decode()
    assert "请补合同" in page
    assert f"/mine/{number}/do/reply_supplement/" in page
    wrong = person.send(f"/mine/{number}/do/reply_supplement/", {"reply": "", "file": upload("合同.pdf", PDF)})
    assert wrong.status_code == 422
    kept = wrong.content.decode().split('name="file__kept" value="')[1].split('"')[0]
    reply = {"reply": "补上了", "file__kept": kept}
    assert person.send(f"/mine/{number}/do/reply_supplement/", reply).status_code == 302
    page = person.get(f"/mine/{number}/").content.decode()
    assert "合同.pdf" in page
    token = page.split("/files/")[1].split("/")[0]
    saved = person.get(f"/documents/{token}/")
    assert b"".join(saved.streaming_content) == PDF
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert other.get(f"/documents/{token}/").status_code == 404


def test_a_file_is_uploaded_shown_taken_away_and_sent_with_the_application(person):
    draft = person.begin()
    person.fill(draft)
    url = f"/apply/{draft}/file/"
    assert person.client.post(url, {"file": upload("漏水.jpg")}).status_code == 302
    assert "漏水.jpg" in person.get(url).content.decode()
    assert person.client.post(url, {"remove": "1"}).status_code == 302
    assert "漏水.jpg" not in person.get(url).content.decode()
    person.client.post(url, {"file": upload("漏水.jpg")})
    assert "漏水.jpg" in person.get(f"/apply/{draft}/check/").content.decode()
    sent = person.send(f"/apply/{draft}/check/").url.strip("/").split("/")[1]
    assert "漏水.jpg" in person.get(f"/mine/{sent}/").content.decode()


def test_disguised_and_oversized_files_are_refused_at_the_field(person, settings):
    draft = person.begin()
    url = f"/apply/{draft}/file/"
    disguised = person.client.post(url, {"file": upload("照片.jpg", PDF)})
    assert disguised.status_code == 422
    assert "内容却是 pdf" in disguised.content.decode()
    settings.FAWANG_UPLOAD_MAX_BYTES = 10
    large = person.client.post(url, {"file": upload()})
    assert large.status_code == 422
    assert 'href="#q-file"' in large.content.decode()
    assert "file" not in orders.get(person.actor, draft).answers


def test_a_matter_moves_to_a_window_and_back(world, person, number):
    centre = world.units["centre"]
    window = organisations.add_window(factories.SYSTEM, centre, name="1号窗口", lines=())
    meetings.open_bookable(
        actor=factories.SYSTEM, kind="WINDOW", institution_id=centre, name="1号窗口", window_id=window,
        opening_hours={str(day): [["09:00", "17:00"]] for day in range(1, 6)},
    )  # fmt: skip
    url = f"/mine/{number}/visit/"
    assert person.get(f"/mine/{number}/do/switch_offline/").url == url
    assert "武侯中心" in person.get(url).content.decode()
    url += f"?at={world.token('centre')}"
    html = person.get(url).content.decode()
    slot = html.split('name="slot" value="')[1].split('"')[0]
    assert person.send(url, {"slot": slot}).status_code == 302
    page = person.get(f"/mine/{number}/").content.decode()
    assert "窗口预约" in page
    assert "/do/switch_online/" in page
    before = orders.query_code(person.actor, number)
    assert person.send(f"/mine/{number}/do/switch_online/").status_code == 302
    after = orders.query_code(person.actor, number)
    assert before != after
    assert after in person.get(f"/mine/{number}/").content.decode()
    nothing = person.send(f"/mine/{number}/visit/?at={world.token('centre')}", {"slot": "x|y"})
    assert nothing.status_code in {404, 422}


def test_what_is_not_for_the_applicant_is_not_a_page(person, number):
    for action in ("dispatch", "note", "approve", "fill", "submit", "nothing"):
        assert person.get(f"/mine/{number}/do/{action}/").status_code == 302
        assert person.send(f"/mine/{number}/do/{action}/").status_code == 302
    assert order(person, number).state in {"SUBMITTED", "TO_DISPATCH", "DISPATCHED"}


def test_after_a_merge_the_way_leads_to_the_survivor(world, person):
    first, second = person.file(), person.file()
    for number in (first, second):
        if order(person, number).state == "SUBMITTED":
            factories.do(factories.SYSTEM, number, "queue")
        if order(person, number).state == "DISPATCHED":
            factories.do(world.dispatcher, number, "recall", reason="合并")
    factories.do(world.dispatcher, first, "merge", into=second, reason="同一件事")
    assert f'href="/mine/{second}/"' in person.get(f"/mine/{first}/").content.decode()


def test_the_statements_of_the_matter_page_are_as_recorded(world, person, number):
    drive(world, number, "DISPATCHED")
    person.get(f"/mine/{number}/")
    with CaptureQueriesContext(connection) as seen:
        person.get(f"/mine/{number}/")
    recorded = json.loads(STATEMENTS.read_text())
    assert len(seen) == recorded["matter_page"]["statements"], "record the new number in statements.json, or mend it"
