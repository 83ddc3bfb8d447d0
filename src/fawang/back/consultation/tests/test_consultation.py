"""Legal consultation from the question to the archive, what is refused on the way, and its limits (services.md §1)."""

from datetime import timedelta

import pytest

from fawang.back.consultation.rules import CITATION
from fawang.base.catalogue import selectors as catalogue
from fawang.base.notifications.models import Message
from fawang.base.workorders import selectors, services
from fawang.base.workorders.errors import NoSuchOrder, NotYours, WrongState
from fawang.base.workorders.models import Clock
from fawang.base.workorders.tests.factories import QUESTION, do, file, filing
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.outbox.services import drain

OPINION = {
    "facts": "老板三个月没有发工资", "text": "可以先投诉，再申请劳动仲裁。", "articles": "《劳动合同法》第八十二条\n《劳动争议调解仲裁法》第二十七条",
    "path": "arbitration", "evidence": "工资条、考勤记录、聊天记录", "limitation": "劳动仲裁时效一年",
}  # fmt: skip
STORIES = {
    "CONSULT_MESSAGE": QUESTION,
    "GENERAL_DEMAND": {"story": "不知道该找谁，老板不发工资", "area": "510107", "domain": "D03"},
}
COURSE = ("TO_DISPATCH", "DISPATCHED", "SIGNED", "ASSIGNED", "HANDLING", "contacted", "ANSWERED", "DONE", "CLOSED")


def drive(world, until, *, service="CONSULT_MESSAGE", **answers):
    """A demand through its ordinary course."""
    number = file(world, service=service, answers={**STORIES[service], **answers})
    steps = (
        (world.clerk, "queue", {}), (world.dispatcher, "dispatch", {"unit": world.token("firm")}),
        (world.firm_liaison, "sign", {}), (world.firm_liaison, "assign", {"handler": world.handler_token("firm", "lawyer")}),
        (world.lawyer, "accept", {}), (world.lawyer, "note_contact", {"reached": True, "text": "电话核对事实"}),
        (world.lawyer, "give_opinion", OPINION), (world.lawyer, "complete", {"result": "ANSWERED", "text": "见意见书"}),
        (world.supervisor, "close", {}),
    )  # fmt: skip
    for name, (actor, action, data) in zip(COURSE, steps, strict=True):
        services.perform(actor=actor, order=number, action=action, data=data)
        if name == until:
            break
    return number


def state(number):
    view = selectors.get(services.system("test"), number)
    return view.state, view.inner


def clock_of(number, limit):
    return Clock.objects.filter(order__number=number, limit_id=limit).latest("id")


@pytest.mark.parametrize("service", sorted(STORIES))
def test_a_question_is_answered_told_rated_and_archived(world, service):
    number = drive(world, "ANSWERED", service=service)
    assert state(number) == ("HANDLING", "ANSWERED")
    do(world.lawyer, number, "complete", result="ANSWERED", text="见意见书")
    # results of this line are read in samples: the system lets them pass, and tells
    assert state(number) == ("DONE", "ANSWERED")
    do(world.citizen, number, "rate", grade="5", text="很清楚")
    do(world.supervisor, number, "close")
    assert state(number) == ("CLOSED", "ANSWERED")
    drain()
    assert {"opinion_ready", "result_delivered"} <= set(Message.objects.values_list("template", flat=True))


def test_the_person_reads_the_whole_opinion_and_nothing_internal(world):
    number = drive(world, "ANSWERED")
    do(world.lawyer, number, "complete", result="ANSWERED", text="见意见书", internal="当事人情绪激动")
    steps = {step.action: step for step in selectors.timeline(world.citizen, number)}
    assert steps["give_opinion"].data == OPINION
    assert [q.id for q in steps["give_opinion"].asked][:3] == ["facts", "text", "articles"]
    assert "当事人情绪激动" not in str(list(steps.values()))


def test_a_follow_up_is_asked_answered_in_a_working_day_and_only_after_an_opinion(world):
    number = drive(world, "contacted")
    with pytest.raises(WrongState):
        do(world.citizen, number, "ask_follow_up", text="还有一个问题")
    do(world.lawyer, number, "give_opinion", **OPINION)
    do(world.citizen, number, "ask_follow_up", text="公司注销了怎么办")
    assert state(number) == ("HANDLING", "FOLLOWED_UP")
    with pytest.raises(WrongState):
        do(world.lawyer, number, "complete", result="ANSWERED", text="见意见书")
    assert (clock_of(number, "CO-03").value, clock_of(number, "CO-03").unit) == (1, "WD")
    with clock.at(clock_of(number, "CO-03").due_at):
        drain()
    assert clock_of(number, "CO-03").breached_at is not None
    do(world.lawyer, number, "give_opinion", **OPINION)
    assert clock_of(number, "CO-03").state == "MET"
    do(world.lawyer, number, "complete", result="ANSWERED", text="见意见书")


def test_who_may_not_and_when_not(world):
    number = drive(world, "contacted")
    for actor, refusal in ((world.citizen, NotYours), (world.firm_liaison, NotYours), (world.partner_lawyer, NotYours),
                           (world.other_citizen, NoSuchOrder), (world.mediator, NoSuchOrder)):  # fmt: skip
        with pytest.raises(refusal):
            do(actor, number, "give_opinion", **OPINION)
    with pytest.raises(NotYours):
        do(world.lawyer, number, "ask_follow_up", text="x")
    with pytest.raises(WrongState):
        do(world.lawyer, number, "complete", result="ANSWERED", text="没有意见就办结")
    early = drive(world, "ASSIGNED")
    with pytest.raises(WrongState):
        do(world.lawyer, early, "give_opinion", **OPINION)
    do(world.lawyer, number, "give_opinion", **OPINION)
    with pytest.raises(WrongState):
        do(world.lawyer, number, "give_opinion", **OPINION)  # nothing new was asked


@pytest.mark.parametrize("field", ["facts", "text", "articles", "path"])
def test_an_opinion_says_facts_analysis_articles_and_path(world, field):
    number = drive(world, "contacted")
    with pytest.raises(Invalid) as refusal:
        do(world.lawyer, number, "give_opinion", **{**OPINION, field: ""})
    assert field in refusal.value.fields


@pytest.mark.parametrize(
    "articles",
    [
        "《劳动合同法》第八十二条",
        "劳动法第50条第一款",
        "民法典第1062条",
        "刑法第二十条",
        "《民法典》 第一百八十八条",
        "依据工伤保险条例第十七条",
    ],
)
def test_a_law_with_its_article_is_a_citation(articles):
    assert CITATION.search(articles)


@pytest.mark.parametrize(
    "articles", ["有关法律规定", "《劳动合同法》", "第八十二条", "法第", "" + "民" * 5000, "《》第一条"]
)
def test_anything_else_is_none_and_is_refused(world, articles):
    assert not CITATION.search(articles)
    if articles and len(articles) < 100:
        number = drive(world, "contacted")
        with pytest.raises(Invalid) as refusal:
            do(world.lawyer, number, "give_opinion", **{**OPINION, "articles": articles})
        assert set(refusal.value.fields) == {"articles"}


@pytest.mark.parametrize(
    ("service", "urgency", "span"),
    [
        ("CONSULT_MESSAGE", "U1", (1, "HOUR")), ("CONSULT_MESSAGE", "U2", (1, "WD")), ("CONSULT_MESSAGE", "U3", (3, "WD")),
        ("CONSULT_MESSAGE", "U4", (5, "WD")), ("GENERAL_DEMAND", "U2", (3, "WD")), ("GENERAL_DEMAND", "U3", (5, "WD")),
        ("GENERAL_DEMAND", "U4", (15, "WD")),
    ],
)  # fmt: skip
def test_the_time_to_answer_is_that_of_the_standard(service, urgency, span, world):
    item = catalogue.item(service)
    limits = {limit.id: limit for limit in [*item.process.limits, *item.item.limits]}
    length = limits["CO-05"].length(urgency)
    assert (length.value, length.unit) == span


def test_the_clock_starts_at_the_question_pauses_for_the_person_and_ends_with_the_opinion(world):
    number = drive(world, "contacted")
    begun = clock_of(number, "CO-05")
    assert begun.started_at == selectors.get(world.lawyer, number).submitted_at
    do(world.lawyer, number, "request_supplement", items="劳动合同")
    assert clock_of(number, "CO-05").state == "PAUSED"
    clock.advance(timedelta(days=11))
    do(world.citizen, number, "reply_supplement", reply="见附件")
    assert clock_of(number, "CO-05").due_at > begun.due_at
    do(world.lawyer, number, "ask_extension", reason="要查旧规定")
    do(world.partner_lawyer, number, "approve_extension")
    with pytest.raises(RefusedByRule):
        do(world.lawyer, number, "ask_extension", reason="再要")
    do(world.lawyer, number, "give_opinion", **OPINION)
    assert (clock_of(number, "CO-05").state, clock_of(number, "CO-05").breached_at) == ("MET", None)


def test_what_is_asked_again_after_the_end_is_answered_within_the_same_time(world):
    number = drive(world, "DONE")
    do(world.citizen, number, "reopen", reason="老板又说没钱")
    assert (clock_of(number, "CO-05").state, clock_of(number, "CO-05").value) == ("RUNNING", 3)
    refused = drive(world, "TO_DISPATCH")
    do(world.dispatcher, refused, "refuse", reason="RJ06", text="不属于法律服务", remedy="可以拨打 12345")
    assert clock_of(refused, "CO-05").state == "MET"
    do(world.citizen, refused, "object", text="这是工资问题")
    assert clock_of(refused, "CO-05").state == "RUNNING"


def test_a_general_demand_goes_to_a_person_and_on_to_the_service_it_needs(world):
    number = drive(world, "TO_DISPATCH", service="GENERAL_DEMAND")
    assert catalogue.item("GENERAL_DEMAND").item.dispatch == "MANUAL"
    do(world.dispatcher, number, "reclassify", service_code="CONSULT_MESSAGE", reason="是劳动咨询")
    view = selectors.get(world.dispatcher, number)
    assert (view.service_code, view.state) == ("CONSULT_MESSAGE", "TO_DISPATCH")
    assert clock_of(number, "CO-05").value == 3


def test_a_question_may_be_asked_without_a_name(world):
    desk = filing(
        world.citizen, service="CONSULT_MESSAGE", applicant_id=None, applicant_kind="ANONYMOUS", is_registered=True
    )
    number = services.file(actor=world.clerk, filing=desk).number
    do(world.clerk, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("firm"))
    do(world.lawyer, number, "sign")
    do(world.lawyer, number, "take")
    do(world.lawyer, number, "accept")
    do(world.lawyer, number, "give_opinion", **OPINION)
    do(world.lawyer, number, "complete", result="ANSWERED", text="见意见书")  # there is nobody to reach first
    drain()
    assert not Message.objects.filter(order_ref=number, party_id__isnull=False).exists()


FORMS = {
    "CONSULT_INSTANT": {"medium": "chat"},
    "CONSULT_BOOKED": {"medium": "face", "wanted_at": "2026-10-09T14:00+08:00"},
    "CONSULT_BOT": {},
    "CONSULT_COUNTER": {},
}
FORM_ANSWERS = {"pressing": "none", "domain": "D03", "story": "老板三个月没发工资", "area": "510107"}


@pytest.mark.parametrize("service", sorted(FORMS))
@pytest.mark.parametrize(
    ("answers", "urgency"),
    [
        ({"pressing": "none"}, "U3"),
        ({"pressing": "danger"}, "U1"),
        ({"pressing": "detained"}, "U2"),
        ({"pressing": "wages"}, "U2"),
        ({"pressing": "deadline", "last_day": "2026-09-28"}, "U1"),
        ({"pressing": "deadline", "last_day": "2026-10-04"}, "U2"),
        ({"pressing": "deadline", "last_day": "2026-10-05"}, "U3"),
    ],
)
def test_every_form_asks_what_cannot_wait_and_is_as_urgent_as_the_answer(world, service, answers, urgency):
    number = file(world, service=service, answers={**FORM_ANSWERS, **FORMS[service], **answers})
    assert selectors.get(world.citizen, number).urgency == urgency


def test_who_asks_at_once_gets_a_first_response_within_three_minutes_from_a_person(world):
    for service in ("CONSULT_INSTANT", "CONSULT_BOT"):
        number = file(world, service=service, answers={**FORM_ANSWERS, **FORMS[service]})
        first = clock_of(number, "CO-01")
        assert first.due_at - first.started_at == timedelta(minutes=3)
        do(world.clerk, number, "queue")
        do(world.dispatcher, number, "dispatch", unit=world.token("firm"))
        do(world.lawyer, number, "note_contact", reached=True, text="律师已接通")
        assert clock_of(number, "CO-01").state == "MET"
    assert catalogue_item("CONSULT_BOT").is_example
    assert "值班律师" in catalogue_item("CONSULT_BOT").guide.steps.zh


def test_an_appointment_is_agreed_and_told(world):
    number = file(world, service="CONSULT_BOOKED", answers={**FORM_ANSWERS, **FORMS["CONSULT_BOOKED"]})
    do(world.clerk, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("firm"))
    do(world.lawyer, number, "sign")
    do(world.lawyer, number, "take")
    with pytest.raises(WrongState):
        do(world.lawyer, number, "agree_time", start="2026-10-09T15:00+08:00", text="武侯中心 2 号窗口")
    do(world.lawyer, number, "accept")
    do(world.lawyer, number, "agree_time", start="2026-10-09T15:00+08:00", text="武侯中心 2 号窗口")
    drain()
    assert Message.objects.filter(order_ref=number, template="progress_reported").exists()
    assert "2 号窗口" in str(selectors.timeline(world.citizen, number))


def test_it_is_free_without_a_means_test_and_names_legal_aid():
    for code in STORIES:
        guide = catalogue_item(code).guide
        assert guide.fees.zh == "免费。"
    assert "法律援助" in catalogue_item("CONSULT_MESSAGE").guide.conditions.zh


def catalogue_item(code):
    from fawang.base.catalogue import loader

    return loader.read().items[code]
