"""An appraisal from the commission to the report and the objection to it (services.md §5, time-limits.md §6)."""

from dataclasses import replace
from datetime import datetime

import pytest

from fawang.base.catalogue import loader
from fawang.base.identity.models import Party
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import NotYours, WrongState
from fawang.base.workorders.models import Clock, ClockEntry, Order
from fawang.base.workorders.tests.factories import SYSTEM, do, file
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule

INJURY = {
    "applicant_name": "王示例", "matter": "disability", "subject": "王示例", "story": "骑车被撞，小腿骨折", "proceedings": "none",
    "earlier": "none", "treatment_over": True, "specimens": "病历和片子原件", "has_aid": False, "area": "510107",
}  # fmt: skip
FIT = {"pending": False, "in_scope": True, "sound": True, "lawful": True, "alone": True}
EXPERTS = {
    "first_expert": "孙示例", "first_licence": "510105123456", "second_expert": "周示例", "second_licence": "510105123457",
    "unbiased": True,
}  # fmt: skip


def at(year, month, day, hour=10):
    return datetime(year, month, day, hour, tzinfo=clock.SHANGHAI)


@pytest.fixture
def lab(world):
    """A forensic institution with a liaison, an expert and a reviewer."""
    unit = institutions.make_institution(
        name="示例司法鉴定中心", type="FORENSIC_INSTITUTION", lines=("forensic",), capacity=50, division_code="510107"
    )
    world.units["lab"] = unit
    for name, role in (("lab_liaison", "INSTITUTION_ADMIN"), ("expert", "HANDLER"), ("second", "REVIEWER")):
        account, world.people[name] = institutions.make_staff(role, unit)
        if role == "HANDLER":
            institutions.make_practitioner(
                unit, account_id=account.pk, name="孙示例", kind="FORENSIC_EXPERT", licence_no="510105123456"
            )
    return world


def clock_of(number, limit):
    return Clock.objects.filter(order__number=number, limit_id=limit).latest("id")


def inner(number):
    return Order.objects.get(number=number).inner


def agreement(**changes):
    return {
        "signed_on": clock.today().isoformat(), "matters": "伤残等级", "purpose": "起诉", "fee": "1500", "fee_state": "paid",
        **changes,
    }  # fmt: skip


def drive(lab, until, answers=None, agreed=None):
    """Take a commission through the line's steps until its inner state is `until`; ASSIGNED: not accepted yet."""
    number = file(lab, actor=replace(lab.citizen, level=2), service="FORENSIC_FM02", answers=answers or INJURY)
    do(SYSTEM, number, "queue")
    do(lab.dispatcher, number, "dispatch", unit=lab.token("lab"))
    do(lab.lab_liaison, number, "sign")
    do(lab.lab_liaison, number, "assign", handler=organisations.handlers(lab.lab)[0].token)
    today = clock.today().isoformat()
    steps = [
        ("ACCEPTED", lab.expert, "accept", FIT),
        ("AGREED", lab.expert, "sign_agreement", agreement(**(agreed or {}))),
        ("MATERIALS", lab.expert, "receive_materials", {
            "received_on": today, "from_whom": "王示例", "items": "病历原件一册，完好", "seal_no": "F-1"}),
        ("EXPERTS", lab.lab_liaison, "name_experts", EXPERTS),
        ("EXAMINING", lab.expert, "record_examination", {
            "examined_on": today, "method": "法医临床检验", "internal": "左小腿瘢痕"}),
        ("DRAFTED", lab.expert, "draft_opinion", {"internal_text": "评定为十级伤残"}),
        ("REVIEWED", lab.second, "review_opinion", {}),
        ("ISSUED", lab.expert, "issue_report", {
            "report_no": "示例鉴字第1号", "issued_on": today, "copies": 4, "text": "到机构领取，病历一并退还"}),
    ]  # fmt: skip
    for state, actor, action, data in steps:
        if until == "ASSIGNED":
            return number
        do(actor, number, action, **data)
        if state == until:
            return number
    do(lab.expert, number, "note_contact", reached=True, text="请来领取")
    do(lab.expert, number, "complete", result="ISSUED", text="鉴定意见书已出具")
    do(lab.expert, number, "record_delivery", delivered_on=today, manner="counter", returned=True)
    return number


# --- the course --------------------------------------------------------------------------------------------------
def test_a_report_from_the_commission_to_its_delivery(lab):
    number = drive(lab, "DELIVERED")
    order = Order.objects.get(number=number)
    assert (order.state, order.inner, order.result_code) == ("DONE", "DELIVERED", "ISSUED")
    assert (order.assessment["verdict"], order.assessment["fee_kind"]) == ("yes", "agreed")
    seen = selectors.timeline(lab.citizen, number)
    assert {"sign_agreement", "receive_materials", "name_experts", "issue_report"} <= {step.action for step in seen}
    assert "十级" not in str(seen) and "瘢痕" not in str(seen)  # the draft and the record are the staff's
    assert "十级" in str(selectors.timeline(lab.expert, number))


def test_in_a_pending_case_only_the_authority_commissions(lab):
    number = drive(lab, "ASSIGNED", answers={**INJURY, "proceedings": "court"})
    order = Order.objects.get(number=number)
    assert order.assessment["verdict"] == "no"
    assert order.assessment["reasons"] == ["pending_case"]
    with pytest.raises(RefusedByRule) as refusal:
        do(lab.expert, number, "accept", **{**FIT, "pending": True})
    assert "办案机关" in refusal.value.text
    Party.objects.filter(pk=order.applicant_id).update(kind="AGENCY")
    do(lab.expert, number, "accept", **{**FIT, "pending": True})


@pytest.mark.parametrize("field", ["in_scope", "sound", "lawful", "alone"])
def test_what_may_not_be_accepted_is_refused_with_its_ground(lab, field):
    number = drive(lab, "ASSIGNED")
    with pytest.raises(Invalid) as refusal:
        do(lab.expert, number, "accept", **{**FIT, field: False})
    assert set(refusal.value.fields) == {field}
    do(lab.expert, number, "refuse", ground="scope", reason="RJ01", text="超出业务范围", remedy="可以找有资质的机构")
    assert Order.objects.get(number=number).state == "REJECTED"
    assert clock_of(number, "FO-01").state == "MET"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"second_expert": "孙示例"}, {"second_expert"}),
        ({"second_licence": "510105123456"}, {"second_licence"}),
        ({"second_expert": ""}, {"second_expert"}),
        ({"unbiased": False}, {"unbiased"}),
    ],
)
def test_two_experts_who_need_not_stand_back_appraise_together(lab, changes, fields):
    number = drive(lab, "MATERIALS")
    with pytest.raises(Invalid) as refusal:
        do(lab.lab_liaison, number, "name_experts", **{**EXPERTS, **changes})
    assert set(refusal.value.fields) == fields


def test_a_second_person_reviews_and_no_step_is_skipped(lab):
    number = drive(lab, "DRAFTED")
    with pytest.raises(NotYours):
        do(lab.expert, number, "review_opinion")
    with pytest.raises(WrongState):
        do(lab.expert, number, "issue_report", report_no="1", issued_on="2026-09-28", copies=4, text="领取")
    do(lab.second, number, "return_opinion", internal_reason="写明依据的标准条款")
    assert inner(number) == "EXAMINING"


def test_an_appraisal_is_ended_with_its_ground_and_not_completed_without_a_report(lab):
    number = drive(lab, "EXAMINING")
    with pytest.raises(WrongState):
        do(lab.expert, number, "complete", result="UNSOLVED_OTHER", text="做不了")
    do(lab.expert, number, "terminate", ground="uncooperative", text="被鉴定人拒绝检查", remedy="同意检查后可以再委托",
       fee_back="1000")  # fmt: skip
    assert (Order.objects.get(number=number).state, clock_of(number, "FO-02").state) == ("TERMINATED", "MET")


# --- limits ------------------------------------------------------------------------------------------------------
def test_the_limits_are_those_of_the_table_and_each_class_has_its_service():
    found = loader.read()
    limits = {limit.id: limit for limit in found.processes["forensic"].limits}
    assert {name: (limits[name].span.value, limits[name].span.unit) for name in ("FO-01", "FO-02", "FO-03", "FO-04")} == {
        "FO-01": (7, "WD"), "FO-02": (30, "WD"), "FO-03": (5, "WD"), "FO-04": (15, "WD"),
    }  # fmt: skip
    assert (limits["FO-02"].extension.by.value, limits["FO-02"].extension.by.unit) == (30, "WD")
    classes = [("FM", 5), ("PE", 3), ("AV", 3), ("EN", 7)]
    codes = {f"FORENSIC_{name}{n:02}" for name, most in classes for n in range(1, most + 1)}
    assert {code for code, item in found.items.items() if item.line == "forensic"} == codes | {
        "FORENSIC_SUPPLEMENT", "FORENSIC_REAPPRAISAL",
    }  # fmt: skip


def test_thirty_working_days_from_the_agreement_rest_for_materials_and_are_extended_once(lab):
    clock.move_to(at(2026, 9, 7))
    number = drive(lab, "AGREED")
    due = clock_of(number, "FO-02").due_at
    assert due == at(2026, 10, 24, 0)  # Friday the 23rd is the thirtieth working day
    assert not Clock.objects.filter(order__number=number, limit_id="FO-02-A").exists()
    do(lab.expert, number, "request_supplement", items="补拍片子")
    assert clock_of(number, "FO-02").state == "PAUSED"
    clock.move_to(at(2026, 9, 14))
    do(lab.citizen, number, "reply_supplement", reply="已拍")
    assert clock_of(number, "FO-02").due_at == at(2026, 10, 31, 0)  # five working days later
    do(lab.expert, number, "ask_extension", reason="复杂")
    do(lab.second, number, "approve_extension")
    [entry] = ClockEntry.objects.filter(kind="EXTEND", clock__order__number=number)
    assert (entry.value, entry.unit) == (30, "WD")
    with pytest.raises(RefusedByRule):
        do(lab.expert, number, "ask_extension", reason="还要")


def test_an_agreed_day_stands_in_place_of_the_thirty_days(lab):
    with pytest.raises(Invalid) as refusal:
        drive(lab, "AGREED", agreed={"agreed_until": "2026-09-27"})
    assert set(refusal.value.fields) == {"agreed_until"}
    number = drive(lab, "AGREED", agreed={"agreed_until": "2026-12-30"})
    assert not Clock.objects.filter(order__number=number, limit_id="FO-02").exists()
    assert clock_of(number, "FO-02-A").due_at == at(2026, 12, 31, 0)


def test_a_correction_and_an_objection_are_answered_in_their_time_even_after_the_archive(lab):
    number = drive(lab, "DELIVERED")
    do(lab.supervisor, number, "close")
    for action, data in (
        ("correct_report", {"decision": "corrected", "text": "已改"}),
        ("answer_objection", {"text": "答复"}),
    ):
        with pytest.raises(RefusedByRule):
            do(lab.expert, number, action, **data)  # nobody asked
    clock.move_to(at(2026, 10, 12))
    do(lab.citizen, number, "ask_correction", text="日期写错")
    do(lab.citizen, number, "raise_objection", text="等级评低了")
    assert clock_of(number, "FO-03").due_at == at(2026, 10, 20, 0)
    assert clock_of(number, "FO-04").due_at == at(2026, 11, 3, 0)
    do(lab.expert, number, "correct_report", decision="corrected", text="已更正日期")
    assert (clock_of(number, "FO-03").state, clock_of(number, "FO-04").state) == ("MET", "RUNNING")
    do(lab.lab_liaison, number, "answer_objection", text="依据标准；可以申请重新鉴定或者鉴定人出庭")
    do(lab.expert, number, "record_testimony", court="武侯区法院", held_on="2026-10-12", expert="孙示例")
    assert clock_of(number, "FO-04").state == "MET"
