"""A talk is arranged and held, a village's rules are reviewed, a body is reminded: each by its own steps."""

from datetime import timedelta

import pytest

from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.errors import WrongState
from fawang.base.workorders.tests.factories import NOON, do, file
from fawang.base.workorders.tests.factories import build as build_world
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system

SYSTEM = system("test")
TALK = {
    "audience": "elderly", "topics": ["fraud"], "topic_words": "怎么识别养老骗局", "people": 40, "way": "online",
    "wished_on": "2026-10-20", "org_contact": "王示例", "applicant_phone": "13800000001", "area": "510107",
}  # fmt: skip
RULES = {
    "village": "示例村", "kind": "rules", "evidence": "a1b2c3d4e5f6a1b2", "voted": "soon", "story": "外嫁女分红",
    "urgency": "U2", "applicant_name": "王示例", "applicant_phone": "13800000001", "area": "510107",
}  # fmt: skip
REMINDER = {
    "authority": "示例区某局",
    "kind": "wrong",
    "story": "写错了",
    "applicant_phone": "13800000001",
    "area": "510107",
}


@pytest.fixture
def world(db, tmp_path):
    with clock.at(NOON):
        world = build_world(tmp_path)
        office = institutions.make_institution(
            name="武侯示例司法所", type="JUSTICE_OFFICE", lines=("outreach",), capacity=50, division_code="510107"
        )
        world.units["office"] = office
        for name, role in (("head", "INSTITUTION_ADMIN"), ("adviser", "HANDLER"), ("second", "REVIEWER")):
            account, world.people[name] = institutions.make_staff(role, office)
            if role == "HANDLER":
                institutions.make_practitioner(office, account_id=account.pk, name="孙示例", kind="VILLAGE_ADVISER")
        yield world


def accepted(world, service, answers):
    """An order that the adviser has accepted."""
    number = file(world, service=service, answers=answers)
    do(SYSTEM, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("office"))
    do(world.head, number, "sign")
    do(world.head, number, "assign", handler=world.handler_token("office", "adviser"))
    do(world.adviser, number, "accept")
    return number


def running(number):
    return {c.limit_id for c in orders.clocks(SYSTEM, number) if c.state == "RUNNING"}


def test_a_talk_is_arranged_held_and_recorded(world):
    number = accepted(world, "LEGAL_EDU_LECTURE", TALK)
    assert "OU-01" in running(number)
    plan = {"on": "2026-10-20", "time": "9:00–10:30", "place": "线上", "who": "孙示例"}
    with pytest.raises(Invalid) as refusal:
        do(world.adviser, number, "arrange", **{**plan, "on": "2026-09-01"})
    assert set(refusal.value.fields) == {"on"}
    with pytest.raises(RefusedByRule):
        do(world.adviser, number, "send_reminder", authority="示例", sent_on=clock.today().isoformat(), text="提示")
    do(world.adviser, number, "arrange", **plan)
    assert "OU-01" not in running(number)
    with clock.at(NOON + timedelta(days=23)):
        with pytest.raises(WrongState):
            do(world.adviser, number, "complete", result="ANSWERED", text="讲完了")
        do(world.adviser, number, "record_event", held_on="2026-10-20", hours=2, people=45, text="讲了养老诈骗")
        do(world.adviser, number, "note_contact", reached=True, text="反馈很好")
        do(world.adviser, number, "complete", result="ANSWERED", text="已开讲，45 人参加")
        do(world.second, number, "approve")
    assert orders.get(world.citizen, number).state == "DONE"


def test_a_villages_rules_are_reviewed_with_the_article_that_decides(world):
    number = accepted(world, "VILLAGE_ADVISER_REVIEW", RULES)
    said = {"findings": "第三条剥夺外嫁女权利", "text": "删去第三条", "articles": "村规民约不能违法"}
    with pytest.raises(Invalid) as refusal:
        do(world.adviser, number, "review_text", **said)
    assert set(refusal.value.fields) == {"articles"}
    do(world.adviser, number, "review_text", **{**said, "articles": "《村民委员会组织法》第二十七条"})
    assert orders.get(world.citizen, number).inner == "ANSWERED"


def test_a_body_is_reminded_and_its_reply_recorded_after_the_archive(world):
    number = accepted(world, "PUBLICITY_REMINDER", REMINDER)
    with pytest.raises(RefusedByRule):
        do(world.adviser, number, "record_event", held_on=clock.today().isoformat(), hours=1, people=1, text="x")
    do(world.adviser, number, "send_reminder", authority="示例区某局", sent_on=clock.today().isoformat(), text="更正")
    do(world.adviser, number, "note_contact", reached=True, text="已告知")
    do(world.adviser, number, "complete", result="ANSWERED", text="已发提示")
    do(world.second, number, "approve")
    do(world.supervisor, number, "close")
    do(world.adviser, number, "record_reply", answered_on=clock.today().isoformat(), text="已更正")
