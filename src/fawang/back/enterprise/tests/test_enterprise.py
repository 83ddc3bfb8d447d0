"""A check and a complaint through their course: confidential, with the law named, followed up after the archive."""

from datetime import timedelta

import pytest

from fawang.back.casework import selectors as papers
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.errors import WrongState
from fawang.base.workorders.services import perform
from fawang.base.workorders.tests.factories import NOON, do, file
from fawang.base.workorders.tests.factories import build as build_world
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system

SYSTEM = system("test")
CHECK = {
    "org_name": "示例小吃店", "stage": "SETUP", "industry": "catering", "staff": 2, "distress": False, "way": "phone",
    "org_contact": "李示例", "applicant_phone": "13800000002", "area": "510107",
}  # fmt: skip
BILL = {
    "org_name": "示例五金店", "debtor_kind": "large", "other_name": "示例建工集团有限公司", "amount": "12000.50",
    "delivered_on": "2026-06-01", "is_disputed": False, "story": "催了五次都说下个月", "proceedings": "none",
    "may_pass_on": True, "org_contact": "李示例", "applicant_phone": "13800000002", "area": "510107",
}  # fmt: skip
ADVICE = {
    "facts": "没有签劳动合同",
    "level": "C",
    "text": "一个月内补签",
    "articles": "《劳动合同法》第十条、第八十二条",
}


@pytest.fixture
def world(db, tmp_path):
    with clock.at(NOON):
        world = build_world(tmp_path)
        firm = institutions.make_institution(
            name="示例企业律师团", type="LAW_FIRM", lines=("enterprise",), capacity=50, division_code="510107"
        )
        world.units["chamber"] = firm
        for name, role in (("head", "INSTITUTION_ADMIN"), ("adviser", "HANDLER"), ("second", "REVIEWER")):
            account, world.people[name] = institutions.make_staff(role, firm)
            if role == "HANDLER":
                institutions.make_practitioner(
                    firm, account_id=account.pk, name="赵示例", kind="LAWYER_FT", licence_no=institutions.licence()
                )
        yield world


def taken(world, service, answers):
    """An order in the adviser's hands, not accepted yet."""
    number = file(world, service=service, answers=answers)
    do(SYSTEM, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("chamber"))
    do(world.head, number, "sign")
    do(world.head, number, "assign", handler=world.handler_token("chamber", "adviser"))
    return number


def accepted(world, service, answers):
    number = taken(world, service, answers)
    do(world.adviser, number, "accept", no_conflict=True, keeps_secret=True)
    return number


def running(number):
    return {c.limit_id for c in orders.clocks(SYSTEM, number) if c.state == "RUNNING"}


def test_a_check_goes_its_whole_course(world):
    number = accepted(world, "ENTERPRISE_CHECK", CHECK)
    assert "EC-01" in running(number)
    do(world.adviser, number, "hear_firm", held_on=clock.today().isoformat(), way="phone", internal="只有口头约定")
    with pytest.raises(WrongState):
        do(world.adviser, number, "complete", result="ANSWERED", text="好了")
    with pytest.raises(Invalid) as refusal:
        do(world.adviser, number, "give_advice", **{**ADVICE, "articles": "劳动方面的规定"})
    assert set(refusal.value.fields) == {"articles"}
    do(world.adviser, number, "give_advice", **ADVICE)
    assert "EC-01" not in running(number)
    do(world.adviser, number, "note_contact", reached=True, text="已说明")
    do(world.adviser, number, "complete", result="ANSWERED", text="意见见意见书")
    do(world.second, number, "approve")
    view = orders.get(world.citizen, number)
    assert view.state == "DONE"
    assert [p.title.zh for p in papers.of_order(view, orders.timeline(world.citizen, number))] == ["企业法律意见书"]
    # what the firm said is the staff's alone
    assert not any("internal" in step.data for step in orders.timeline(world.citizen, number))
    do(world.supervisor, number, "close")
    # the two follow-ups go on after the archive
    assert running(number) == {"EC-02", "EC-03"}
    with clock.at(NOON + timedelta(days=30)):
        do(world.adviser, number, "follow_up", held_on=clock.today().isoformat(), done="part")
        assert running(number) == {"EC-03"}
        with pytest.raises(WrongState):
            do(world.adviser, number, "follow_up", held_on=clock.today().isoformat(), done="all")
        do(world.adviser, number, "follow_up_again", held_on=clock.today().isoformat(), done="all")
    assert running(number) == set()


def test_nobody_with_a_conflict_takes_it_and_nobody_without_a_promise(world):
    number = taken(world, "ENTERPRISE_CHECK", CHECK)
    with pytest.raises(RefusedByRule):
        do(world.adviser, number, "accept", no_conflict=False, keeps_secret=True)
    with pytest.raises(Invalid) as refusal:
        do(world.adviser, number, "accept", no_conflict=True, keeps_secret=False)
    assert set(refusal.value.fields) == {"keeps_secret"}
    assert orders.get(world.citizen, number).state == "ASSIGNED"


def test_what_a_check_finds_is_passed_on_to_nobody(world):
    number = accepted(world, "ENTERPRISE_CHECK", CHECK)
    told = {"authority": "示例市某局", "sent_on": clock.today().isoformat(), "text": "已转"}
    with pytest.raises(RefusedByRule):
        do(world.adviser, number, "pass_on", **told)
    # a complaint is: and its result is asked for after the archive, too
    number = accepted(world, "ENTERPRISE_PAYMENT", BILL)
    assert "LM-16" in running(number)
    do(world.adviser, number, "pass_on", **told)
    assert running(number) >= {"LM-16-R"} and "LM-16" not in running(number)
    do(world.adviser, number, "note_contact", reached=True, text="已告知")
    do(world.adviser, number, "complete", result="REFERRED", text="已转送，三十日内有结果")
    do(world.second, number, "approve")
    do(world.supervisor, number, "close")
    assert running(number) == {"LM-16-R"}
    perform(actor=world.head, order=number, action="record_reply", data={
        "answered_on": clock.today().isoformat(), "text": "已付清"})  # fmt: skip
    assert running(number) == set()
