"""Who gets it: choices under load, corrections, returns, and merging (docs/known-failures.md)."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from fawang.base.identity import services as identity
from fawang.base.notifications.models import Message
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services as organisation_services
from fawang.base.organisations.values import Candidate
from fawang.base.workorders import selectors, services
from fawang.base.workorders.errors import NotYours, WrongState
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import QUESTION, SYSTEM, do, drive, file, filing
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.outbox.services import drain
from fawang.middle.dispatch import rule
from fawang.middle.dispatch import selectors as dispatch
from fawang.middle.intake import services as intake

TODAY = date(2026, 9, 28)


def unit(number, *, distance=0, capacity=10, domains=(), licence=None):
    return Candidate(
        id=number, token=f"u{number}", name=f"单位{number}", type="LAW_FIRM", division_code="510107", level="COUNTY",
        status="ACTIVE", licence_valid_to=licence, capacity=capacity, languages=(), domains=domains, hours=(),
        distance=distance, is_demonstration=False,
    )  # fmt: skip


def weigh(units, loads=None, **more):
    told = {"domain": "D03", "returned_by": (), "today": TODAY, **more}
    return rule.weigh(units, loads or {}, **told)


def order_of(suggestion):
    return [row.unit_id for row in suggestion.ranked]


# --- the rule ----------------------------------------------------------------------------------------------------
def test_a_full_unit_is_out_whatever_its_turn_and_says_so():
    found = weigh([unit(1, capacity=2), unit(2)], {1: 2, 2: 9})
    assert order_of(found) == [2]
    assert "已满" in found.out[0].zh and "full" in found.out[0].en


def test_expired_licences_and_units_that_returned_it_are_out():
    found = weigh([unit(1, licence=TODAY - timedelta(days=1)), unit(2), unit(3, licence=TODAY)], returned_by=[2])
    assert order_of(found) == [3]
    assert {row.unit_id for row in found.out} == {1, 2}


def test_a_unit_whose_people_are_all_away_is_out_and_says_so(world):
    number = drive(world, file(world), "TO_DISPATCH")
    assert dispatch.suggestion(world.dispatcher, number).best.unit_id == world.units["committee"]
    for row in organisations.handlers(world.committee):
        organisation_services.record_leave(SYSTEM, practitioner_id=row.id, begin=clock.today(), end=clock.today())
    found = dispatch.suggestion(world.dispatcher, number)
    assert world.units["committee"] not in order_of(found)
    [away] = [row for row in found.out if row.unit_id == world.units["committee"]]
    assert "在岗" in away.zh and "nobody" in away.en


def test_near_idle_and_special_come_first_and_a_choice_can_be_repeated():
    near, far, busy, special = unit(4), unit(1, distance=1), unit(2), unit(3, domains=("D03",))
    found = weigh([far, busy, special, near], {2: 8})
    assert order_of(found) == [3, 4, 1, 2]
    assert found == weigh([near, special, busy, far], {2: 8})


def test_a_thousand_orders_spread_by_capacity_and_nobody_is_filled_beyond_it():
    units, loads = [unit(n, capacity=c) for n, c in ((1, 500), (2, 300), (3, 200))], Counter()
    for _ in range(1_000):
        loads[weigh(units, loads).best.unit_id] += 1
    assert loads == {1: 500, 2: 300, 3: 200}
    assert weigh(units, loads).best is None
    # half way through, each had carried its share
    loads = Counter()
    for _ in range(500):
        loads[weigh(units, loads).best.unit_id] += 1
    assert all(abs(loads[n] - share) <= 2 for n, share in ((1, 250), (2, 150), (3, 100)))


def test_what_a_dispatcher_gives_by_hand_counts_as_load_like_everything_else(world):
    for _ in range(3):
        drive(world, file(world), "DISPATCHED")  # by hand, to the committee
    assert selectors.open_by_unit([world.units["committee"], world.units["city_committee"]]) == {
        world.units["committee"]: 3, world.units["city_committee"]: 0,
    }  # fmt: skip
    waiting = drive(world, file(world), "TO_DISPATCH")
    ranked = dispatch.suggestion(world.dispatcher, waiting).ranked
    assert {row.unit_id: row.open_orders for row in ranked}[world.units["committee"]] == 3


def test_the_choice_says_why_in_both_languages_and_the_reason_is_kept(world):
    number = intake.file_demand(world.citizen, filing=filing(world.citizen)).number
    assert Order.objects.get(number=number).unit_id == world.units["committee"]
    [step] = [s for s in selectors.timeline(world.dispatcher, number) if s.action == "dispatch"]
    assert step.data["mode"] == "AUTO"
    assert "武侯调委会" in step.data["why_zh"] and "was chosen" in step.data["why_en"]
    assert "why_zh" not in str(selectors.timeline(world.citizen, number))


@pytest.mark.parametrize("changes", [{"service": "GENERAL_DEMAND", "answers": {"story": "不知道找谁", "area": "510107"}},
                                     {"sensitive_flags": ("GROUP_CASE",)}])  # fmt: skip
def test_sensitive_and_unclear_demands_go_to_a_person(world, changes):
    number = intake.file_demand(world.citizen, filing=filing(world.citizen, **changes)).number
    assert Order.objects.get(number=number).state == "TO_DISPATCH"


# --- leave -------------------------------------------------------------------------------------------------------
def test_nobody_on_leave_takes_assigns_or_is_transferred_work(world):
    number = drive(world, file(world), "SIGNED")
    token = world.handler_token()
    [row] = [r for r in organisations.handlers(world.committee) if r.token == token]
    organisation_services.record_leave(SYSTEM, practitioner_id=row.id, begin=clock.today(), end=clock.today())
    with pytest.raises(RefusedByRule):
        do(world.mediator, number, "take")
    with pytest.raises(Invalid):
        do(world.liaison, number, "assign", handler=token)
    do(world.liaison, number, "assign", handler=world.handler_token(name="second_mediator"))
    do(world.second_mediator, number, "ask_transfer", reason="RT07")
    with pytest.raises(Invalid):
        do(world.liaison, number, "agree_transfer", handler=token)
    with clock.at(clock.now() + timedelta(days=1)):
        do(world.liaison, number, "agree_transfer", handler=token)


# --- corrections -------------------------------------------------------------------------------------------------
def test_correcting_the_area_takes_the_order_from_a_unit_that_does_not_serve_it(world):
    number = drive(world, file(world), "SIGNED")
    do(world.dispatcher, number, "reclassify", area="510117", reason="事情发生在郫都")
    order = Order.objects.get(number=number)
    assert (order.state, order.unit_id, order.county) == ("TO_DISPATCH", None, "510117")
    kept = drive(world, file(world), "TO_DISPATCH")
    do(world.dispatcher, kept, "dispatch", unit=world.token("city_committee"))
    do(world.dispatcher, kept, "reclassify", area="510117", reason="事情发生在郫都")
    assert Order.objects.get(number=kept).unit_id == world.units["city_committee"]  # the city's serves both


def test_a_correction_that_changes_nothing_is_refused(world):
    number = drive(world, file(world), "SIGNED")
    with pytest.raises(Invalid):
        do(world.dispatcher, number, "reclassify", reason="看看")


# --- returns -----------------------------------------------------------------------------------------------------
def test_a_return_is_asked_for_within_a_working_day_and_an_hour_when_urgent(world):
    usual, urgent = drive(world, file(world), "DISPATCHED"), drive(world, file(world, urgency="U2"), "DISPATCHED")
    clock.advance(timedelta(minutes=61))
    with pytest.raises(RefusedByRule) as refusal:
        do(world.liaison, urgent, "ask_return", reason="RT08")
    assert "转办" in refusal.value.text
    with clock.at(datetime(2026, 9, 30, 0, 1, tzinfo=clock.SHANGHAI)):
        with pytest.raises(RefusedByRule):
            do(world.liaison, usual, "ask_return", reason="RT08")
    do(world.liaison, usual, "ask_return", reason="RT08")


def test_after_two_returns_it_is_appointed_and_stays(world):
    number = drive(world, file(world), "DISPATCHED")
    do(world.liaison, number, "ask_return", reason="RT08")
    do(world.dispatcher, number, "agree_return")
    do(world.dispatcher, number, "dispatch", unit=world.token("city_committee"))
    do(world.city_liaison, number, "ask_return", reason="RT02", whose="武侯区")
    do(world.dispatcher, number, "agree_return")
    assert dispatch.suggestion(world.dispatcher, number).best is None
    with pytest.raises(RefusedByRule):
        do(world.dispatcher, number, "dispatch", unit=world.token("committee"))
    do(world.dispatcher, number, "dispatch", unit=world.token("committee"), mode="APPOINTED")
    with pytest.raises(RefusedByRule):
        do(world.liaison, number, "ask_return", reason="RT08")


@pytest.mark.parametrize("reason", ["RT01", "RT02"])
def test_not_ours_names_whose_it_is_and_the_dispatcher_reads_it(world, reason):
    number = drive(world, file(world), "DISPATCHED")
    with pytest.raises(Invalid) as refusal:
        do(world.liaison, number, "ask_return", reason=reason, whose="  ")
    assert set(refusal.value.fields) == {"whose"}
    do(world.liaison, number, "ask_return", reason=reason, whose="成都调委会")
    assert "成都调委会" in str(selectors.timeline(world.dispatcher, number))
    assert number in {row.number for row in selectors.queue(world.dispatcher, name="dispatch").rows}


# --- merging -----------------------------------------------------------------------------------------------------
def test_after_a_merge_the_person_is_told_and_finds_the_survivor_also_by_the_old_code(world):
    from fawang.base.identity import sealing
    from fawang.base.identity.models import Party

    survivor, number = file(world), file(world)
    code = selectors.query_code(world.citizen, number)
    do(world.dispatcher, number, "merge", into=survivor, reason="同一件事")
    drain()
    assert Message.objects.filter(order_ref=number, template="merged", party_id=world.citizen.party_id).exists()
    phone = sealing.unseal(Party.objects.get(pk=world.citizen.party_id).phone_sealed, sealing.PHONE)
    assert selectors.by_code(number, code, phone[-4:]).merged_into == survivor


def test_merging_needs_the_same_person_also_under_a_record_a_counter_made_and_an_open_survivor(world):
    from fawang.base.identity.models import Party
    from fawang.base.identity.values import PartyData

    counter = identity.take_party(SYSTEM, PartyData(name="王示例", phone="13911112222")).id
    theirs = services.file(
        actor=world.clerk, filing=filing(world.citizen, applicant_id=counter, is_registered=True, channel="21")
    ).number
    mine, strangers = file(world), file(world, actor=world.other_citizen)
    with pytest.raises(RefusedByRule):
        do(world.dispatcher, theirs, "merge", into=mine, reason="同一件事")
    Party.objects.filter(pk=counter).update(merged_into=world.citizen.party_id)  # the person was verified since
    do(world.dispatcher, theirs, "merge", into=mine, reason="同一件事")
    with pytest.raises(RefusedByRule):
        do(world.dispatcher, strangers, "merge", into=mine, reason="同一件事")
    do(world.citizen, mine, "withdraw")
    with pytest.raises(RefusedByRule):
        do(world.dispatcher, file(world), "merge", into=mine, reason="同一件事")


def test_no_unit_and_no_handler_may_merge_or_dispatch(world):
    first, second = file(world), drive(world, file(world), "ASSIGNED")
    for actor in (world.mediator, world.liaison):
        with pytest.raises((NotYours, WrongState)):
            do(actor, second, "merge", into=first, reason="我的客户")


# --- reopened ----------------------------------------------------------------------------------------------------
def test_a_reopened_order_goes_back_to_those_who_know_it_though_another_is_nearer(world):
    number = drive(world, file(world), "TO_DISPATCH")
    do(world.dispatcher, number, "dispatch", unit=world.token("city_committee"))
    do(world.city_liaison, number, "sign")
    do(world.city_liaison, number, "assign", handler=world.handler_token("city_committee", "city_mediator"))
    do(world.city_mediator, number, "accept")
    do(world.city_mediator, number, "note_contact", reached=True, text="说明")
    do(world.city_mediator, number, "end_mediation", why="no_agreement", text="可以起诉")
    do(world.city_mediator, number, "complete", result="NOT_AGREED", text="没有谈成")
    do(SYSTEM, number, "approve")
    do(world.citizen, number, "reopen", reason="对方愿意谈了")
    drain()
    order = Order.objects.get(number=number)
    assert (order.state, order.unit_id) == ("DISPATCHED", world.units["city_committee"])
    [step] = [s for s in selectors.timeline(world.dispatcher, number) if s.action == "dispatch"][1:]
    assert "上次由它承办" in step.data["why_zh"]
    told = set(
        Message.objects.filter(order_ref=number, account_id=world.city_liaison.account_id).values_list(
            "template", flat=True
        )
    )
    assert {"reopened", "unit_received"} <= told


def test_a_question_about_a_service_that_no_unit_near_offers_waits_for_a_person(world):
    organisation_services.change_status(SYSTEM, institution_id=world.units["firm"], status="SUSPENDED", reason="整顿")
    number = intake.file_demand(
        world.citizen, filing=filing(world.citizen, service="CONSULT_MESSAGE", answers=QUESTION)
    ).number
    assert Order.objects.get(number=number).state == "TO_DISPATCH"
