"""What people complain about elsewhere: unheard urging, closed but not fixed, questionnaires, unreadable answers."""

import re
from datetime import datetime, timedelta

import pytest

from fawang.base.catalogue import selectors as catalogue
from fawang.base.notifications.models import Message
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import WrongState
from fawang.base.workorders.models import Clock, Order, Rating
from fawang.base.workorders.tests.factories import ANSWERS, do, drive, file
from fawang.front.portal.tests.factories import Person
from fawang.kernel import clock
from fawang.kernel.errors import RefusedByRule
from fawang.kernel.outbox.services import drain
from fawang.middle.oversight import selectors as oversight


def state(number):
    return Order.objects.get(number=number).state


def told(number, template):
    return set(Message.objects.filter(order_ref=number, template=template).values_list("account_id", "party_id"))


# --- urging ------------------------------------------------------------------------------------------------------
def test_urging_reaches_the_handler_and_the_unit_is_counted_and_answered_to_the_person(world):
    number = drive(world, file(world), "HANDLING")
    do(world.citizen, number, "urge", text="急")
    drain()
    assert told(number, "urged") == {(world.mediator.account_id, None), (world.liaison.account_id, None)}
    assert selectors.get(world.citizen, number).urged_count == 1
    assert number in {row.number for row in oversight.urged(world.supervisor).rows}
    do(world.mediator, number, "answer_urge", text="周四上门")
    drain()
    assert told(number, "urge_answered") == {(None, world.citizen.party_id)}
    assert selectors.timeline(world.citizen, number)[-1].data["text"] == "周四上门"
    with pytest.raises(RefusedByRule):
        do(world.mediator, number, "answer_urge", text="再答")


@pytest.mark.parametrize("until", ["SUBMITTED", "TO_DISPATCH"])
def test_urging_before_anybody_has_it_stands_in_the_dispatchers_list_and_runs_against_the_clock(world, until):
    number = drive(world, file(world), until)
    do(world.citizen, number, "urge")
    for actor in (world.dispatcher, world.supervisor):
        assert number in {row.number for row in selectors.queue(actor, name="urged").rows}
    assert Clock.objects.get(order__number=number, limit_id="WO-URGE").state == "RUNNING"
    do(world.dispatcher, number, "answer_urge", text="马上派单")
    drain()
    assert told(number, "urge_answered")


def test_a_second_urging_without_an_answer_asks_for_supervision(world):
    number = drive(world, file(world), "HANDLING")
    do(world.citizen, number, "urge")
    with pytest.raises(RefusedByRule):
        do(world.citizen, number, "urge")
    with clock.at(clock.now() + timedelta(days=1)):
        do(world.citizen, number, "urge")
        [second, _long] = oversight.to_supervise(world.supervisor)
        assert second.figure.count == 1


# --- closed but not fixed ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("until", ["DONE", "CLOSED"])
def test_done_but_not_solved_is_reopened_from_the_page_at_once_and_reaches_the_unit(world, until):
    number = drive(world, file(world), until)
    page = Person(world.citizen).get(f"/mine/{number}/").content.decode()
    assert f"/mine/{number}/do/reopen/" in page
    do(world.citizen, number, "reopen", reason="又漏了")
    drain()
    order = Order.objects.get(number=number)
    assert (order.state, order.unit_id, order.round) == ("DISPATCHED", world.units["committee"], 2)
    assert (world.liaison.account_id, None) in told(number, "reopened")
    assert Clock.objects.get(order=order, limit_id="ME-01", state="RUNNING")
    do(world.liaison, number, "sign")
    do(world.liaison, number, "assign", handler=world.handler_token())
    drain()
    assert (world.mediator.account_id, None) in told(number, "handler_named")


def test_it_can_be_reopened_for_a_year_and_not_by_anybody(world):
    number = drive(world, file(world), "CLOSED")
    with clock.at(datetime(2027, 9, 29, tzinfo=clock.SHANGHAI)), pytest.raises(RefusedByRule):
        do(world.citizen, number, "reopen", reason="想起来了")
    for actor in (world.mediator, world.liaison, world.caller):
        with pytest.raises(Exception, match="not_yours"):
            do(actor, number, "reopen", reason="x")


# --- ratings -----------------------------------------------------------------------------------------------------
def finish_again(world, number):
    do(world.dispatcher, number, "dispatch", unit=world.token("committee"))
    do(world.liaison, number, "sign")
    do(world.liaison, number, "assign", handler=world.handler_token())
    do(world.mediator, number, "accept")
    do(world.mediator, number, "end_mediation", why="no_agreement", text="可起诉")
    do(world.mediator, number, "complete", result="NOT_AGREED", text="未成")
    do(world.reviewer, number, "approve")


def test_one_questionnaire_a_result_and_a_new_one_after_each_real_closing(world):
    number = drive(world, file(world), "DONE")
    do(world.citizen, number, "rate", grade="4")
    with pytest.raises(RefusedByRule):
        do(world.citizen, number, "rate", grade="5")
    do(world.supervisor, number, "close")
    with pytest.raises(RefusedByRule):
        do(world.citizen, number, "rate", grade="5")
    assert f"/mine/{number}/do/rate/" not in Person(world.citizen).get(f"/mine/{number}/").content.decode()
    do(world.citizen, number, "reopen", reason="又漏了")
    with pytest.raises(WrongState):
        do(world.citizen, number, "rate", grade="1")
    finish_again(world, number)
    do(world.citizen, number, "rate", grade="2")
    assert list(Rating.objects.filter(order__number=number).order_by("round").values_list("round", "grade")) == [
        (1, 4),
        (2, 2),
    ]


def test_grades_are_five_and_no_answer_is_no_grade(world):
    assert [row.code for row in catalogue.table("rating")] == ["5", "4", "3", "2", "1"]
    number = drive(world, file(world), "CLOSED")
    assert Order.objects.get(number=number).grade is None
    from fawang.kernel.errors import Invalid

    for grade in ("0", "6", "", None):
        with pytest.raises(Invalid):
            do(world.citizen, number, "rate", grade=grade)


def test_rating_is_open_for_six_months_also_after_the_archive(world):
    number, late = drive(world, file(world), "CLOSED"), drive(world, file(world), "CLOSED")
    with clock.at(clock.now() + timedelta(days=180)):
        do(world.citizen, number, "rate", grade="5")
    with clock.at(clock.now() + timedelta(days=190)), pytest.raises(RefusedByRule):
        do(world.citizen, late, "rate", grade="5")


# --- call-backs --------------------------------------------------------------------------------------------------
def test_call_backs_are_given_up_after_three_tries_on_three_days_whatever_the_handler_tried_before(world):
    number = drive(world, file(world), "HANDLING")
    for _ in range(2):
        do(world.mediator, number, "note_contact", reached=False, text="没人接")
    drive_on(world, number)
    do(world.caller, number, "plan_callback")
    do(world.caller, number, "record_callback", reached=False)
    assert state(number) == "CALLBACK"
    with pytest.raises(RefusedByRule) as refusal:
        do(world.caller, number, "record_callback", reached=False)
    assert "换一天" in refusal.value.text
    for wanted in ("CALLBACK", "CLOSED"):
        clock.advance(timedelta(days=1))
        do(world.caller, number, "record_callback", reached=False)
        assert state(number) == wanted


def drive_on(world, number):
    do(world.mediator, number, "note_contact", reached=True, text="通了")
    do(world.mediator, number, "end_mediation", why="no_agreement", text="可起诉")
    do(world.mediator, number, "complete", result="NOT_AGREED", text="未成")
    do(world.reviewer, number, "approve")


def test_who_is_reached_the_same_day_after_all_is_not_refused(world):
    number = drive(world, file(world), "DONE")
    do(world.caller, number, "plan_callback")
    do(world.caller, number, "record_callback", reached=False)
    do(world.caller, number, "record_callback", reached=True, attitude="5", outcome="4", is_solved=True)
    assert state(number) == "CLOSED"


def test_a_rectified_order_is_called_back_with_tries_of_its_own(world):
    number = drive(world, file(world), "DONE")
    do(world.caller, number, "plan_callback")
    for _ in range(2):
        do(world.caller, number, "record_callback", reached=False)
        clock.advance(timedelta(days=1))
    do(world.supervisor, number, "rectify", problem="p", demand="d")
    do(world.liaison, number, "report_rectified", cause="c", measures="m")
    do(world.caller, number, "record_callback", reached=False)
    assert state(number) == "CALLBACK"


# --- supplements -------------------------------------------------------------------------------------------------
def test_what_is_missing_is_told_at_once_with_the_day_and_ends_the_wait_when_it_comes(world):
    number = file(world)
    do(world.clerk, number, "request_correction", items="1.身份证 2.房产证明", days=5)
    drain()
    [message] = Message.objects.filter(order_ref=number, template="supplement_requested")
    assert message.party_id == world.citizen.party_id
    assert selectors.timeline(world.citizen, number)[-1].data == {"items": "1.身份证 2.房产证明", "days": 5}
    assert Order.objects.get(number=number).due_at is None or state(number) == "CORRECTING"
    do(world.citizen, number, "reply_correction", reply="补好了")
    assert state(number) == "SUBMITTED"


def test_who_never_corrects_is_closed_after_the_time_or_three_tries_and_may_come_back(world):
    number = file(world)
    do(world.clerk, number, "request_correction", items="身份证", days=5)
    with pytest.raises(RefusedByRule):
        do(world.clerk, number, "close_unreachable")
    with clock.at(Clock.objects.get(order__number=number, limit_id="WO-CORRECT").due_at):
        do(world.clerk, number, "close_unreachable")
        assert state(number) == "CLOSED"
        do(world.citizen, number, "reopen", reason="刚出院")
        assert state(number) == "TO_DISPATCH"
    tried = file(world)
    do(world.clerk, tried, "request_correction", items="身份证")
    for _ in range(3):
        do(world.clerk, tried, "note_contact", reached=False, text="没人接")
    do(world.clerk, tried, "close_unreachable")


# --- reading -----------------------------------------------------------------------------------------------------
def test_all_answers_are_read_as_text_before_and_after_sending_without_opening_a_file(world):
    person = Person(world.citizen)
    draft = person.begin()
    person.fill(draft)
    check = person.get(f"/apply/{draft}/check/").content.decode()
    number = person.send(f"/apply/{draft}/check/").url.strip("/").split("/")[1]
    matter = person.get(f"/mine/{number}/").content.decode()
    item = catalogue.item("MEDIATION_PEOPLE").item
    for page in (check, matter):
        for question in item.questions:
            if question.id in ANSWERS:
                assert re.search(rf"<dt[^>]*>\s*{re.escape(question.zh)}", page), question.id
        for words in ("楼上漏水三个月没人管", "修好并赔偿", "3,500.50", "李示例", "邻里物业"):
            assert words in page, words
        assert ".pdf" not in page and "<canvas" not in page and "<embed" not in page


def test_where_it_stands_is_said_in_words_in_every_state_in_both_languages():
    from fawang.base.catalogue import loader

    for code in loader.read().processes["envelope"].states:
        assert code.people_zh.endswith("。") and code.people_en.endswith((".", "?")), code.code


def test_online_is_a_choice_a_matter_goes_to_a_window_and_back_with_everything_entered(world):
    from fawang.base.meetings import selectors as meeting_selectors
    from fawang.base.meetings.tests import factories as meetings

    number = drive(world, file(world), "HANDLING")
    due = Clock.objects.get(order__number=number, limit_id="ME-02").due_at
    bookable = meetings.bookable(world.units["centre"])
    [slot, *_] = meeting_selectors.free_slots(meetings.SYSTEM, from_date=clock.today(), bookable_id=bookable.id)
    do(world.citizen, number, "switch_offline", bookable=bookable.token, start=slot.start.isoformat())
    assert selectors.get(world.clerk, number).answers["story"] == ANSWERS["story"]
    do(world.clerk, number, "switch_online")
    view = selectors.get(world.citizen, number)
    assert (view.is_offline, view.answers["story"], view.number) == (False, ANSWERS["story"], number)
    assert Clock.objects.get(order__number=number, limit_id="ME-02").due_at == due
