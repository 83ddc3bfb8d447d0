"""The workbench through the browser's eyes: who sees which pages, a whole course, stale pages, races, exports."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client

from fawang.base.workorders import selectors
from fawang.base.workorders.tests.factories import ANSWERS, do, drive, file
from fawang.front.workbench.queues import QUEUES, names_for
from fawang.front.workbench.tests.factories import act, client_of, text_of, version_on
from fawang.kernel import clock, ids
from fawang.kernel.outbox import services as outbox

STAFF = ("liaison", "mediator", "reviewer", "clerk", "dispatcher", "supervisor", "caller", "justice")


def date_parts(name, day):
    return {f"{name}__year": day.year, f"{name}__month": day.month, f"{name}__day": day.day}


# --- who sees what -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", STAFF)
def test_staff_see_their_queues(world, name):
    answer = client_of(getattr(world, name)).get("/work/")
    assert answer.status_code == 200
    for code in names_for(getattr(world, name)):
        assert f"?queue={code}" in text_of(answer)


def test_a_citizen_and_a_visitor_do_not_get_in(world):
    assert client_of(world.citizen).get("/work/").status_code == 403
    assert Client().get("/work/").url.startswith("/staff/login/")


def test_a_queue_that_the_role_does_not_have_is_not_there(world):
    assert client_of(world.mediator).get("/work/?queue=dispatch").status_code == 404
    assert client_of(world.mediator).get("/work/export/?queue=area").status_code == 404
    assert client_of(world.mediator).get("/work/list/?queue=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [("liaison", 200), ("mediator", 200), ("second_mediator", 200), ("reviewer", 200), ("clerk", 200),
     ("dispatcher", 200), ("supervisor", 200), ("caller", 200), ("justice", 200), ("city_liaison", 404), ("firm_liaison", 404),
     ("lawyer", 404), ("far_clerk", 404), ("far_dispatcher", 404), ("auditor", 404)],
)  # fmt: skip
def test_an_order_is_there_for_its_unit_and_area_and_for_nobody_else(world, name, status):
    number = drive(world, file(world), "ASSIGNED")
    client = client_of(getattr(world, name))
    assert client.get(f"/work/orders/{number}/").status_code == status
    if status == 404:
        for action in ("accept", "note", "dispatch", "sign"):
            assert client.get(f"/work/orders/{number}/do/{action}/").status_code == 404
            assert client.post(f"/work/orders/{number}/do/{action}/", {"key": ids.token()}).status_code in {403, 404}
        assert client.post(f"/work/orders/{number}/unmask/", {"field": "phone", "reason": "核对"}).status_code in {
            403,
            404,
        }


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/work/dispatch/", {"dispatcher", "supervisor"}), ("/work/supervision/", {"supervisor", "justice", "caller"}),
     ("/work/people/", {"liaison", "justice"}), ("/work/admin/audit/", {"auditor"}), ("/work/admin/services/", {"liaison", "justice"}),
     ("/work/admin/institutions/", {"liaison", "justice", "auditor"}), ("/work/admin/institutions/new/", {"justice"}),
     ("/work/admin/accounts/", {"auditor"}), ("/work/admin/accounts/new/", set()), ("/work/admin/partner-keys/", set()),
     ("/work/admin/calendar/", set()), ("/work/admin/permissions/", {"justice", "auditor"}),
     ("/work/admin/machine/", set())],
)  # fmt: skip
def test_each_page_opens_only_for_its_roles(world, path, allowed):
    for name in (*STAFF, "auditor"):
        expected = 200 if name in allowed else 403
        assert client_of(getattr(world, name)).get(path).status_code == expected, (name, path)


def test_every_page_keeps_to_the_content_security_policy(world):
    number = drive(world, file(world), "HANDLING")
    waiting = drive(world, file(world), "TO_DISPATCH")
    pages = [
        ("mediator", f"/work/orders/{number}/"), ("mediator", f"/work/orders/{number}/do/terminate/"),
        ("dispatcher", "/work/dispatch/"), ("dispatcher", f"/work/orders/{waiting}/do/dispatch/"),
        ("supervisor", "/work/supervision/"), ("liaison", "/work/people/"), ("liaison", "/work/messages/"),
        ("auditor", "/work/admin/audit/"), ("mediator", "/work/keys/"),
    ]  # fmt: skip
    for name, path in pages:
        text = text_of(client_of(getattr(world, name)).get(path))
        assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son\w+=|<script(?![^>]*\ssrc=)", text), path


# --- a whole course ------------------------------------------------------------------------------------------------
def test_an_order_goes_from_the_board_to_the_archive_by_pages_alone(world):
    number = drive(world, file(world), "TO_DISPATCH")
    dispatcher, liaison, handler, reviewer = (
        client_of(world.people[n]) for n in ("dispatcher", "liaison", "mediator", "reviewer")
    )
    board = dispatcher.get("/work/dispatch/")
    assert number in text_of(board)
    assert "武侯调委会" in text_of(board)
    sent = {"unit": world.token("committee"), "version": version_on(board), "key": ids.token()}
    assert dispatcher.post(f"/work/dispatch/{number}/give/", sent).url == "/work/dispatch/"
    assert act(liaison, number, "sign").status_code == 302
    page = liaison.get(f"/work/orders/{number}/")
    assert "承办mediator" in text_of(page)
    assert act(liaison, number, "assign", handler=world.handler_token()).status_code == 302
    assert act(handler, number, "accept").status_code == 302
    assert act(handler, number, "note_contact", reached="yes", text="电话说明").status_code == 302
    assert act(handler, number, "ask_will", agrees="yes", text="愿意").status_code == 302
    today = clock.today()
    assert (
        act(handler, number, "hold_session", place="调解室", internal="谈", **date_parts("held_on", today)).status_code
        == 302
    )
    agreed = act(
        handler, number, "reach_agreement", form="written", party_a="王示例", party_b="李示例", facts="漏水",
        text="三日内修好", **date_parts("perform_by", today), **date_parts("signed_on", today),
    )  # fmt: skip
    assert agreed.status_code == 302
    assert act(handler, number, "complete", result="AGREED", text="已达成协议").status_code == 302
    assert client_of(world.mediator).get(f"/work/orders/{number}/do/approve/").status_code == 409
    assert act(reviewer, number, "approve").status_code == 302
    assert act(client_of(world.supervisor), number, "close").status_code == 302
    assert selectors.get(world.supervisor, number).state == "CLOSED"


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(world):
    number = drive(world, file(world), "HANDLING")
    answer = act(client_of(world.mediator), number, "suspend", text="等鉴定意见出来")
    assert answer.status_code == 422
    assert "等鉴定意见出来" in text_of(answer)
    assert 'href="#q-reason"' in text_of(answer)


def test_a_rule_that_stands_against_it_is_said_on_the_form(world):
    number = drive(world, file(world), "HANDLING")
    answer = act(client_of(world.mediator), number, "ask_will", agrees="no", text="对方不同意")
    assert answer.status_code == 422
    assert "对方不同意" in text_of(answer)
    assert "人民调解法" in text_of(answer)


def test_a_stale_page_shows_the_new_state_and_keeps_what_was_typed(world):
    number = drive(world, file(world), "HANDLING")
    client = client_of(world.mediator)
    old = version_on(client.get(f"/work/orders/{number}/do/note/"))
    do(world.liaison, number, "note", text="先看一下合同")
    answer = client.post(
        f"/work/orders/{number}/do/note/", {"version": old, "key": ids.token(), "text": "我写了很久的备注"}
    )
    assert answer.status_code == 409
    assert "我写了很久的备注" in text_of(answer)
    assert version_on(answer) != old
    again = {"version": version_on(answer), "key": ids.token(), "text": "我写了很久的备注"}
    assert client.post(f"/work/orders/{number}/do/note/", again).status_code == 302


def test_when_the_action_is_over_the_order_is_shown_with_what_was_typed(world):
    number = drive(world, file(world), "HANDLING")
    client = client_of(world.mediator)
    old = version_on(client.get(f"/work/orders/{number}/do/suspend/"))
    do(world.citizen, number, "withdraw")
    sent = {"version": old, "key": ids.token(), "reason": "SP03", "text": "等鉴定意见出来"}
    answer = client.post(f"/work/orders/{number}/do/suspend/", sent)
    assert answer.status_code == 409
    assert "等鉴定意见出来" in text_of(answer)
    assert "已撤回" in text_of(answer)


def test_a_double_click_does_it_once(world):
    number = drive(world, file(world), "HANDLING")
    client = client_of(world.mediator)
    sent = {"version": version_on(client.get(f"/work/orders/{number}/do/note/")), "key": ids.token(), "text": "一次"}
    for _time in range(2):
        assert client.post(f"/work/orders/{number}/do/note/", sent).status_code == 302
    assert sum(step.action == "note" for step in selectors.timeline(world.mediator, number)) == 1


def test_a_dangerous_action_asks_first(world):
    number = drive(world, file(world), "HANDLING")
    asked = act(client_of(world.mediator), number, "terminate", text="无法继续", remedy="可以起诉")
    assert asked.status_code == 200
    assert selectors.get(world.mediator, number).state == "HANDLING"
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text_of(asked)))
    kept.pop("csrfmiddlewaretoken", None)
    client_of(world.mediator).post(f"/work/orders/{number}/do/terminate/", {**kept, "confirmed": "1"})
    assert selectors.get(world.mediator, number).state == "TERMINATED"


def test_two_dispatchers_at_the_same_order_and_the_second_is_told(world):
    number = drive(world, file(world), "TO_DISPATCH")
    client = client_of(world.dispatcher)
    board = client.get("/work/dispatch/")
    sent = {"unit": world.token("committee"), "version": version_on(board)}
    first = client.post(f"/work/dispatch/{number}/give/", {**sent, "key": ids.token()})
    assert first.status_code == 302
    second = client.post(
        f"/work/dispatch/{number}/give/",
        {**sent, "unit": world.token("city_committee"), "key": ids.token()},
        follow=True,
    )
    assert "刚刚被更新" in text_of(second)
    assert selectors.get(world.dispatcher, number).unit_id == world.committee


def test_the_board_takes_returns_and_overrides_with_a_reason(world):
    number = drive(world, file(world), "DISPATCHED")
    do(world.liaison, number, "ask_return", reason="RT08", text="人手不够")
    client = client_of(world.dispatcher)
    assert "人手不够" in text_of(client.get("/work/dispatch/"))
    assert act(client, number, "agree_return", next="dispatch").url == "/work/dispatch/"
    outbox.drain()
    waiting = drive(world, file(world), "TO_DISPATCH")
    found = client.post(f"/work/orders/{waiting}/do/dispatch/", {"look": "1", "unit_text": "成都调委会"})
    assert world.token("city_committee") in text_of(found)
    given = act(client, waiting, "dispatch", unit=world.token("city_committee"), mode="APPOINTED", why_zh="当事人要求")
    assert given.status_code == 302
    assert selectors.get(world.dispatcher, waiting).unit_id == world.city_committee


def test_a_refused_unit_is_said_on_the_form(world):
    number = drive(world, file(world), "TO_DISPATCH")
    answer = act(client_of(world.dispatcher), number, "dispatch", unit=world.token("firm"))
    assert answer.status_code == 422
    assert "不办理这类业务" in text_of(answer)


# --- lists -----------------------------------------------------------------------------------------------------------
def all_queues(world):
    for name in STAFF:
        for code in names_for(getattr(world, name)):
            yield name, code


def test_the_export_the_list_and_the_count_are_the_same_orders(world):
    file(world)
    for state in ("TO_DISPATCH", "DISPATCHED", "HANDLING", "DONE"):
        drive(world, file(world), state)
    file(world, answers={**ANSWERS, "area": "510117"})
    seen = 0
    for name, code in all_queues(world):
        client = client_of(getattr(world, name))
        listed = set(re.findall(r'id="o-(PLS\w+)"', text_of(client.get(f"/work/list/?queue={code}"))))
        rows = list(csv.reader(StringIO(text_of(client.get(f"/work/export/?queue={code}")).lstrip("\ufeff"))))
        exported = {row[0] for row in rows[1:]}
        page = selectors.queue(getattr(world, name), name=code)
        assert listed == exported == {row.number for row in page.rows}, (name, code)
        assert len(listed) == page.count
        for number in listed:
            assert client.get(f"/work/orders/{number}/").status_code == 200, (name, code)
        seen += len(listed)
    assert seen > 10


def test_exports_are_masked_and_harmless(world):
    file(world, answers={**ANSWERS, "story": "=HYPERLINK(1)"})
    text = text_of(client_of(world.dispatcher).get("/work/export/?queue=dispatch"))
    assert "王示例" not in text
    assert "王*" in text
    assert "\n=" not in text
    assert ",=" not in text


def test_filters_and_search_narrow_the_list(world):
    one, other = file(world), drive(world, file(world), "TO_DISPATCH")
    client = client_of(world.dispatcher)
    listed = text_of(client.get("/work/list/?queue=dispatch&state=SUBMITTED"))
    assert one in listed
    assert other not in listed
    assert other in text_of(client.get(f"/work/list/?queue=dispatch&text={other}"))
    assert one not in text_of(client.get(f"/work/list/?queue=dispatch&text={other}"))
    for odd in ("state=%00", "unit=x", "due_before=yesterday", "after=-1", "text=%00%ff", "grade=99999999999999"):
        assert client.get(f"/work/list/?queue=dispatch&{odd}").status_code == 200, odd


def test_a_list_that_has_not_changed_is_not_sent_again(world):
    number = file(world)
    client = client_of(world.dispatcher)
    mark = re.search(r"seen=(\w+)", text_of(client.get("/work/list/?queue=dispatch")))[1]
    assert client.get(f"/work/list/?queue=dispatch&seen={mark}").status_code == 204
    do(world.citizen, number, "urge")
    assert client.get(f"/work/list/?queue=dispatch&seen={mark}").status_code == 200


def test_a_list_refreshing_itself_keeps_no_session_alive(world):
    client = client_of(world.dispatcher)
    client.get("/work/")
    before = client.session["seen_at"]
    with clock.at(clock.now() + timedelta(minutes=5)):
        client.get("/work/list/?queue=dispatch", headers={"X-Background": "1"})
    assert client.session["seen_at"] == before


def test_an_empty_queue_says_what_it_means(world):
    assert "没有分派给您的工单" in text_of(client_of(world.mediator).get("/work/"))


def test_every_queue_has_words_for_being_empty():
    assert all(str(words) and str(empty) for _code, words, _roles, empty in QUEUES)


# --- people --------------------------------------------------------------------------------------------------------
def test_a_number_is_shown_only_for_a_reason_and_the_reason_is_kept(world):
    number = drive(world, file(world), "HANDLING")
    client = client_of(world.mediator)
    page = text_of(client.get(f"/work/orders/{number}/"))
    assert not re.search(r"1390000\d{4}", page)
    assert client.post(f"/work/orders/{number}/unmask/", {"field": "phone", "reason": ""}).status_code == 422
    opened = text_of(client.post(f"/work/orders/{number}/unmask/", {"field": "phone", "reason": "要打电话联系"}))
    assert re.search(r"1390000\d{4}", opened)
    audit = text_of(client_of(world.auditor).get("/work/admin/audit/?kind=identity.field_unmasked.v1"))
    assert "要打电话联系" in audit
    assert not re.search(r"1390000\d{4}", audit)


def test_a_liaison_records_and_cancels_leave(world):
    client = client_of(world.liaison)
    today, number = clock.today(), drive(world, file(world), "SIGNED")
    sent = {"person": world.handler_token(), **date_parts("begin", today), **date_parts("end", today), "reason": "培训"}
    assert client.post("/work/people/leave/", sent).status_code == 302
    page = text_of(client.get("/work/people/"))
    cancel = re.search(r"/work/people/leave/(\d+)/cancel/", page)
    assert world.handler_token("committee", "second_mediator") in text_of(client.get(f"/work/orders/{number}/"))
    assert client_of(world.city_liaison).post(cancel[0]).status_code == 404
    assert client.post(cancel[0]).status_code == 302
    assert client.post("/work/people/leave/", {"person": ""}).status_code == 422


def test_the_numbers_of_supervision_open_their_lists(world):
    for state in ("TO_DISPATCH", "HANDLING", "DONE"):
        drive(world, file(world), state)
    client = client_of(world.supervisor)
    page = text_of(client.get("/work/supervision/"))
    for url, shown in re.findall(r'class="figure" href="([^"]+)"><span class="figure__number">(\d+)<', page):
        listed = text_of(client.get("/work/supervision/" + url.replace("&amp;", "&")))
        assert len(re.findall(r'id="o-PLS', listed)) == int(shown), url


def test_a_supervisor_urges_supervises_and_orders_a_rectification(world):
    number = drive(world, file(world), "HANDLING")
    client = client_of(world.supervisor)
    assert act(client, number, "urge", text="请抓紧").status_code == 302
    assert act(client, number, "supervise", level="1", text="三天内书面答复").status_code == 302
    assert number in text_of(client.get("/work/supervision/?list=supervised"))
    assert "三天内书面答复" in text_of(client_of(world.liaison).get(f"/work/orders/{number}/"))


def test_a_call_back_is_recorded_on_its_page(world):
    number = drive(world, file(world, urgency="U2"), "DONE")
    do(world.supervisor, number, "plan_callback")
    client = client_of(world.caller)
    assert number in text_of(client.get("/work/supervision/"))
    assert act(client, number, "record_callback", reached="yes", is_solved="yes").status_code == 302
    assert selectors.get(world.supervisor, number).state == "CLOSED"


def test_messages_are_listed_and_marked_read(world):
    number = drive(world, file(world), "DISPATCHED")
    outbox.drain()
    client = client_of(world.liaison)
    page = text_of(client.get("/work/messages/"))
    token = re.search(r"/work/messages/(\w+)/read/", page)[1]
    answer = client.post(f"/work/messages/{token}/read/", {"order": number})
    assert answer.url == f"/work/orders/{number}/"
    assert client_of(world.city_liaison).post(f"/work/messages/{token}/read/").status_code == 404
