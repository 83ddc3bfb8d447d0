"""People's mediation from the application to the watch over performance, and what the law refuses (services.md §3)."""

from datetime import datetime, timedelta

import pytest

from fawang.base.catalogue import loader
from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity import services as identity
from fawang.base.identity.values import PartyData
from fawang.base.notifications.models import Message
from fawang.base.organisations import services as organisations
from fawang.base.workorders import selectors, services
from fawang.base.workorders.errors import NoSuchOrder, NotYours, WrongState
from fawang.base.workorders.models import Clock, ClockEntry, Order
from fawang.base.workorders.tests.factories import ANSWERS, SYSTEM, do, drive, file, filing
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.outbox.services import drain


def at(month, day, hour=10):
    return datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI)


def day(month, number):
    return at(month, number).date().isoformat()


def clock_of(number, limit):
    return Clock.objects.filter(order__number=number, limit_id=limit).latest("id")


def state(number):
    view = selectors.get(SYSTEM, number)
    return view.state, view.inner


def told(number):
    return set(Message.objects.filter(order_ref=number).values_list("template", flat=True))


def agreement(**changes):
    return {
        "form": "written", "party_a": "王示例", "party_b": "李示例", "facts": "楼上水管漏水", "text": "三日内修好，赔偿三千元，转账支付",
        "amount": "3000", "perform_by": day(10, 20), "signed_on": clock.today().isoformat(), **changes,
    }  # fmt: skip


def agreed(world, **changes):
    """An order with an agreement, signed today unless said."""
    number = drive(world, file(world), "session")
    do(world.mediator, number, "reach_agreement", **agreement(**changes))
    return number


def done(world, **changes):
    number = agreed(world, **changes)
    do(world.mediator, number, "complete", result="AGREED", text="达成协议")
    do(world.reviewer, number, "approve")
    return number


# --- the course --------------------------------------------------------------------------------------------------
def test_from_the_application_to_the_performance_and_the_archive(world):
    number = done(world)
    assert state(number) == ("DONE", "AGREED")
    do(world.citizen, number, "rate", grade="5")
    do(world.supervisor, number, "close")
    clock.move_to(at(10, 21))
    do(world.mediator, number, "confirm_performance", performed_on=day(10, 20), text="双方都说已付清")
    assert state(number) == ("CLOSED", "PERFORMED")
    actions = [step.action for step in selectors.timeline(world.citizen, number)]
    assert actions[-4:] == ["deliver", "rate", "close", "confirm_performance"]


def test_several_sessions_are_held_and_their_record_is_for_the_staff(world):
    number = drive(world, file(world), "willing")
    for n in range(3):
        do(world.mediator, number, "hold_session", held_on=day(9, 28), place="调解室", present="双方和社区书记",
           internal=f"第{n}次：王先生愿意让步五百元")  # fmt: skip
    assert state(number) == ("HANDLING", "MEDIATING")
    seen = [step for step in selectors.timeline(world.citizen, number) if step.action == "hold_session"]
    assert len(seen) == 3
    assert seen[0].data == {"held_on": day(9, 28), "place": "调解室", "present": "双方和社区书记"}
    assert "让步" not in str(selectors.timeline(world.citizen, number))
    assert "让步" in str(selectors.timeline(world.mediator, number))


def test_the_parties_read_the_whole_agreement(world):
    number = agreed(world)
    [step] = [s for s in selectors.timeline(world.citizen, number) if s.action == "reach_agreement"]
    assert (step.data["party_b"], step.data["amount"], step.data["perform_by"]) == ("李示例", 300_000, day(10, 20))
    assert {q.id for q in step.asked} == set(step.data)


def test_an_oral_agreement_is_as_good_as_a_written_one(world):
    number = agreed(world, form="oral")
    assert state(number) == ("HANDLING", "AGREED")
    assert clock_of(number, "JC-01").state == "RUNNING"
    do(world.mediator, number, "complete", result="AGREED", text="口头协议")


# --- what the law refuses ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("proceedings", ["court", "mediated"])
def test_what_a_court_or_another_mediator_has_is_not_accepted_but_refused_with_the_way(world, proceedings):
    number = drive(world, file(world, answers={**ANSWERS, "proceedings": proceedings}), "ASSIGNED")
    with pytest.raises(RefusedByRule):
        do(world.mediator, number, "accept")
    do(world.mediator, number, "refuse", reason="RJ01", text="法院已受理", remedy="在诉讼中可以申请法院调解")
    assert state(number)[0] == "REJECTED"


@pytest.mark.parametrize("matter", ["agency", "crime"])
def test_what_only_an_authority_decides_and_a_crime_are_not_mediated(world, matter):
    number = drive(world, file(world), "ASSIGNED")
    with pytest.raises(RefusedByRule):
        do(world.mediator, number, "accept", matter=matter)
    do(world.mediator, number, "accept", matter="civil")


def test_a_clear_refusal_ends_it_and_the_ways_are_told(world):
    number = drive(world, file(world), "HANDLING")
    with pytest.raises(RefusedByRule) as refusal:
        do(world.mediator, number, "ask_will", agrees=False, text="对方明确拒绝")
    assert "第十七条" in refusal.value.text
    assert state(number) == ("HANDLING", "ACCEPTED")
    do(world.mediator, number, "end_mediation", why="refused", text="可以向武侯区法院起诉")
    assert (state(number), clock_of(number, "ME-02").state) == (("HANDLING", "ENDED"), "MET")
    for action, data in (
        ("hold_session", {"held_on": day(9, 28), "place": "x", "internal": "x"}),
        ("reach_agreement", agreement()),
    ):
        with pytest.raises(WrongState):
            do(world.mediator, number, action, **data)
    do(world.mediator, number, "note_contact", reached=True, text="告知途径")
    with pytest.raises(Invalid) as wrong:
        do(world.mediator, number, "complete", result="AGREED", text="成了")
    assert set(wrong.value.fields) == {"result"}
    do(world.mediator, number, "complete", result="NOT_AGREED", text="对方拒绝，可以起诉")
    assert "可以向武侯区法院起诉" in str(selectors.timeline(world.citizen, number))


def test_a_party_may_refuse_at_any_session_and_the_applicant_withdraw(world):
    ended = drive(world, file(world), "session")
    do(world.mediator, ended, "end_mediation", why="unsigned", text="可以起诉")
    assert state(ended) == ("HANDLING", "ENDED")
    withdrawn = drive(world, file(world), "session")
    do(world.citizen, withdrawn, "withdraw", reason="自己谈好了")
    assert state(withdrawn)[0] == "WITHDRAWN"
    assert not Clock.objects.filter(order__number=withdrawn, state__in=["RUNNING", "PAUSED"]).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"party_b": "王示例"}, "party_b"),
        ({"perform_by": "2026-09-27"}, "perform_by"),
        ({"signed_on": "2026-09-29"}, "signed_on"),
        ({"signed_on": "2026-09-01", "perform_by": "2026-09-02"}, "signed_on"),
        ({"text": ""}, "text"),
        ({"facts": ""}, "facts"),
        ({"perform_by": ""}, "perform_by"),
    ],
)
def test_an_agreement_has_two_parties_facts_content_and_days_in_order(world, changes, field):
    number = drive(world, file(world), "session")
    with pytest.raises(Invalid) as refusal:
        do(world.mediator, number, "reach_agreement", **agreement(**changes))
    assert field in refusal.value.fields
    assert state(number) == ("HANDLING", "MEDIATING")


def test_no_step_is_skipped_and_nobody_else_takes_it(world):
    number = drive(world, file(world), "HANDLING")
    today = {"held_on": day(9, 28), "place": "x", "internal": "x"}
    for action, data in (("hold_session", today), ("reach_agreement", agreement()),
                         ("confirm_performance", {"performed_on": day(9, 28)}), ("complete", {"result": "AGREED", "text": "x"})):  # fmt: skip
        with pytest.raises(WrongState):
            do(world.mediator, number, action, **data)
    for actor, refusal in ((world.citizen, NotYours), (world.liaison, NotYours), (world.reviewer, NotYours),
                           (world.lawyer, NoSuchOrder), (world.other_citizen, NoSuchOrder)):  # fmt: skip
        with pytest.raises(refusal):
            do(actor, number, "ask_will", agrees=True, text="愿意")


def test_a_mediator_who_is_a_party_is_not_named(world):
    from fawang.base.identity.models import Account

    mine = identity.take_party(SYSTEM, PartyData(name="承办人本人", phone="13900007777")).id
    Account.objects.filter(pk=world.mediator.account_id).update(party_id=mine)
    at_the_desk = filing(world.citizen, applicant_id=mine, is_registered=True)
    number = drive(world, services.file(actor=world.clerk, filing=at_the_desk).number, "SIGNED")
    with pytest.raises(RefusedByRule) as refusal:
        do(world.liaison, number, "assign", handler=world.handler_token())
    assert "回避" in refusal.value.text
    do(world.liaison, number, "assign", handler=world.handler_token(name="second_mediator"))


def test_danger_is_reported_at_any_time_reaches_the_unit_at_once_and_is_hidden_from_the_parties(world):
    for until in ("SIGNED", "ASSIGNED", "HANDLING", "session", "DONE_REVIEW", "DONE"):
        number = drive(world, file(world), until)
        report = {"internal_to": "武侯区公安分局", "internal": "扬言动刀，已劝离"}
        do(world.liaison, number, "report_danger", **report)
        assert "动刀" not in str(selectors.timeline(world.citizen, number)), until
        assert "report_danger" not in {s.action for s in selectors.timeline(world.citizen, number)}
        assert "动刀" in str(selectors.timeline(world.supervisor, number))
    with clock.at(at(9, 28, 23)):
        drain()
        urgent = Message.objects.get(order_ref=number, template="danger_reported", account_id=world.liaison.account_id)
        assert urgent.is_urgent
        assert urgent.state not in {"QUEUED", "FAILED"}
    with pytest.raises(NotYours):
        do(world.citizen, number, "report_danger", **report)


def test_it_is_free_whoever_asks():
    item = loader.read().items["MEDIATION_PEOPLE"]
    assert item.guide.fees.zh == "不收任何费用。"
    assert "第四条" in item.guide.basis.zh
    process = loader.read().processes["mediation"]
    asked = [q for action in process.actions for q in action.form]
    assert not [q.id for q in [*item.questions, *asked] if "费" in q.zh and "不收" not in q.zh]


# --- limits ------------------------------------------------------------------------------------------------------
def test_the_limits_are_those_of_the_table():
    known = loader.read()
    found = [*known.processes["mediation"].limits, *known.items["MEDIATION_PEOPLE"].limits]
    limits = {limit.id: limit for limit in found}
    assert {name: (limits[name].span.value, limits[name].span.unit) for name in ("ME-01", "ME-02", "ME-15", "JC-01", "WO-REDO")} == {
        "ME-01": (3, "WD"), "ME-02": (1, "MONTH"), "ME-15": (7, "CD"), "JC-01": (30, "CD"), "WO-REDO": (15, "CD"),
    }  # fmt: skip
    assert {name for name, limit in limits.items() if limit.kind == "statutory"} == {"ME-02", "JC-01"}
    assert limits["JC-01"].duty == "citizen"


def test_acceptance_is_decided_in_three_working_days_and_starts_when_the_papers_are_whole(world):
    clock.move_to(at(9, 7))
    number = drive(world, file(world), "SUBMITTED")
    assert clock_of(number, "ME-01").due_at == at(9, 11, 0)
    do(world.clerk, number, "request_correction", items="对方的姓名")
    assert clock_of(number, "ME-01").state == "WAITING"
    clock.move_to(at(9, 14))
    do(world.citizen, number, "reply_correction", reply="李示例")
    assert clock_of(number, "ME-01").due_at == at(9, 18, 0)
    drive(world, number, "HANDLING")
    assert clock_of(number, "ME-01").state == "MET"


def test_the_month_runs_from_acceptance_rests_during_an_appraisal_and_is_extended_with_consent(world):
    clock.move_to(at(9, 7))
    number = drive(world, file(world), "HANDLING")
    assert clock_of(number, "ME-02").due_at == at(10, 9, 0)  # 7 October is a holiday, the 8th is the last day
    do(world.mediator, number, "suspend", reason="SP03", text="房屋鉴定")
    clock.move_to(at(9, 17))
    do(world.mediator, number, "resume")
    assert clock_of(number, "ME-02").due_at == at(10, 20, 0)  # the 17th is a Saturday: Monday the 19th
    with pytest.raises(RefusedByRule):
        do(world.mediator, number, "ask_extension", reason="还要谈", agree=False)
    do(world.mediator, number, "ask_extension", reason="还要谈", agree=True)
    do(world.reviewer, number, "approve_extension")
    [entry] = ClockEntry.objects.filter(kind="EXTEND")
    assert "art. 33" in entry.basis
    assert clock_of(number, "ME-02").due_at > at(11, 16, 0)


def test_a_transfer_to_another_mediator_does_not_give_a_new_month(world):
    number = drive(world, file(world), "HANDLING")
    begun = clock_of(number, "ME-02")
    clock.advance(timedelta(days=8))
    do(world.mediator, number, "ask_transfer", reason="RT07")
    do(world.liaison, number, "agree_transfer", handler=world.handler_token(name="second_mediator"))
    do(world.second_mediator, number, "accept")
    assert (clock_of(number, "ME-02").pk, clock_of(number, "ME-02").due_at) == (begun.pk, begun.due_at)


def test_the_thirty_days_count_from_the_day_of_signing_not_from_the_day_it_was_written_down(world):
    clock.move_to(at(9, 7))
    number = drive(world, file(world), "session")
    clock.move_to(at(9, 11))
    do(world.mediator, number, "reach_agreement", **agreement(signed_on=day(9, 8)))
    running = clock_of(number, "JC-01")
    assert (running.started_at, running.due_at) == (at(9, 8, 0), at(10, 9, 0))  # 8 October, a working day
    assert clock_of(number, "ME-15").due_at == at(10, 28, 0)  # seven days after the 20th
    views = {c.limit_id: c for c in selectors.clocks(world.citizen, number)}
    assert views["JC-01"].duty == "citizen"
    assert Order.objects.get(number=number).due_at != running.due_at


def test_the_right_to_confirmation_outlives_the_archive_and_the_person_is_reminded(world):
    number = done(world, perform_by=day(11, 30))
    do(world.supervisor, number, "close")
    running = clock_of(number, "JC-01")
    assert running.state == "RUNNING"
    clock.move_to(running.due_at - timedelta(days=10))
    drain()
    assert "your_limit_ends" not in told(number)
    clock.move_to(running.due_at - timedelta(days=7))
    drain()
    assert "your_limit_ends" in told(number)
    assert Message.objects.get(order_ref=number, template="your_limit_ends").party_id == world.citizen.party_id
    clock.move_to(running.due_at + timedelta(days=1))
    drain()
    # nobody is late: it was the parties' own
    assert clock_of(number, "JC-01").breached_at is None
    assert Order.objects.get(number=number).breached_count == 0


def test_confirmation_is_asked_for_together_within_thirty_days_and_once_it_is_the_clock_ends(world):
    number = done(world)
    do(world.supervisor, number, "close")
    court = {"court": "成都市武侯区人民法院", "case_no": "（2026）川0107诉前调确1号"}
    due = clock_of(number, "JC-01").due_at
    clock.move_to(due + timedelta(days=3))
    with pytest.raises(RefusedByRule) as refusal:
        do(world.mediator, number, "record_confirmation", applied_on=clock.local(due).date().isoformat(), **court)
    assert "三十日" in refusal.value.text
    last = clock.local(due - timedelta(days=1)).date().isoformat()
    do(world.mediator, number, "record_confirmation", applied_on=last, **court)  # written down later than it was done
    assert clock_of(number, "JC-01").state == "MET"
    assert state(number) == ("CLOSED", "AGREED")
    do(world.mediator, number, "record_confirmation", applied_on=last, ruling="confirmed", **court)


def test_personal_status_and_title_are_never_confirmed_and_the_parties_are_told_so(world):
    number = agreed(world, confirmable=False)
    assert not Clock.objects.filter(order__number=number, limit_id="JC-01").exists()
    with pytest.raises(RefusedByRule) as refusal:
        do(world.mediator, number, "record_confirmation", applied_on=day(9, 28), court="武侯区法院")
    assert "不能申请司法确认" in refusal.value.text
    other = agreed(world)
    drain()
    words = {n: messages_about(n) for n in (number, other)}
    assert "司法确认" not in words[number] and "起诉" in words[number]
    assert "2026年10月28日" in words[other]


def messages_about(number):
    from fawang.base.notifications import selectors as notifications

    return "\n".join(m.body for m in notifications.messages_of(SYSTEM, number) if "协议" in m.body)


def test_seven_days_after_the_agreed_day_the_committee_has_asked_or_is_late_even_after_the_archive(world):
    number, asked = done(world), done(world)
    for one in (number, asked):
        do(world.supervisor, one, "close")
    clock.move_to(at(10, 22))
    drain()
    do(world.liaison, asked, "confirm_performance", performed_on=day(10, 19))
    due = clock_of(number, "ME-15").due_at
    clock.move_to(due)
    drain()
    assert clock_of(number, "ME-15").breached_at == due
    assert clock_of(asked, "ME-15").state == "MET"
    assert "overdue" in told(number) and "overdue" not in told(asked)
    do(world.mediator, number, "confirm_performance", performed_on=day(10, 28))
    assert clock_of(number, "ME-15").state == "MET"


def test_what_was_not_performed_is_not_performed_and_the_right_to_confirmation_stays(world):
    number = done(world, perform_by=day(10, 9))
    clock.move_to(at(10, 12))
    with pytest.raises(Invalid):
        do(world.mediator, number, "confirm_performance", performed_on=day(10, 13))  # tomorrow has not happened
    do(
        world.mediator,
        number,
        "note_default",
        performed="part",
        text="督促对方履行；也可以在10月28日前共同申请司法确认",
    )
    assert state(number) == ("DONE", "AGREED")
    assert (clock_of(number, "ME-15").state, clock_of(number, "JC-01").state) == ("MET", "RUNNING")
    drain()
    assert "agreement_not_performed" in told(number)
    do(world.mediator, number, "confirm_performance", performed_on=day(10, 12))
    assert (state(number), clock_of(number, "JC-01").state) == (("DONE", "PERFORMED"), "MET")


def test_a_second_agreement_after_reopening_has_its_own_thirty_days(world):
    number = done(world)
    do(world.supervisor, number, "close")
    first = clock_of(number, "JC-01")
    clock.move_to(at(10, 12))
    do(world.citizen, number, "reopen", reason="对方没有修")
    drive_again(world, number)
    do(world.mediator, number, "reach_agreement", **agreement(perform_by=day(10, 30)))
    second = clock_of(number, "JC-01")
    assert second.pk != first.pk
    assert second.due_at == at(11, 12, 0)
    assert clock_of(number, "ME-15").due_at == at(11, 7, 0)
    assert Clock.objects.filter(order__number=number, limit_id="JC-01", state="RUNNING").count() == 1


def drive_again(world, number):
    do(world.dispatcher, number, "dispatch", unit=world.token("committee"))
    do(world.liaison, number, "sign")
    do(world.liaison, number, "assign", handler=world.handler_token())
    do(world.mediator, number, "accept")
    do(world.mediator, number, "ask_will", agrees=True, text="愿意")
    do(world.mediator, number, "hold_session", held_on=clock.today().isoformat(), place="调解室", internal="再谈")


def test_what_is_sent_back_is_due_in_half_the_time(world):
    number = drive(world, file(world), "DONE_REVIEW")
    do(world.reviewer, number, "send_back", reason="写清付款方式")
    redo = clock_of(number, "WO-REDO")
    assert (redo.value, redo.unit, redo.state) == (15, "CD", "RUNNING")
    do(world.mediator, number, "start_redo")
    do(world.mediator, number, "complete", result="AGREED", text="已写清")
    assert clock_of(number, "WO-REDO").state == "MET"


def test_a_committee_that_may_not_work_is_given_nothing(world):
    number = drive(world, file(world), "TO_DISPATCH")
    organisations.change_status(SYSTEM, institution_id=world.units["committee"], status="SUSPENDED", reason="整顿")
    with pytest.raises(RefusedByRule):
        do(world.dispatcher, number, "dispatch", unit=world.token("committee"))
    assert catalogue.is_open("MEDIATION_PEOPLE")
    services.perform(
        actor=world.dispatcher, order=number, action="dispatch", data={"unit": world.token("city_committee")}
    )
