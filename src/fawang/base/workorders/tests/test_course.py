"""An order's ordinary course and its side roads, through the one door."""

from datetime import timedelta

import pytest

from fawang.base.catalogue import services as catalogue
from fawang.base.catalogue.errors import ItemClosed
from fawang.base.workorders import selectors, services
from fawang.base.workorders.errors import NoSuchOrder, NotYours, Stale, WrongState
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import ANSWERS, SYSTEM, do, drive, file, filing, to_unit
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, KeyReused, NotPermitted, RefusedByRule


def state(number):
    return Order.objects.get(number=number).state


def test_a_demand_is_filed_dispatched_worked_off_rated_and_archived(world):
    number = drive(world, file(world), "DONE")
    view = selectors.get(world.citizen, number)
    assert (view.state, view.result_code, view.may_rate) == ("DONE", "AGREED", True)
    do(world.citizen, number, "rate", grade="5", text="谢谢")
    do(world.supervisor, number, "close")
    assert state(number) == "CLOSED"
    assert not selectors.get(world.citizen, number).may_rate
    actions = [step.action for step in selectors.timeline(SYSTEM, number)]
    assert actions[:5] == ["submit", "queue", "dispatch", "sign", "assign"]
    assert actions[-3:] == ["deliver", "rate", "close"]


def test_filing_and_first_dispatch_are_one_transaction_of_few_statements(world, django_assert_max_num_queries):
    file(world, plan=to_unit(world.token("committee")))  # what never changes is in memory now
    plan = to_unit(world.token("committee"))
    with django_assert_max_num_queries(15):
        number = file(world, plan=plan)
    assert state(number) == "DISPATCHED"


def test_an_incomplete_demand_names_every_field_and_files_nothing(world):
    answers = {**ANSWERS, "amount": "-3", "other_phone": "12", "area": "999999"}
    del answers["story"]
    with pytest.raises(Invalid) as refusal:
        file(world, answers=answers)
    assert set(refusal.value.fields) == {"story", "amount", "other_phone", "area"}
    assert not Order.objects.exists()


def test_a_draft_is_filled_step_by_step_and_sent(world):
    draft = services.start_draft(actor=world.citizen, filing=filing(world.citizen, answers={"kind": "family"}))
    assert draft.number == ""
    for name, value in ANSWERS.items():
        services.perform(actor=world.citizen, order=draft.draft, action="fill", data={"answers": {name: value}})
    sent = services.submit_draft(actor=world.citizen, draft=draft.draft)
    assert sent.number.startswith("PLS20260928510107")
    assert sent.extra["query_code"] == selectors.query_code(world.citizen, sent.number)


def test_the_other_partys_phone_is_sealed_in_the_database_and_open_to_the_handler(world):
    number = drive(world, file(world), "ASSIGNED")
    stored = Order.objects.get(number=number).answers
    assert "13900001234" not in str(stored)
    assert selectors.get(world.mediator, number).answers["other_phone"] == "13900001234"


def test_a_service_closed_meanwhile_refuses_the_draft_politely_and_keeps_it(world):
    draft = services.start_draft(actor=world.citizen, filing=filing(world.citizen))
    catalogue.close_item(SYSTEM, code="MEDIATION_PEOPLE", reason="维护")
    with pytest.raises(ItemClosed):
        services.submit_draft(actor=world.citizen, draft=draft.draft)
    assert selectors.get(world.citizen, draft.draft).answers["story"] == ANSWERS["story"]


def test_a_retried_request_gets_its_first_answer_and_nothing_happens_twice(world):
    first = services.file(actor=world.citizen, filing=filing(world.citizen), key="k1")
    again = services.file(actor=world.citizen, filing=filing(world.citizen), key="k1")
    assert first == again
    assert Order.objects.count() == 1
    with pytest.raises(KeyReused):
        services.file(actor=world.citizen, filing=filing(world.citizen, answers={**ANSWERS, "story": "别的"}), key="k1")
    other = services.file(actor=world.other_citizen, filing=filing(world.other_citizen), key="k1")
    assert other.number != first.number


def test_a_stale_page_is_a_clear_conflict(world):
    number = drive(world, file(world), "TO_DISPATCH")
    seen = selectors.get(world.dispatcher, number).version
    services.perform(
        actor=world.dispatcher, order=number, action="dispatch", data={"unit": world.token("committee")}, version=seen
    )
    with pytest.raises(Stale) as refusal:
        services.perform(
            actor=world.dispatcher,
            order=number,
            action="dispatch",
            data={"unit": world.token("city_committee")},
            version=seen,
        )
    assert "最新" in refusal.value.text


def test_not_yours_looks_like_not_there(world):
    number = file(world)
    for stranger in (world.other_citizen, world.far_clerk, world.far_dispatcher, world.lawyer, world.city_mediator):
        with pytest.raises(NoSuchOrder):
            selectors.get(stranger, number)
        with pytest.raises(NoSuchOrder):
            do(stranger, number, "withdraw")
    with pytest.raises(NotPermitted):
        do(world.auditor, number, "withdraw")


def test_the_handler_cannot_approve_his_own_result(world):
    number = drive(world, file(world), "DONE_REVIEW")
    with pytest.raises(NotYours):
        do(world.mediator, number, "approve")


def test_a_result_needs_a_contact_with_the_person(world):
    number = drive(world, file(world), "HANDLING")
    do(world.mediator, number, "end_mediation", why="refused", text="可以起诉")
    with pytest.raises(RefusedByRule):
        do(world.mediator, number, "complete", result="NOT_AGREED", text="对方拒绝")
    do(world.mediator, number, "note_contact", reached=True, text="说明")
    do(world.mediator, number, "complete", result="NOT_AGREED", text="对方拒绝")


def test_not_ours_must_name_whose_it_is_and_the_unit_does_not_get_it_again(world):
    number = drive(world, file(world), "DISPATCHED")
    with pytest.raises(Invalid) as refusal:
        do(world.liaison, number, "ask_return", reason="RT01")
    assert "whose" in refusal.value.fields
    do(world.liaison, number, "ask_return", reason="RT01", whose="成都调委会")
    do(world.dispatcher, number, "agree_return")
    with pytest.raises(RefusedByRule):
        do(world.dispatcher, number, "dispatch", unit=world.token("committee"))
    do(world.dispatcher, number, "dispatch", unit=world.token("city_committee"))
    assert selectors.get(world.city_liaison, number).returns == 1


def test_a_refused_return_may_not_be_asked_again(world):
    number = drive(world, file(world), "DISPATCHED")
    do(world.liaison, number, "ask_return", reason="RT08")
    do(world.dispatcher, number, "refuse_return", reason="贵单位最近")
    with pytest.raises(RefusedByRule):
        do(world.liaison, number, "ask_return", reason="RT08")


def test_an_appointed_order_cannot_be_returned(world):
    number = drive(world, file(world), "TO_DISPATCH")
    do(world.dispatcher, number, "dispatch", unit=world.token("committee"), mode="APPOINTED")
    with pytest.raises(RefusedByRule):
        do(world.liaison, number, "ask_return", reason="RT08")


def test_an_offer_is_taken_or_declined_and_lapses(world):
    number = drive(world, file(world), "TO_DISPATCH")
    do(world.dispatcher, number, "offer", unit=world.token("committee"), minutes=30)
    with pytest.raises(RefusedByRule):
        do(world.dispatcher, number, "offer", unit=world.token("city_committee"))
    do(world.liaison, number, "decline_offer", reason="RT08")
    do(world.dispatcher, number, "offer", unit=world.token("city_committee"), minutes=30)
    with clock.at(clock.now() + timedelta(minutes=31)):
        with pytest.raises(NoSuchOrder):
            do(world.city_liaison, number, "accept_offer")
    do(world.city_liaison, number, "accept_offer")
    assert state(number) == "SIGNED"


def test_several_units_work_together_and_the_lead_goes_on_when_all_have_answered(world):
    number = drive(world, file(world), "HANDLING")
    units = f"{world.token('firm')},{world.token('city_committee')}"
    do(world.mediator, number, "ask_cohandling", units=units, text="请出具意见")
    do(world.lawyer, number, "reply_cohandling", text="意见")
    assert state(number) == "CO_HANDLING"
    with pytest.raises(NoSuchOrder):
        do(world.lawyer, number, "reply_cohandling", text="再来")
    do(world.city_liaison, number, "reply_cohandling", text="意见")
    assert state(number) == "HANDLING"


def test_a_transfer_goes_to_a_colleague_or_back_to_dispatch(world):
    number = drive(world, file(world), "ASSIGNED")
    do(world.mediator, number, "ask_transfer", reason="RT07")
    do(world.liaison, number, "agree_transfer", handler=world.handler_token(name="second_mediator"))
    assert state(number) == "ASSIGNED"
    do(world.second_mediator, number, "ask_transfer", reason="RT07")
    do(world.liaison, number, "agree_transfer")
    assert state(number) == "TO_DISPATCH"


def test_correcting_the_kind_checks_the_holder_again(world):
    number = drive(world, file(world), "SIGNED")
    do(world.dispatcher, number, "reclassify", service_code="CONSULT_MESSAGE", reason="只想咨询")
    order = Order.objects.get(number=number)
    assert (order.state, order.unit_id, order.line) == ("TO_DISPATCH", None, "consultation")


def test_correcting_the_area_to_one_the_holder_serves_keeps_the_holder(world):
    number = drive(world, file(world), "SIGNED")
    do(world.dispatcher, number, "reclassify", domain="D09", reason="改领域")
    assert state(number) == "SIGNED"


def test_merging_keeps_the_requester_on_the_survivor_and_steals_nobodys_client(world):
    first, second, strangers = file(world), file(world), file(world, actor=world.other_citizen)
    with pytest.raises(RefusedByRule):
        do(world.dispatcher, second, "merge", into=strangers, reason="同一事")
    do(world.dispatcher, second, "merge", into=first, reason="重复")
    assert selectors.get(world.citizen, second).merged_into == first
    assert selectors.get(world.citizen, first).is_open
    assert ("DUPLICATE", first) in selectors.links(world.citizen, second)


def test_splitting_makes_orders_with_their_own_course(world):
    number = drive(world, file(world), "TO_DISPATCH")
    outcome = do(world.dispatcher, number, "split", parts="MEDIATION_PEOPLE\nCONSULT_MESSAGE", reason="两件事")
    assert state(number) == "SPLIT"
    assert [state(part) for part in outcome.extra["parts"]] == ["TO_DISPATCH", "TO_DISPATCH"]
    assert {link[1] for link in selectors.links(world.citizen, number)} == set(outcome.extra["parts"])


def test_a_rejected_demand_can_be_objected_to_once(world):
    number = drive(world, file(world), "TO_DISPATCH")
    do(world.dispatcher, number, "refuse", reason="RJ01", text="应走诉讼", remedy="向武侯区法院起诉")
    do(world.citizen, number, "object", text="法院说先调解")
    assert state(number) == "TO_DISPATCH"
    do(world.dispatcher, number, "refuse", reason="RJ01", text="应走诉讼", remedy="向武侯区法院起诉")
    with pytest.raises(RefusedByRule):
        do(world.citizen, number, "object", text="再说一次")


def test_urging_is_counted_reaches_the_unit_and_is_limited_to_once_a_day(world):
    number = drive(world, file(world), "SIGNED")
    do(world.citizen, number, "urge", text="很急")
    with pytest.raises(RefusedByRule):
        do(world.citizen, number, "urge")
    view = selectors.get(world.liaison, number)
    assert (view.urged_count, view.urge_is_open) == (1, True)
    do(world.liaison, number, "answer_urge", text="明天联系您")
    assert selectors.timeline(world.citizen, number)[-1].data["text"] == "明天联系您"
    with clock.at(clock.now() + timedelta(days=1)):
        do(world.citizen, number, "urge")


def test_closed_but_not_fixed_is_reopened_and_a_new_rating_is_asked(world):
    number = drive(world, file(world), "DONE")
    do(world.citizen, number, "rate", grade="4")
    with pytest.raises(RefusedByRule):
        do(world.citizen, number, "rate", grade="5")
    do(world.supervisor, number, "close")
    do(world.citizen, number, "reopen", reason="又漏了")
    assert state(number) == "TO_DISPATCH"
    do(world.dispatcher, number, "dispatch", unit=world.token("committee"))
    do(world.liaison, number, "sign")
    do(world.liaison, number, "assign", handler=world.handler_token())
    do(world.mediator, number, "accept")
    do(world.mediator, number, "end_mediation", why="no_agreement", text="可起诉")
    do(world.mediator, number, "complete", result="NOT_AGREED", text="未成")
    do(world.reviewer, number, "approve")
    do(world.citizen, number, "rate", grade="2")


def test_a_callback_sends_unfinished_work_back_and_gives_up_after_three_tries(world):
    number = drive(world, file(world), "DONE")
    do(world.caller, number, "plan_callback")
    do(world.caller, number, "record_callback", reached=False)
    do(world.caller, number, "record_callback", reached=True, redo=True, text="没修")
    assert state(number) == "REDO"
    do(world.mediator, number, "start_redo")
    assert selectors.get(world.mediator, number).redo_count == 1


def test_a_rectification_is_ordered_reported_and_called_back(world):
    number = drive(world, file(world), "CLOSED")
    do(world.supervisor, number, "rectify", problem="没有联系", demand="重新联系并说明")
    do(world.liaison, number, "report_rectified", cause="疏忽", measures="已登门")
    assert state(number) == "CALLBACK"


def test_withdrawal_is_possible_until_the_result_stands(world):
    number = drive(world, file(world), "DONE_REVIEW")
    do(world.citizen, number, "withdraw", reason="和好了")
    assert state(number) == "WITHDRAWN"
    other = drive(world, file(world), "DONE")
    with pytest.raises(WrongState):
        do(world.citizen, other, "withdraw")


def test_tasks_hold_the_result_back(world):
    number = drive(world, file(world), "agreed")
    do(world.mediator, number, "add_task", title="现场勘查")
    with pytest.raises(RefusedByRule):
        do(world.mediator, number, "complete", result="AGREED", text="好")
    [task] = selectors.tasks(world.mediator, number)
    do(world.mediator, number, "finish_task", task=task.id, text="看过")
    do(world.mediator, number, "complete", result="AGREED", text="好")


def test_the_applicant_does_not_read_internal_notes(world):
    number = drive(world, file(world), "HANDLING")
    do(world.mediator, number, "note", text="内部看法")
    shown = str(selectors.timeline(world.citizen, number))
    assert "内部看法" not in shown
    assert "内部看法" in str(selectors.timeline(world.mediator, number))


def test_nobody_on_leave_is_given_work(world):
    from fawang.base.organisations import selectors as organisations
    from fawang.base.organisations import services as organisation_services

    number = drive(world, file(world), "SIGNED")
    token = world.handler_token()
    row = next(r for r in organisations.handlers(world.committee) if r.token == token)
    organisation_services.record_leave(SYSTEM, practitioner_id=row.id, begin=clock.today(), end=clock.today())
    with pytest.raises(Invalid):
        do(world.liaison, number, "assign", handler=token)


def test_the_query_code_opens_the_state_but_not_the_answers(world):
    number = file(world)
    code = selectors.query_code(world.citizen, number)
    from fawang.base.identity import sealing
    from fawang.base.identity.models import Party

    phone = sealing.unseal(Party.objects.get(pk=world.citizen.party_id).phone_sealed, sealing.PHONE)
    view = selectors.by_code(number, code.lower(), phone[-4:])
    assert (view.state, view.answers) == ("SUBMITTED", {})
    for wrong in ((number, "AAAAAAAA", phone[-4:]), (number, code, "0000x"), ("PLS1", code, phone[-4:])):
        with pytest.raises(NoSuchOrder):
            selectors.by_code(*wrong)


def test_restricted_orders_are_hidden_from_those_who_need_not_know(world):
    number = file(world, sensitive_flags=("VIOLENCE",))
    with pytest.raises(NoSuchOrder):
        selectors.get(world.clerk, number)
    assert selectors.get(world.dispatcher, number).secrecy == "RESTRICTED"
