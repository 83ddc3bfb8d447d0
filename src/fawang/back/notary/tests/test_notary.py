"""A certificate from the application to its review, and what the law refuses (services.md §4, time-limits.md §5)."""

from dataclasses import replace
from datetime import datetime

import pytest

from fawang.base.calendar import services as calendar
from fawang.base.catalogue import loader
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors, services
from fawang.base.workorders.errors import LevelTooLow, MustBeOneself, NotYours, WrongState
from fawang.base.workorders.models import Clock, Order
from fawang.base.workorders.tests.factories import SYSTEM, do, file, filing
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule

BIRTH = {
    "applicant_name": "王示例", "applicant_id": {"type": "ID_CARD", "number": "510107199003075317"}, "whose": "self",
    "birth_place": "四川省成都市", "parents": "王父示例", "has_birth_paper": True, "purpose": "study", "used_abroad": True,
    "country": "法国", "translation": "fr", "copies": 2, "fee_relief": "none", "area": "510107",
}  # fmt: skip
DEBT = {
    "applicant_name": "王示例", "applicant_id": {"type": "ID_CARD", "number": "510107199003075317"}, "side": "creditor",
    "other_name": "李示例", "object": "money", "amount": "500000", "perform_by": "2026-12-31", "promises": True,
    "in_dispute": False, "fee_relief": "none", "area": "510107",
}  # fmt: skip
INFORMED = {"interest": True, "undisputed": True, "in_scope": True, "informed": True, "internal": "已告知"}
FINE = {"identity": True, "capacity": True, "lawful": True, "complete_papers": True, "internal": "原件一致"}


def at(year, month, day, hour=10):
    return datetime(year, month, day, hour, tzinfo=clock.SHANGHAI)


@pytest.fixture
def office(world):
    """A notary office with a liaison, a notary and an approver."""
    unit = institutions.make_institution(
        name="武侯公证处", type="NOTARY_OFFICE", lines=("notary",), capacity=50, division_code="510107"
    )
    world.units["office"] = unit
    for name, role in (("office_liaison", "INSTITUTION_ADMIN"), ("notary", "HANDLER"), ("approver", "APPROVER")):
        account, world.people[name] = institutions.make_staff(role, unit)
        if role == "HANDLER":
            institutions.make_practitioner(
                unit, account_id=account.pk, name="赵公证", kind="NOTARY", licence_no="51010012"
            )
    return world


def clock_of(number, limit):
    return Clock.objects.filter(order__number=number, limit_id=limit).latest("id")


def inner(number):
    return Order.objects.get(number=number).inner


def accepted(office, *, service="NOTARY_N01", answers=None):
    """A matter that the notary has; not accepted yet."""
    citizen = office.citizen
    number = file(office, actor=at_level(citizen), service=service, answers=answers or BIRTH)
    do(SYSTEM, number, "queue")
    do(office.dispatcher, number, "dispatch", unit=office.token("office"))
    do(office.office_liaison, number, "sign")
    handler = organisations.handlers(office.office)[0].token
    do(office.office_liaison, number, "assign", handler=handler)
    return number


def at_level(actor, level=3):
    return replace(actor, level=level)


def drive(office, until, **more):
    """Take a matter through the line's steps until its inner state is `until`."""
    number = accepted(office, **more)
    today = clock.today().isoformat()
    steps = [
        ("ACCEPTED", office.notary, "accept", INFORMED),
        ("PAID", office.notary, "record_fee", {"relief": "none", "fee": "80", "fee_state": "paid", "receipt": "1"}),
        ("EXAMINED", office.notary, "examine_papers", FINE),
        ("VERIFIED", office.notary, "verify_facts", {"way": ["register", "office"], "office": "郫都公证处", "internal": "一致"}),
        ("DRAFTED", office.notary, "draft_certificate", {"internal_text": "兹证明……"}),
        ("APPROVED", office.approver, "approve_certificate", {}),
        ("ISSUED", office.notary, "issue_certificate", {
            "certificate_no": "（2026）川示例证字第1号", "issued_on": today, "copies": 2, "text": "持身份证领取",
            "perform_by": (more.get("answers") or {}).get("perform_by", "")}),
    ]  # fmt: skip
    for state, actor, action, data in steps:
        if until == "ASSIGNED":
            return number
        do(actor, number, action, **data)
        if state == until:
            return number
    do(office.notary, number, "note_contact", reached=True, text="请来领取")
    do(office.notary, number, "complete", result="ISSUED", text="公证书已出具")
    do(office.notary, number, "record_receipt", received_on=today, manner="counter")
    return number


# --- the course --------------------------------------------------------------------------------------------------
def test_a_certificate_from_the_application_to_its_receipt(office):
    number = drive(office, "RECEIVED")
    order = Order.objects.get(number=number)
    assert (order.state, order.inner, order.result_code) == ("DONE", "RECEIVED", "ISSUED")
    assert order.assessment["verdict"] == "yes"
    assert order.assessment["fee"] == 8000
    seen = [step.action for step in selectors.timeline(office.citizen, number)]
    for step in ("record_fee", "examine_papers", "verify_facts", "issue_certificate", "record_receipt"):
        assert step in seen
    # the text of the certificate and the approver's opinion are the staff's
    assert not {"draft_certificate", "approve_certificate"} & set(seen)
    assert "兹证明" not in str(selectors.timeline(office.citizen, number))


def test_a_second_person_approves_and_may_send_the_draft_back(office):
    number = drive(office, "DRAFTED")
    with pytest.raises(NotYours):
        do(office.notary, number, "approve_certificate")
    do(office.approver, number, "return_draft", internal_reason="写明出生地")
    assert inner(number) == "VERIFIED"
    with pytest.raises(WrongState):
        do(office.approver, number, "approve_certificate")
    do(office.notary, number, "draft_certificate", internal_text="改好")
    do(office.approver, number, "approve_certificate", internal="同意")
    assert inner(number) == "APPROVED"


@pytest.mark.parametrize("field", ["interest", "undisputed", "in_scope", "informed"])
def test_nothing_is_accepted_uninformed_in_dispute_or_without_interest(office, field):
    number = accepted(office)
    with pytest.raises(Invalid) as refusal:
        do(office.notary, number, "accept", **{**INFORMED, field: False})
    assert set(refusal.value.fields) == {field}
    do(office.notary, number, "refuse", ground="dispute", reason="RJ01", text="有争议", remedy="可以申请调解")
    assert Order.objects.get(number=number).state == "REJECTED"


def test_what_does_not_pass_the_examination_is_refused_by_the_approver_in_writing(office):
    number = drive(office, "PAID")
    with pytest.raises(Invalid):
        do(office.notary, number, "examine_papers", **{**FINE, "lawful": False})
    with pytest.raises(NotYours):
        do(office.notary, number, "refuse_certificate", ground="unlawful", text="不真实", remedy="可以申请复查")
    do(office.approver, number, "refuse_certificate", ground="unlawful", text="材料不真实", remedy="可以投诉、起诉")
    assert (inner(number), clock_of(number, "NO-01").state) == ("REFUSED", "MET")
    do(office.notary, number, "note_contact", reached=True, text="已送达")
    with pytest.raises(Invalid):
        do(office.notary, number, "complete", result="ISSUED", text="已出具")
    do(office.notary, number, "complete", result="REFUSED", text="不予办理")


def test_a_waived_fee_is_nothing_and_has_its_reason(office):
    number = drive(office, "ACCEPTED")
    with pytest.raises(Invalid) as refusal:
        do(office.notary, number, "record_fee", relief="waived", fee="80", fee_state="nothing")
    assert set(refusal.value.fields) == {"fee", "relief_basis"}
    do(office.notary, number, "record_fee", relief="waived", relief_basis="法律援助", fee="0", fee_state="nothing")


def test_a_will_is_made_by_nobody_else_and_a_certificate_needs_a_checked_identity(office):
    with pytest.raises(MustBeOneself):
        services.file(
            actor=at_level(office.citizen),
            filing=filing(office.citizen, service="NOTARY_N19", answers=BIRTH, on_behalf_by=office.other_citizen.party_id),
        )  # fmt: skip
    with pytest.raises(LevelTooLow):
        file(office, actor=at_level(office.citizen, 1), service="NOTARY_N01", answers=BIRTH)


def test_a_contract_about_a_house_goes_to_the_place_of_the_house(office):
    sale = {
        "applicant_name": "王示例", "applicant_id": BIRTH["applicant_id"], "kind": "house_sale", "other_name": "李示例",
        "amount": "1500000", "property_address": {"division": "510117", "text": "示例路 1 号"}, "in_dispute": False,
        "fee_relief": "none",
    }  # fmt: skip
    number = file(office, actor=at_level(office.citizen), service="NOTARY_N25", answers=sale)
    order = Order.objects.get(number=number)
    assert (order.area, order.assessment["fee"]) == ("510117", 320_000)


# --- limits ------------------------------------------------------------------------------------------------------
def test_the_limits_are_those_of_the_table():
    found = loader.read()
    limits = {limit.id: limit for limit in found.processes["notary"].limits}
    assert {name: (limits[f"NO-{name}"].span.value, limits[f"NO-{name}"].span.unit) for name in ("01", "03", "04", "05", "06", "07", "08", "09")} == {
        "01": (15, "WD"), "03": (3, "WD"), "04": (6, "MONTH"), "05": (1, "YEAR"), "06": (30, "CD"), "07": (10, "CD"),
        "08": (2, "YEAR"), "09": (10, "CD"),
    }  # fmt: skip
    fast = {
        code: limit.span.value for code, item in found.items.items() for limit in item.limits if limit.id == "NO-02"
    }
    assert fast["NOTARY_N16"] == 5
    assert {value for code, value in fast.items() if code != "NOTARY_N16"} == {10}


def test_there_is_a_service_for_each_matter_of_the_list():
    codes = {code for code, item in loader.read().items.items() if item.line == "notary"}
    assert codes == {f"NOTARY_N{n:02}" for n in range(1, 32)}


def test_verification_by_another_office_does_not_count(office):
    clock.move_to(at(2026, 9, 7))
    number = drive(office, "EXAMINED")
    due = clock_of(number, "NO-01").due_at
    assert due == at(2026, 9, 29, 0)  # Sunday the 20th is worked, the 25th is Mid-Autumn: the 28th is the last day
    do(office.notary, number, "suspend", reason="SP02", text="委托外地公证处核实")
    assert (clock_of(number, "NO-01").state, clock_of(number, "NO-04").state) == ("PAUSED", "RUNNING")
    clock.move_to(at(2026, 9, 14))
    do(office.notary, number, "resume")
    assert clock_of(number, "NO-01").due_at == at(
        2026, 10, 11, 0
    )  # five more: 29, 30, 8, 9, and Saturday the 10th, which is worked


def test_a_review_is_asked_for_within_a_year_of_receipt_and_corrected_within_ten_days(office):
    number = drive(office, "RECEIVED")
    do(office.supervisor, number, "close")
    assert clock_of(number, "NO-05").state == "RUNNING"
    do(office.citizen, number, "request_review", by="party", text="出生日期写错")
    assert (clock_of(number, "NO-05").state, clock_of(number, "NO-06").state) == ("MET", "RUNNING")
    do(office.approver, number, "decide_review", decision="correct", text="确有错误，予以更正")
    assert (clock_of(number, "NO-06").state, clock_of(number, "NO-07").state) == ("MET", "RUNNING")
    do(office.notary, number, "carry_out_review", done_on=clock.today().isoformat())
    assert (inner(number), clock_of(number, "NO-07").state) == ("CORRECTED", "MET")


def test_a_certificate_that_stands_is_not_changed(office):
    number = drive(office, "RECEIVED")
    do(office.citizen, number, "request_review", by="party", text="有错")
    do(office.approver, number, "decide_review", decision="keep", text="没有错误；可以向公证协会投诉或者起诉")
    assert not Clock.objects.filter(order__number=number, limit_id="NO-07").exists()
    with pytest.raises(RefusedByRule):
        do(office.notary, number, "carry_out_review", done_on=clock.today().isoformat())


def test_too_late_for_a_party_but_not_for_whoever_has_just_learnt_of_it(office):
    number = drive(office, "RECEIVED")
    clock.move_to(at(2027, 10, 12))
    with pytest.raises(RefusedByRule) as refusal:
        do(office.citizen, number, "request_review", by="party", text="有错")
    assert "起诉" in refusal.value.text
    do(office.office_liaison, number, "request_review", by="interested", known_on="2027-10-01", text="遗漏继承人")


def test_the_two_years_of_enforcement_begin_anew_and_ten_days_run_against_a_refusal(office):
    for year in (2028, 2029):
        calendar.load_provisional(SYSTEM, year)
    number = drive(office, "RECEIVED", service="NOTARY_N26", answers=DEBT)
    first = clock_of(number, "NO-08")
    assert first.started_at == at(2026, 12, 31, 0)
    clock.move_to(at(2027, 3, 1))
    do(office.notary, number, "record_enforcement", step="certificate_asked", acted_on="2027-03-01")
    again = clock_of(number, "NO-08")
    assert (again.pk != first.pk, again.started_at) == (True, at(2027, 3, 1, 0))
    do(office.notary, number, "record_enforcement", step="refused", acted_on="2027-03-01", court="武侯区法院")
    assert clock_of(number, "NO-09").due_at == at(2027, 3, 12, 0)
    do(office.notary, number, "record_enforcement", step="appealed", acted_on="2027-03-01")
    assert clock_of(number, "NO-09").state == "MET"
    plain = drive(office, "RECEIVED")
    with pytest.raises(RefusedByRule):
        do(office.notary, plain, "record_enforcement", step="applied", acted_on="2027-03-01")
    assert not Clock.objects.filter(order__number=plain, limit_id="NO-08").exists()


def test_a_loan_for_thirty_years_is_certified_though_no_calendar_reaches_so_far(office):
    number = drive(office, "RECEIVED", service="NOTARY_N26", answers={**DEBT, "perform_by": "2056-12-31"})
    assert inner(number) == "RECEIVED"
    assert not Clock.objects.filter(order__number=number, limit_id="NO-08").exists()
