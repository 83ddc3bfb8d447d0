"""Legal aid from the application to the reviewed file: its limits, decisions, objections, and what the law refuses."""

from datetime import datetime, timedelta

import pytest

from fawang.back.casework import selectors as casework
from fawang.base.catalogue import selectors as catalogue
from fawang.base.notifications.models import Message
from fawang.base.workorders import selectors, services
from fawang.base.workorders.errors import KindNotServed, NoSuchOrder, NotYours, WrongState
from fawang.base.workorders.models import Clock
from fawang.base.workorders.tests.factories import SYSTEM, do, file, filing
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.outbox.services import drain
from fawang.kernel.policy import Actor

WAGES = {
    "matter": "wages", "story": "老板欠我三个月工资不给", "employer_name": "示例建筑公司",
    "work_period": {"from": "2026-03-01", "to": "2026-05-31"}, "amount": "27000", "worker_count": 1,
    "proof_kinds": ["chat"], "proceedings": "none", "has_lawyer": "no", "is_migrant": "yes", "area": "510107",
}  # fmt: skip
NOTICE = {
    "notice_no": "示例通辩〔2026〕1号", "case_number": "示例刑字1号", "person_name": "沈示例", "charge": "故意杀人", "stage": "trial",
    "art25": "life_death", "found_on": "2026-09-27", "contact": "蒋示例", "contact_phone": "13800000001", "area": "510107",
}  # fmt: skip
GRANT = {"decision_no": "示例援决1号", "form": "labour", "text": "代理追索劳动报酬的仲裁"}
DENY = {"decision_no": "示例不予1号", "ground": "means", "text": "收入超过标准", "remedy": "五日内可以提出异议"}
LAWYER = {
    "role": "agent", "firm": "示例律师事务所", "lawyer": "钱示例", "licence_no": "15101201510000001", "years": 2,
    "letter_no": "示例指派1号", "internal_conflict": "none",
}  # fmt: skip
NO_CONFLICT = {"internal_conflict": "none"}


def at(month, day, hour=10):
    return datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI)


def end_of(month, day):
    return at(month, day, 0) + timedelta(days=1)


def clock_of(number, limit):
    return Clock.objects.filter(order__number=number, limit_id=limit).latest("id")


def state(number):
    view = selectors.get(SYSTEM, number)
    return view.state, view.inner


def told(number):
    drain()
    return set(Message.objects.filter(order_ref=number).values_list("template", flat=True))


def assigned(aid, number):
    """Through dispatch to the officer of the centre."""
    if state(number)[0] == "SUBMITTED":
        do(SYSTEM, number, "queue")
    do(aid.dispatcher, number, "dispatch", unit=aid.token("aid_centre"), mode="APPOINTED")
    do(aid.aid_liaison, number, "sign")
    do(aid.aid_liaison, number, "assign", handler=aid.handler_token("aid_centre", "officer"))
    return number


def accepted(aid, service="LEGAL_AID_LABOUR", answers=WAGES, **more):
    number = assigned(aid, file(aid, service=service, answers=answers, **more))
    do(aid.officer, number, "accept", **NO_CONFLICT)
    return number


def examined(aid):
    number = accepted(aid)
    do(aid.officer, number, "check_papers", text="身份证、聊天记录、考勤")
    do(aid.officer, number, "confirm_means", how="exempt", proof="户籍信息：农业户口，进城务工")
    return number


def granted(aid):
    number = examined(aid)
    do(aid.leader, number, "grant", **GRANT)
    return number


# --- the unpaid wages, from the story to the reviewed file ---------------------------------------------------------------
def test_unpaid_wages_from_the_story_to_the_reviewed_file(aid):
    assert catalogue.search("老板欠我三个月工资不给")[0].code == "LEGAL_AID_LABOUR"
    number = granted(aid)
    view = selectors.get(aid.officer, number)
    assert (view.domain, view.urgency, view.title[:6]) == ("D0301", "U3", "示例建筑公司")
    assert clock_of(number, "LA-01").state == "MET"
    assert clock_of(number, "LA-02").due_at == end_of(10, 8)  # 1 October is a holiday: the next working day
    do(aid.officer, number, "appoint", **LAWYER)
    assert clock_of(number, "LA-02").state == "MET"
    assert clock_of(number, "LA-10").due_at == end_of(10, 8)
    assert clock_of(number, "LA-11").due_at == end_of(10, 10)  # a make-up Saturday counts
    do(aid.officer, number, "record_meeting", met_on="2026-09-28", way="face", internal="工友愿意作证")
    do(aid.officer, number, "sign_agreement", signed_on="2026-09-28", text="代理仲裁")
    do(aid.officer, number, "report_progress", text="仲裁委已受理", next_on="2026-11-05")
    clock.move_to(at(11, 20))
    do(aid.officer, number, "close_case", closed_on="2026-11-18", how="award", text="全部支持", gained="27000")
    assert clock_of(number, "LA-08").due_at == end_of(12, 18)  # from the day of closing, not of its record
    do(aid.officer, number, "note_contact", reached=True, text="告知结果")
    do(aid.officer, number, "complete", result="GRANTED", text="仲裁裁决支付 27000 元")
    do(aid.leader, number, "approve")
    do(aid.supervisor, number, "close")
    do(aid.officer, number, "submit_file", internal="卷宗一册")
    assert clock_of(number, "LA-09").due_at == end_of(12, 21)  # 20 December is a Sunday
    do(
        aid.leader,
        number,
        "review_file",
        internal_grade="good",
        internal_allowance="1500",
        internal_paid_on="2026-11-25",
    )
    assert state(number) == ("CLOSED", "REVIEWED")
    assert {"aid_granted", "progress_reported", "result_delivered"} <= told(number)
    people = str(selectors.timeline(aid.citizen, number))
    assert "钱示例" in people
    assert "全部支持" in people
    assert not any(word in people for word in ("工友愿意作证", "150000", "卷宗一册", "internal_conflict"))


def test_ten_workers_and_more_are_urgent_and_name_their_representatives(aid):
    group = {**WAGES, "worker_count": 12, "representatives": [{"name": "郑示例", "phone": "13800000001"}]}
    number = file(aid, service="LEGAL_AID_LABOUR", answers=group)
    view = selectors.get(aid.citizen, number)
    assert (view.urgency, view.answers["representatives"][0]["name"]) == ("U2", "郑示例")
    alone = file(aid, service="LEGAL_AID_LABOUR", answers={**group, "worker_count": 9})
    assert "representatives" not in selectors.get(aid.citizen, alone).answers


def test_the_decision_is_made_by_a_second_person_after_the_examination(aid):
    number = accepted(aid)
    for action, data in (("grant", GRANT), ("appoint", LAWYER)):
        with pytest.raises(WrongState):
            do(aid.leader if action == "grant" else aid.officer, number, action, **data)
    with pytest.raises(Invalid) as wrong:
        do(aid.officer, number, "check_papers", text="齐全")
        do(aid.officer, number, "confirm_means", how="exempt")
    assert set(wrong.value.fields) == {"proof"}
    do(aid.officer, number, "confirm_means", how="pledge")
    for actor in (aid.officer, aid.citizen):
        with pytest.raises(NotYours):
            do(actor, number, "grant", **GRANT)
    do(aid.leader, number, "grant", **GRANT)


def test_a_conflict_of_interest_stops_examiner_and_lawyer(aid):
    number = assigned(aid, file(aid, service="LEGAL_AID_LABOUR", answers=WAGES))
    with pytest.raises(Invalid):
        do(aid.officer, number, "accept", internal_conflict="found")
    assert state(number)[0] == "ASSIGNED"
    second = granted(aid)
    with pytest.raises(Invalid):
        do(aid.officer, second, "appoint", **{**LAWYER, "internal_conflict": "found"})


def test_supplements_stop_the_seven_days_and_silence_withdraws_the_application(aid):
    number = accepted(aid)
    do(aid.officer, number, "request_supplement", items="工资约定的证据", days=10)
    assert clock_of(number, "LA-01").state == "PAUSED"
    with pytest.raises(RefusedByRule):
        do(aid.officer, number, "deem_withdrawn", text="逾期")
    clock.move_to(at(10, 10))
    do(aid.officer, number, "deem_withdrawn", text="逾期没有补充")
    assert state(number)[0] == "WITHDRAWN"
    assert clock_of(number, "LA-01").state == "MET"


def test_the_decisions_are_papers_to_print_and_a_notice_gets_a_reply(aid):
    number = granted(aid)
    do(aid.officer, number, "appoint", **LAWYER)
    refused, defended = denied(aid), noticed(aid)
    do(aid.officer, defended, "accept", **NO_CONFLICT)
    do(aid.officer, defended, "take_notice")
    do(aid.officer, defended, "appoint", **{**LAWYER, "role": "notified", "years": 8})
    titles = {"给予法律援助决定书", "指派通知书", "不予法律援助决定书", "指派律师的回函"}
    found = set()
    for reference, reader in ((number, aid.citizen), (refused, aid.citizen), (defended, aid.officer)):
        view, steps = selectors.get(reader, reference), selectors.timeline(reader, reference)
        found |= {paper.title.zh for paper in casework.of_order(view, steps)}
    assert found == titles


# --- advance aid, art. 44 -----------------------------------------------------------------------------------------------
def test_with_fewer_than_seven_days_aid_comes_before_the_papers(aid):
    number = accepted(aid)
    for last_day, field in (("2026-10-05", "last_day"), ("2026-09-20", "last_day"), (None, "last_day")):
        data = {"why": "deadline", "text": "补户籍信息", **({"last_day": last_day} if last_day else {})}
        with pytest.raises(Invalid) as wrong:
            do(aid.leader, number, "grant_ahead", **data)
        assert set(wrong.value.fields) == {field}
    do(aid.leader, number, "grant_ahead", why="deadline", last_day="2026-10-04", text="补户籍信息")
    assert state(number) == ("HANDLING", "GRANTED")
    assert (clock_of(number, "LA-12").duty, clock_of(number, "LA-12").due_at) == ("citizen", end_of(10, 13))
    do(aid.officer, number, "record_later_papers", text="户籍信息已查到")
    with pytest.raises(RefusedByRule):
        do(aid.officer, number, "record_later_papers", text="再来一次")
    with pytest.raises(RefusedByRule):
        do(aid.officer, granted(aid), "record_later_papers", text="没有先行援助")


# --- refusal, termination, objection (art. 48, 49) -------------------------------------------------------------------------
def denied(aid):
    number = accepted(aid)
    do(aid.officer, number, "check_papers", text="齐全")
    do(aid.officer, number, "fail_means", text="人均三千元")
    do(aid.leader, number, "deny", **DENY)
    return number


def test_an_objection_is_reviewed_by_the_justice_department_before_anybody_decides_again(aid):
    number = denied(aid)
    assert state(number)[0] == "REJECTED"
    assert "order_refused" in told(number)
    do(aid.citizen, number, "object", text="收入算错了")
    assert clock_of(number, "LA-05").due_at == end_of(10, 8)
    assigned(aid, number)
    with pytest.raises(RefusedByRule):
        do(aid.officer, number, "accept", **NO_CONFLICT)
    with pytest.raises(RefusedByRule):
        do(aid.officer, number, "refuse", reason="RJ04", text="不予", remedy="诉讼")
    with pytest.raises(NotYours):
        do(aid.leader, number, "overturn_refusal", text="应当给予")
    do(aid.justice, number, "overturn_refusal", text="收入确实算错，责令给予援助")
    assert (clock_of(number, "LA-05").state, clock_of(number, "LA-01").state) == ("MET", "RUNNING")
    do(aid.officer, number, "accept", **NO_CONFLICT)
    assert state(number) == ("HANDLING", "RECEIVED")
    with pytest.raises(RefusedByRule):
        do(aid.justice, assigned(aid, file(aid, service="LEGAL_AID_LABOUR", answers=WAGES)), "uphold_decision",
           text="没有异议", remedy="无")  # fmt: skip


def test_a_refusal_that_stands_is_refused_again_with_reconsideration_and_suit(aid):
    number = denied(aid)
    do(aid.citizen, number, "object", text="不同意")
    do(aid.justice, number, "uphold_decision", text="决定正确", remedy="可以申请行政复议或者起诉")
    do(aid.dispatcher, number, "refuse", reason="RJ04", text="维持不予决定", remedy="行政复议或者起诉")
    with pytest.raises(RefusedByRule):
        do(aid.citizen, number, "object", text="还是不同意")


def test_a_termination_names_its_ground_and_is_objected_to_once(aid):
    number = granted(aid)
    do(aid.officer, number, "appoint", **LAWYER)
    with pytest.raises(Invalid) as wrong:
        do(aid.officer, number, "terminate", text="x", remedy="x")
    assert set(wrong.value.fields) == {"ground"}
    do(aid.officer, number, "terminate", ground="lawyer", text="自行请了律师", remedy="可以提出异议")
    assert clock_of(number, "LA-10").state == "MET"
    clock.move_to(at(9, 29))
    do(aid.citizen, number, "contest_termination", text="没有请律师")
    assert (clock_of(number, "LA-05").state, clock_of(number, "LA-05").due_at) == ("RUNNING", end_of(10, 8))
    do(aid.justice, number, "overturn_termination", text="没有委托律师，继续援助")
    assert state(number) == ("HANDLING", "APPOINTED")
    do(aid.officer, number, "terminate", ground="asked", text="本人要求", remedy="可以提出异议")
    with pytest.raises(RefusedByRule):
        do(aid.citizen, number, "contest_termination", text="反悔了")


def test_aid_that_was_not_granted_is_denied_and_not_terminated(aid):
    number = accepted(aid)
    with pytest.raises(WrongState):
        do(aid.officer, number, "terminate", ground="other", text="x", remedy="x")


def test_the_person_asks_for_another_lawyer_and_gets_one(aid):
    number = granted(aid)
    do(aid.officer, number, "appoint", **LAWYER)
    do(aid.citizen, number, "ask_replacement", text="两个月没联系我")
    do(aid.officer, number, "answer_replacement", agrees=True, text="同意更换")
    do(aid.officer, number, "appoint", **{**LAWYER, "lawyer": "冯示例", "text": "原律师没有尽责"})
    assert {"request_arrived", "progress_reported"} <= told(number)
    assert "冯示例" in str(selectors.timeline(aid.citizen, number))


def test_a_law_firm_takes_part_and_reports_itself(aid):
    number = granted(aid)
    do(aid.officer, number, "appoint", **LAWYER)
    with pytest.raises(NoSuchOrder):
        do(aid.lawyer, number, "report_progress", text="x")
    do(aid.officer, number, "ask_cohandling", units=aid.token("firm"), text="承办本案")
    do(aid.lawyer, number, "sign_agreement", signed_on="2026-09-28", text="代理仲裁")
    do(aid.lawyer, number, "report_progress", text="已提交仲裁申请")
    do(aid.lawyer, number, "close_case", closed_on="2026-09-28", how="settled", text="和解，当场付清")
    do(aid.lawyer, number, "reply_cohandling", text="案卷另交")
    assert state(number) == ("HANDLING", "CASE_CLOSED")


# --- notified defence (art. 25, 26, 36) -------------------------------------------------------------------------------------
def noticed(aid, **answers):
    court = Actor(ref="partner:court", roles=frozenset({"PARTNER_COURT"}))
    demand = filing(
        court, service="LEGAL_AID_CRIM_NOTIFY_COURT", answers={**NOTICE, **answers}, channel="51",
        applicant_id=None, applicant_kind="AGENCY", is_registered=True,
    )  # fmt: skip
    return assigned(aid, services.file(actor=court, filing=demand).number)


def test_a_notice_is_acted_on_within_three_days_by_an_experienced_lawyer(aid):
    number = noticed(aid)
    assert not Clock.objects.filter(order__number=number, limit_id="LA-01").exists()
    assert clock_of(number, "LA-04").due_at == end_of(10, 8)
    with pytest.raises(RefusedByRule):
        do(aid.officer, number, "refuse", reason="RJ06", text="x", remedy="x")
    do(aid.officer, number, "accept", **NO_CONFLICT)
    for actor, action, data in ((aid.leader, "deny", DENY), (aid.officer, "check_papers", {"text": "x"})):
        with pytest.raises(RefusedByRule):
            do(actor, number, action, **data)
    do(aid.officer, number, "take_notice")
    with pytest.raises(Invalid) as wrong:
        do(aid.officer, number, "appoint", **{**LAWYER, "role": "notified"})
    assert set(wrong.value.fields) == {"years"}
    do(aid.officer, number, "appoint", **{**LAWYER, "role": "notified", "years": 3})
    assert clock_of(number, "LA-04").state == "MET"
    assert not Clock.objects.filter(order__number=number, limit_id="LA-10").exists()
    do(aid.officer, number, "record_meeting", met_on="2026-09-28", way="custody")
    do(aid.officer, number, "close_case", closed_on="2026-09-28", how="judgment", text="判处有期徒刑")
    assert state(number) == ("HANDLING", "CASE_CLOSED")


def test_a_minor_may_have_a_younger_lawyer_and_an_application_is_no_notice(aid):
    number = noticed(aid, art25="minor", person_birth="2010-01-01", charge="盗窃")
    do(aid.officer, number, "accept", **NO_CONFLICT)
    do(aid.officer, number, "take_notice")
    do(aid.officer, number, "appoint", **{**LAWYER, "role": "notified", "years": 1})
    with pytest.raises(RefusedByRule):
        do(aid.officer, accepted(aid), "take_notice")


def test_only_authorities_notify_and_only_over_their_channels(aid):
    with pytest.raises(KindNotServed):
        file(aid, service="LEGAL_AID_CRIM_NOTIFY_COURT", answers=NOTICE, channel="51")
    with pytest.raises(KindNotServed):
        file(aid, service="LEGAL_AID_CRIM_NOTIFY_COURT", answers=NOTICE, applicant_kind="AGENCY", channel="01")


# --- duty lawyer and drafting -------------------------------------------------------------------------------------------------
def test_the_duty_lawyer_helps_and_what_was_said_stays_confidential(aid):
    answers = {
        "place_kind": "detention", "place": "示例看守所", "person_name": "朱示例", "has_defender": "no",
        "stage": "investigation", "kinds": ["bail"], "area": "510107",
    }  # fmt: skip
    number = assigned(aid, file(aid, service="DUTY_LAWYER", answers=answers))
    do(aid.officer, number, "accept")
    with pytest.raises(WrongState):
        do(aid.officer, number, "complete", result="EXPLAINED", text="已帮助")
    do(aid.officer, number, "record_help", helped_on="2026-09-28", kinds=["bail", "consult"], told_rights=True,
       internal="当事人说了案情")  # fmt: skip
    do(aid.officer, number, "note_contact", reached=True, text="当面")
    do(aid.officer, number, "complete", result="EXPLAINED", text="已帮助申请变更强制措施")
    assert state(number) == ("DONE", "HELPED")
    assert "当事人说了案情" not in str(selectors.timeline(aid.citizen, number))


def test_a_paper_is_drafted_changed_and_confirmed(aid):
    answers = {
        "in_danger": "yes", "story": "上周又动手打了我", "other_name": "吕示例", "relation": "spouse",
        "measures": ["no_violence"], "records": ["police"], "cannot_pay": "yes", "area": "510107",
    }  # fmt: skip
    number = assigned(aid, file(aid, service="DOC_DRAFT_PROTECTION", answers=answers))
    assert selectors.get(aid.officer, number).urgency == "U1"
    assert clock_of(number, "CO-05").due_at == end_of(9, 29)
    do(aid.officer, number, "accept")
    do(aid.officer, number, "give_draft", text="人身安全保护令申请书……", advice="交给武侯区人民法院")
    do(aid.citizen, number, "ask_change", text="地址写错了")
    assert clock_of(number, "CO-05").state == "RUNNING"
    do(aid.officer, number, "give_draft", text="人身安全保护令申请书（改）……", advice="交给武侯区人民法院")
    do(aid.citizen, number, "confirm_draft")
    do(aid.officer, number, "note_contact", reached=True, text="电话")
    do(aid.officer, number, "complete", result="ISSUED", text="已写好")
    assert state(number) == ("DONE", "CONFIRMED")


@pytest.mark.parametrize(
    ("service", "story"),
    [
        ("LEGAL_AID_LABOUR", "包工头欠薪跑了，十几个农民工的血汗钱"),
        ("LEGAL_AID_CRIM_APPLY", "儿子被拘留关在看守所，没钱请辩护"),
        ("DOC_DRAFT_PROTECTION", "老公打我，想申请保护令"),
        ("DOC_DRAFT_PAYMENT", "他打了借条欠钱不还，能申请支付令吗"),
        ("LEGAL_AID_CIVIL", "没钱打官司，儿子不养老人，想要赡养费，有没有免费律师"),
    ],
)
def test_a_story_finds_its_service(aid, service, story):
    assert service in [found.code for found in catalogue.search(story)]
