"""Complaints go to a person who decides, never to the target; what they find is told; the rest is answered or passed on."""

import pytest

from fawang.base.catalogue import loader
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as order_services
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import NOON, do, file, filing
from fawang.base.workorders.tests.factories import build as build_world
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system

SYSTEM = system("test")
FORENSIC = {
    "target_kind": "unit", "unit_name": "示例鉴定所", "problems": ["delay"], "event_date": "2026-09-01",
    "story": "约好一个月，三个月还没有出意见书", "claim": "催他们出具", "proceedings": "none", "may_name": False,
    "applicant_name": "王示例", "applicant_phone": "13800000001", "area": "510107",
}  # fmt: skip


@pytest.fixture
def world(db, tmp_path):
    with clock.at(NOON):
        world = build_world(tmp_path)
        bureau = institutions.make_institution(
            name="武侯区司法局（示例）",
            type="JUSTICE_OFFICE",
            lines=("complaints",),
            capacity=50,
            division_code="510107",
        )
        world.units["bureau"] = bureau
        for name, role in (("head", "INSTITUTION_ADMIN"), ("examiner", "HANDLER"), ("second", "REVIEWER")):
            account, world.people[name] = institutions.make_staff(role, bureau)
            if role == "HANDLER":
                institutions.make_practitioner(bureau, account_id=account.pk, name="钱示例", kind="AID_OFFICER")
        yield world


def taken(world, service, answers, **changes):
    """An order in the examiner's hands, not accepted yet."""
    number = file(world, service=service, answers=answers, **changes)
    do(SYSTEM, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("bureau"))
    do(world.head, number, "sign")
    do(world.head, number, "assign", handler=world.handler_token("bureau", "examiner"))
    return number


def accepted(world, service, answers, **changes):
    number = taken(world, service, answers, **changes)
    do(world.examiner, number, "accept", is_independent=True)
    return number


def running(number):
    return {c.limit_id for c in orders.clocks(SYSTEM, number) if c.state == "RUNNING"}


def test_a_complaint_goes_its_whole_course(world):
    number = taken(world, "COMPLAINT_FORENSIC", FORENSIC)
    assert "CP-01-A" in running(number)
    assert "sealed" in Order.objects.get(number=number).answers["applicant_name"]
    with pytest.raises(RefusedByRule):
        do(world.examiner, number, "accept", is_independent=False)
    do(world.examiner, number, "accept", is_independent=True)
    assert "CP-01" in running(number) and "CP-01-A" not in running(number)
    with pytest.raises(RefusedByRule):
        do(world.examiner, number, "give_answer", outcome="explained", text="已了解")
    do(world.examiner, number, "start_check", internal_plan="调案卷", tells_name=False)
    do(world.examiner, number, "record_check", held_on=clock.today().isoformat(), way="file", internal="卷在等材料")
    do(world.examiner, number, "make_finding", finding="partly", measures=["correct"], text="超过约定时间，已责令改正",
       found_on=clock.today().isoformat())  # fmt: skip
    assert running(number) >= {"CP-01-N"} and "CP-01" not in running(number)
    do(world.examiner, number, "note_contact", reached=True, text="已说明")
    do(world.examiner, number, "complete", result="ANSWERED", text="见答复")
    do(world.second, number, "approve")
    assert orders.get(world.citizen, number).state == "DONE"
    assert "CP-01-N" not in running(number), "the answer was told"
    assert not any(name.startswith("internal") for step in orders.timeline(world.citizen, number) for name in step.data)


def test_every_complaint_waits_for_a_person_to_dispatch_it():
    items = [item for item in loader.read().items.values() if item.line == "complaints"]
    about_somebody = [item for item in items if item.demand_type in {"COMPLAINT", "REPORT"}]
    assert len(about_somebody) == 7
    assert {(item.complexity, item.dispatch) for item in about_somebody} == {("COMPLEX", "MANUAL")}


def test_a_clue_may_come_without_a_name_and_be_passed_on(world):
    clue = {
        "what": "sham_lawyer",
        "target": "示例公司",
        "story": "冒充律师",
        "is_dangerous": False,
        "wants_answer": False,
        "area": "510107",
    }
    wanted = filing(world.clerk, service="CLUE_REPORT", answers=clue, applicant_id=None, applicant_kind="ANONYMOUS",
                    is_registered=True, channel="11")  # fmt: skip
    number = order_services.file(actor=world.clerk, filing=wanted).number
    assert orders.get(SYSTEM, number).applicant_id is None
    do(SYSTEM, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("bureau"))
    do(world.head, number, "sign")
    do(world.head, number, "assign", handler=world.handler_token("bureau", "examiner"))
    do(world.examiner, number, "accept", is_independent=True)
    do(world.examiner, number, "start_check", internal_plan="核对名册", tells_name=False)
    do(world.examiner, number, "pass_on", authority="示例公安分局", sent_on=clock.today().isoformat(), text="涉嫌犯罪")
    do(world.examiner, number, "complete", result="REFERRED", text="已移送公安机关")
    assert "CP-06" not in running(number)


def test_nobodys_data_is_touched_without_knowing_who_asks(world):
    right = {"right": "erase", "whose": "own", "which": "全部", "applicant_phone": "13800000001", "area": "510107"}
    number = accepted(world, "DATA_RIGHT", right)
    assert running(number) >= {"DS-07", "DS-07-MAX"}
    act = {"is_identified": False, "outcome": "done", "text": "已删除"}
    for data, field in ((act, "is_identified"), ({**act, "is_identified": True, "outcome": "frozen"}, "remedy")):
        with pytest.raises(Invalid) as refusal:
            do(world.examiner, number, "carry_out_right", **data)
        assert set(refusal.value.fields) == {field}
    do(world.examiner, number, "carry_out_right", **{**act, "is_identified": True})
    assert not running(number) & {"DS-07", "DS-07-MAX"}
    with pytest.raises(RefusedByRule):
        do(world.examiner, accepted(world, "COMPLAINT_FORENSIC", FORENSIC), "carry_out_right", **act)
