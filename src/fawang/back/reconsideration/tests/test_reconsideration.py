"""Reconsideration from the application to performance, and what the law deems and refuses (services.md §7; AD)."""

from datetime import timedelta

import pytest

from fawang.back.casework.tests.offices import at, clock_of, day, example, finish, make_office, state, to_handler
from fawang.base.catalogue import loader
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import NotYours, WrongState
from fawang.base.workorders.tests.factories import do, file
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule


@pytest.fixture
def office(world):
    return make_office("reconsideration", "RECONSIDERATION_BODY", "RECON_OFFICER")


def filed(world, office, code="RECONSIDERATION_ORDINARY"):
    return to_handler(world, office, file(world, service=code, answers=example(loader.read().items[code])))


def accepted(world, office, procedure="ordinary", code="RECONSIDERATION_ORDINARY"):
    number = filed(world, office, code)
    today = clock.today().isoformat()
    do(office.handler, number, "accept", how="checked", procedure=procedure, accepted_on=today)
    return number


def replied(world, office, procedure="ordinary"):
    number = accepted(world, office, procedure)
    do(
        office.handler,
        number,
        "send_copy",
        respondent="示例市场监督管理局",
        received_on=day(9, 28),
        reply_by=day(10, 14),
    )
    do(office.handler, number, "record_reply", kind="none", text="没有按期答复，可以查阅其他材料")
    return number


def decision(**changes):
    return {
        "kind": "revoke",
        "decided_on": clock.today().isoformat(),
        "case_no": "示例复决字1号",
        "text": "撤销",
        **changes,
    }


def test_from_the_application_to_the_decision_the_suit_and_the_performance(world, office):
    number = replied(world, office)
    assert clock_of(number, "AD-02").state == "MET"
    assert (clock_of(number, "AD-06").state, clock_of(number, "AD-06-S"), clock_of(number, "AD-10")) == (
        "MET",
        None,
        None,
    )
    assert clock_of(number, "AD-09").due_at == at(11, 28, 0)  # 27 November
    heard = {"way": "hearing", "held_on": day(9, 28), "officers": "甲示例、乙示例", "internal": "听证笔录"}
    with pytest.raises(Invalid):
        do(office.handler, number, "hear_parties", notified_on=day(9, 25), **heard)
    do(office.handler, number, "hear_parties", notified_on=day(9, 18), **heard)
    assert "听证笔录" not in str(selectors.timeline(world.citizen, number))
    with pytest.raises(NotYours):
        do(office.handler, number, "decide", **decision())  # who handles does not decide
    do(office.decider, number, "decide", **decision(perform_by=day(10, 20)))
    assert clock_of(number, "AD-09").state == "MET"
    do(office.handler, number, "serve_decision", received_on=day(9, 28), may_sue=True, text="向示例区人民法院起诉")
    assert clock_of(number, "AD-15").due_at == at(10, 14, 0)
    finish(office, number, "ISSUED")
    do(world.supervisor, number, "close")
    assert clock_of(number, "AD-15").state == "RUNNING"
    do(world.citizen, number, "record_performance", performed_on=day(9, 28))
    assert state(number) == ("CLOSED", "PERFORMED")


def test_silence_is_acceptance_and_what_is_deemed_accepted_is_no_longer_refused(world, office):
    number = filed(world, office)
    due = clock_of(number, "AD-02").due_at
    assert due == at(10, 11, 0)  # the fifth working day is Saturday the 10th, made up for the holiday
    with pytest.raises(Invalid) as early:
        do(office.handler, number, "accept", how="silence", procedure="ordinary", accepted_on=day(9, 28))
    assert set(early.value.fields) == {"how"}
    clock.move_to(due + timedelta(days=2))
    with pytest.raises(RefusedByRule) as refusal:
        do(office.handler, number, "refuse", reason="RJ01", text="不受理", remedy="起诉")
    assert "视为已经受理" in refusal.value.text
    deemed = {"how": "silence", "procedure": "ordinary"}
    for late, field in ((day(10, 11), "accepted_on"), (day(9, 27), "accepted_on")):
        with pytest.raises(Invalid) as wrong:
            do(office.handler, number, "accept", accepted_on=late, **deemed)
        assert field in wrong.value.fields
    do(office.handler, number, "accept", accepted_on=day(10, 10), **deemed)
    # the sixty days count from the day it was deemed accepted, not from today
    assert clock_of(number, "AD-09").started_at == at(10, 10, 0)
    assert clock_of(number, "AD-09").due_at == at(12, 10, 0)


def test_before_the_review_ends_it_may_be_refused(world, office):
    number = filed(world, office)
    do(office.handler, number, "refuse", reason="RJ01", text="不属于复议范围", remedy="可以起诉")
    assert state(number)[0] == "REJECTED"


def test_what_is_missing_is_told_in_five_days_corrected_in_ten_and_the_review_begins_anew(world):
    item = loader.read().items["RECONSIDERATION_ORDINARY"]
    number = file(world, service=item.code, answers=example(item))
    do(world.clerk, number, "request_correction", items="决定书")
    assert clock_of(number, "AD-03").state == "MET"
    assert clock_of(number, "AD-02").state == "WAITING"
    assert clock_of(number, "WO-CORRECT").due_at == at(10, 17, 0)  # ten working days, not fifteen days
    clock.move_to(at(10, 12))
    do(world.citizen, number, "reply_correction", reply="决定书附后")
    assert clock_of(number, "AD-02").due_at == at(10, 20, 0)


def test_the_simple_procedure_is_shorter_and_turns_ordinary_from_the_same_day(world, office):
    number = accepted(world, office, "simple", "RECONSIDERATION_SIMPLE")
    assert clock_of(number, "AD-06-S").due_at == at(10, 9, 0)
    assert (clock_of(number, "AD-10").due_at, clock_of(number, "AD-09")) == (at(10, 29, 0), None)
    clock.move_to(at(10, 20))
    do(office.handler, number, "turn_ordinary", accepted_on=day(9, 28), text="案情复杂")
    assert clock_of(number, "AD-10").state == "MET"
    assert clock_of(number, "AD-09").due_at == at(11, 28, 0)


def test_the_attached_norm_rests_the_case_and_is_dealt_with_in_its_own_time(world, office):
    number = replied(world, office)
    norm = {"norm": "示例通知第三条", "text": "案件中止"}
    do(office.handler, number, "start_norm_review", power="other", **norm)
    assert (clock_of(number, "AD-11"), clock_of(number, "AD-11-T").due_at) == (None, at(10, 14, 0))
    do(office.handler, number, "suspend", reason="SP04", text="审查规范性文件")
    assert clock_of(number, "AD-09").state == "PAUSED"
    assert clock_of(number, "AD-11-T").state == "RUNNING"
    do(office.handler, number, "notify_norm_maker", maker="示例局", sent_on=day(9, 28))
    assert clock_of(number, "AD-12").state == "MET"
    clock.move_to(at(10, 12))
    do(office.handler, number, "finish_norm_review", outcome="sent", text="已转送")
    do(office.handler, number, "resume")
    assert clock_of(number, "AD-09").due_at == at(12, 12, 0)
    do(office.decider, number, "decide", **decision(kind="uphold"))


def test_the_sixty_days_are_extended_once_by_thirty(world, office):
    number = replied(world, office)
    do(office.handler, number, "ask_extension", reason="情况复杂")
    do(office.decider, number, "approve_extension")
    assert clock_of(number, "AD-09").due_at == at(12, 29, 0)  # the 27th is a Sunday
    with pytest.raises(RefusedByRule):
        do(office.handler, number, "ask_extension", reason="还要时间")


def test_nothing_is_decided_before_the_respondent_was_asked_and_a_final_decision_leaves_no_suit(world, office):
    number = accepted(world, office)
    with pytest.raises(WrongState):
        do(office.decider, number, "decide", **decision())
    do(office.handler, number, "send_copy", respondent="示例局", received_on=day(9, 28), reply_by=day(10, 14))
    do(office.handler, number, "record_reply", kind="full", text="已答复")
    do(office.decider, number, "decide", **decision(kind="uphold"))
    do(office.handler, number, "serve_decision", received_on=day(9, 28), may_sue=False, text="最终裁决")
    assert clock_of(number, "AD-15") is None


def test_performance_is_demanded_and_settled(world, office):
    number = filed(world, office, "RECONSIDERATION_SUPERVISION")
    do(office.handler, number, "accept")
    do(office.handler, number, "demand_performance", respondent="示例民政局", perform_by=day(10, 30), text="已责令履行")
    do(office.handler, number, "settle_performance", outcome="performed", text="已补发")
    finish(office, number, "GRANTED")
    assert state(number) == ("DONE", "SETTLED")


def test_six_services_all_free_and_what_must_be_reconsidered_first_says_so():
    items = {code: item for code, item in loader.read().items.items() if item.line == "reconsideration"}
    assert set(items) == {f"RECONSIDERATION_{name}" for name in ("ORDINARY", "SIMPLE", "INACTION", "DISCLOSURE", "NORM", "SUPERVISION")}  # fmt: skip
    assert {item.fee.kind for item in items.values()} == {"free"}
    first = {
        code for code, item in items.items() if any("reconsideration_first" in rule.sets for rule in item.eligibility)
    }
    assert first == {f"RECONSIDERATION_{name}" for name in ("ORDINARY", "SIMPLE", "INACTION", "DISCLOSURE")}
    # a time that has passed is looked at by a person: nobody is told that the right is lost
    late = [rule for item in items.values() for rule in item.eligibility if rule.id == "late"]
    assert len(late) == 5 and {rule.answer for rule in late} == {"person"}
