"""Arbitration from the application to the award and after, and what the law refuses (services.md §6; AR, LB, RL)."""

from datetime import timedelta

import pytest

from fawang.back.casework.tests.offices import at, clock_of, day, example, finish, make_office, state, to_handler
from fawang.base.calendar import services as calendar
from fawang.base.catalogue import loader
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import NotYours, WrongState
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import SYSTEM, do, file
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule

ITEMS = {
    "ARBITRATION_COMMERCIAL", "ARBITRATION_INTERIM", "ARBITRATION_ANSWER", "ARBITRATION_CORRECTION",
    "ARBITRATION_LABOUR", "ARBITRATION_RURAL",
}  # fmt: skip


@pytest.fixture
def office(world):
    calendar.load_provisional(SYSTEM, 2028)  # two years to ask for enforcement
    return make_office("arbitration", "ARBITRATION_INSTITUTION", "ARBITRATOR")


def filed(world, code, position=0):
    return file(world, service=code, answers=example(loader.read().items[code], position))


def accepted(world, office, code="ARBITRATION_COMMERCIAL", **data):
    number = to_handler(world, office, filed(world, code))
    do(office.handler, number, "accept", **data)
    return number


def notified(world, office, on):
    """Accepted, with the notice of the fee received on a day."""
    number = accepted(world, office)
    do(office.handler, number, "serve_acceptance", notified_on=on, fee="400", text="转账到本会账户，逾期视为撤回")
    return number


def test_a_case_goes_from_the_application_over_fee_tribunal_and_hearing_to_the_award_and_beyond(world, office):
    number = notified(world, office, day(9, 28))
    assert (clock_of(number, "AR-01").state, clock_of(number, "AR-02").due_at) == ("MET", at(10, 14, 0))
    do(office.handler, number, "record_fee", fee="400", paid_on=day(9, 28))
    papers = {"notified_on": day(9, 28), "served_on": day(9, 28), "answer_by": day(10, 13), "text": "名册见附件"}
    do(office.handler, number, "serve_papers", **papers)
    do(world.citizen, number, "choose_arbitrator", way="name", arbitrator="赵示例")
    assert clock_of(number, "AR-03").state == "MET"
    clock.move_to(at(10, 20))
    do(office.handler, number, "record_answer", kind="answer", received_on=day(10, 12), text="不同意")
    formed = {"size": "one", "arbitrators": "赵示例", "formed_on": day(10, 15), "text": "没有需要披露的情况"}
    do(office.handler, number, "form_tribunal", **formed)
    assert clock_of(number, "AR-04").due_at == at(2, 16, 0, year=2027)
    clock.move_to(at(11, 10))
    sitting = {"held_on": day(11, 9), "way": "video", "present": "both", "internal": "庭审笔录"}
    with pytest.raises(Invalid):
        do(office.handler, number, "hold_hearing", notified_on=day(11, 9), **sitting)
    do(office.handler, number, "hold_hearing", notified_on=day(10, 28), **sitting)
    assert "庭审笔录" not in str(selectors.timeline(world.citizen, number))
    do(
        office.handler,
        number,
        "make_award",
        kind="award",
        case_no="示例裁字1号",
        made_on=day(11, 10),
        text="支付一万元",
    )
    served = {"paper": "award", "received_on": day(11, 10), "perform_by": day(11, 30), "text": "说明了撤销和执行"}
    do(office.handler, number, "serve_award", **served)
    assert state(number) == ("HANDLING", "DELIVERED")
    assert clock_of(number, "AR-05").due_at == at(12, 11, 0)
    assert clock_of(number, "AR-06").due_at == at(2, 12, 0, year=2027)  # the 10th lies in the Spring Festival
    assert clock_of(number, "AR-06H") is None
    assert clock_of(number, "AR-10").due_at.year == 2028  # two years from the day of performance
    finish(office, number, "ISSUED")
    do(world.supervisor, number, "close")
    # the parties' rights outlive the archive
    assert {clock_of(number, limit).state for limit in ("AR-05", "AR-06", "AR-10")} == {"RUNNING"}
    do(world.citizen, number, "record_performance", performed_on=day(11, 10), text="已收到")
    assert (state(number), clock_of(number, "AR-10").state) == (("CLOSED", "PERFORMED"), "MET")


def test_without_payment_it_is_deemed_withdrawn_only_when_the_fifteen_days_are_over(world, office):
    number = notified(world, office, day(9, 28))
    with pytest.raises(RefusedByRule):
        do(office.handler, number, "deem_withdrawn", text="没有交费")
    due = clock_of(number, "AR-02").due_at
    clock.move_to(due - timedelta(seconds=1))
    with pytest.raises(RefusedByRule):
        do(office.handler, number, "deem_withdrawn", text="没有交费")
    clock.move_to(due)
    do(office.handler, number, "deem_withdrawn", text="期满没有交费，可以重新申请")
    assert state(number) == ("HANDLING", "ENDED")
    assert Order.objects.get(number=number).breached_count == 0  # the applicant's own
    finish(office, number, "WITHDRAWN")


def test_who_asks_for_a_deferment_in_time_is_not_deemed_withdrawn(world, office):
    number = notified(world, office, day(9, 28))
    clock.move_to(at(10, 12))
    do(world.citizen, number, "ask_fee_deferment", reason="工厂停产，下月才有钱")
    assert clock_of(number, "AR-02").state == "MET"
    clock.move_to(at(10, 20))
    with pytest.raises(WrongState):
        do(office.handler, number, "deem_withdrawn", text="没有交费")
    do(office.handler, number, "refuse_fee_deferment", notified_on=day(10, 20), text="材料不足")
    assert clock_of(number, "AR-02").due_at == at(11, 5, 0)  # fifteen days again
    with pytest.raises(RefusedByRule):
        do(office.handler, number, "deem_withdrawn", text="没有交费")
    do(world.citizen, number, "ask_fee_deferment", reason="补充停产证明")
    do(office.handler, number, "grant_fee_deferment", pay_by=day(12, 1))
    papers = {"notified_on": day(10, 20), "served_on": day(10, 20), "answer_by": day(11, 4), "text": "名册见附件"}
    do(office.handler, number, "serve_papers", **papers)
    assert state(number) == ("HANDLING", "SERVED")


def test_an_award_received_before_the_new_law_keeps_six_months_and_a_mediation_statement_has_none(world, office):
    for paper, received, runs in (("award", day(2, 27), "AR-06H"), ("award", day(3, 1), "AR-06"), ("mediation", day(3, 1), None)):  # fmt: skip
        number = accepted(world, office)
        Order.objects.filter(number=number).update(inner="DECIDED")
        do(office.handler, number, "serve_award", paper=paper, received_on=received, text="说明")
        assert [limit for limit in ("AR-06", "AR-06H") if clock_of(number, limit)] == ([runs] if runs else [])
        assert bool(clock_of(number, "AR-05")) == (paper == "award")


def test_no_step_is_skipped_and_nobody_else_takes_it(world, office):
    number = accepted(world, office)
    for action, data in (("record_fee", {"fee": "1", "paid_on": day(9, 28)}), ("complete", {"result": "ISSUED", "text": "x"})):  # fmt: skip
        with pytest.raises(WrongState):
            do(office.handler, number, action, **data)
    with pytest.raises(NotYours):
        do(world.citizen, number, "serve_acceptance", notified_on=day(9, 28), fee="1", text="x")


def test_a_labour_case_has_the_times_of_its_own_law_and_is_free(world, office):
    item = loader.read().items["ARBITRATION_LABOUR"]
    assert (item.fee.kind, item.process) == ("free", "statutory_arbitration")
    number = accepted(world, office, "ARBITRATION_LABOUR")
    assert clock_of(number, "AR-01") is None
    assert clock_of(number, "LB-02-S").due_at == at(10, 11, 0)  # the fifth working day is a Saturday made up
    assert clock_of(number, "LB-05").due_at == at(11, 13, 0)
    served = {"served_on": day(9, 28), "arbitrators": "赵示例", "text": "权利义务"}
    with pytest.raises(Invalid):
        do(office.handler, number, "serve_copy", answer_by=day(10, 1), **served)
    do(office.handler, number, "serve_copy", answer_by=day(10, 16), **served)
    clock.move_to(at(10, 26))
    do(office.handler, number, "hear_case", notified_on=day(10, 15), held_on=day(10, 26), present="no_respondent")
    do(office.handler, number, "rule", kind="award", case_no="示例劳仲1号", text="支付工资一万八千元")
    assert clock_of(number, "LB-05").state == "MET"
    told = {"paper": "award", "is_final": True, "received_on": day(10, 26), "text": "说明"}
    do(office.handler, number, "serve_ruling", side="worker", **told)
    assert (clock_of(number, "LB-06").due_at, clock_of(number, "LB-07")) == (at(11, 11, 0), None)
    finish(office, number, "ISSUED")


def test_the_employer_cannot_sue_on_a_final_award_but_may_ask_for_its_revocation(world, office):
    number = accepted(world, office, "ARBITRATION_LABOUR")
    Order.objects.filter(number=number).update(inner="RULED")
    do(office.handler, number, "serve_ruling", paper="award", is_final=True, side="employer", received_on=day(9, 28), text="说明")  # fmt: skip
    assert clock_of(number, "LB-06") is None
    assert clock_of(number, "LB-07").due_at == at(10, 29, 0)


def test_rural_land_has_thirty_days_to_sue(world, office):
    number = accepted(world, office, "ARBITRATION_RURAL")
    assert clock_of(number, "RL-02-A").due_at == at(11, 28, 0)
    Order.objects.filter(number=number).update(inner="RULED")
    do(office.handler, number, "serve_ruling", paper="award", is_final=False, side="land", received_on=day(9, 28), text="说明")  # fmt: skip
    assert clock_of(number, "RL-03").due_at == at(10, 29, 0)


def test_measures_taken_before_the_case_need_one_within_thirty_days(world, office):
    number = accepted(world, office, "ARBITRATION_INTERIM")
    do(office.handler, number, "pass_on", to="court", who="示例区人民法院", passed_on=day(9, 28))
    do(office.handler, number, "record_reply_to_request", outcome="granted", taken_on=day(9, 28), text="已冻结账户")
    finish(office, number, "GRANTED")
    do(world.supervisor, number, "close")
    assert (clock_of(number, "AR-09").state, clock_of(number, "AR-09").due_at) == ("RUNNING", at(10, 29, 0))
    do(world.citizen, number, "record_case_filed", filed_on=day(9, 28), case_no="示例仲字2号")
    assert clock_of(number, "AR-09").state == "MET"


def test_six_services_and_the_acceptance_fee_at_the_steps_of_the_table():
    items = {code: item for code, item in loader.read().items.items() if item.line == "arbitration"}
    assert set(items) == ITEMS
    assert {code for code, item in items.items() if item.fee.kind == "free"} == {
        "ARBITRATION_INTERIM", "ARBITRATION_CORRECTION", "ARBITRATION_LABOUR", "ARBITRATION_RURAL",
    }  # fmt: skip
    assert items["ARBITRATION_COMMERCIAL"].fee.is_uncertain
    # who has chosen an institution is not sent to another by the rule
    assert {item.dispatch for item in items.values()} == {"MANUAL"}
