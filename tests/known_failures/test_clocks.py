"""Clocks: what brought other systems to grief and is not tested beside the code already (docs/known-failures.md)."""

from datetime import datetime, timedelta

import pytest

from fawang.base.calendar import services as calendar
from fawang.base.catalogue import loader
from fawang.base.catalogue import services as catalogue
from fawang.base.notifications import selectors as notifications
from fawang.base.notifications.models import Message
from fawang.base.workorders import selectors
from fawang.base.workorders.models import Clock, Order
from fawang.base.workorders.tests.factories import QUESTION, SYSTEM, do, drive, file
from fawang.kernel import clock
from fawang.kernel.outbox.services import drain

OPINION = {"facts": "欠薪", "text": "可以仲裁", "articles": "《劳动合同法》第八十二条", "path": "arbitration"}


def at(month, day, hour=10, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=clock.SHANGHAI)


def midnight_after(month, day):
    return at(month, day, 0) + timedelta(days=1)


def clock_of(number, limit):
    return Clock.objects.filter(order__number=number, limit_id=limit).latest("id")


def bodies(number, template):
    told = Message.objects.filter(order_ref=number, template=template).values_list("token", flat=True)
    return [m.body for m in notifications.messages_of(SYSTEM, number) if m.token in set(told)]


def question(world, until="HANDLING", **changes):
    number = file(world, service="CONSULT_MESSAGE", answers={**QUESTION, **changes})
    steps = [
        ("TO_DISPATCH", SYSTEM, "queue", {}), ("DISPATCHED", world.dispatcher, "dispatch", {"unit": world.token("firm")}),
        ("SIGNED", world.firm_liaison, "sign", {}), ("ASSIGNED", world.lawyer, "take", {}),
        ("HANDLING", world.lawyer, "accept", {}),
    ]  # fmt: skip
    for state, actor, action, data in steps:
        do(actor, number, action, **data)
        if state == until:
            break
    return number


# --- pauses ------------------------------------------------------------------------------------------------------
def test_pause_reassign_resume_counts_the_pause_once_and_asks_nobody_to_start_the_clock_for_it(world):
    clock.move_to(at(9, 7))
    number, other = drive(world, file(world), "HANDLING"), drive(world, file(world), "HANDLING")
    for one in (number, other):
        do(world.mediator, one, "suspend", reason="SP03", text="鉴定")
    clock.move_to(at(9, 9))
    do(world.liaison, number, "assign", handler=world.handler_token(name="second_mediator"))
    assert (Order.objects.get(number=number).state, clock_of(number, "ME-02").state) == ("SUSPENDED", "PAUSED")
    clock.move_to(at(9, 11))
    do(world.second_mediator, number, "resume")
    do(world.mediator, other, "resume")
    assert clock_of(number, "ME-02").due_at == clock_of(other, "ME-02").due_at
    assert list(clock_of(number, "ME-02").entries.order_by("id").values_list("kind", flat=True)) == [
        "START",
        "PAUSE",
        "RESUME",
    ]


def test_what_has_to_be_done_again_can_be_given_to_another_person(world):
    number = drive(world, file(world), "DONE_REVIEW")
    do(world.reviewer, number, "send_back", reason="写清期限")
    do(world.liaison, number, "assign", handler=world.handler_token(name="second_mediator"))
    do(world.second_mediator, number, "start_redo")
    assert Order.objects.get(number=number).state == "HANDLING"


def test_a_pause_asked_for_twice_at_once_is_one_pause(world):
    from fawang.base.workorders.errors import WrongState

    number = question(world)
    do(world.lawyer, number, "suspend", reason="SP02", text="核实")
    for action, data in (("suspend", {"reason": "SP02", "text": "x"}), ("request_supplement", {"items": "x"})):
        with pytest.raises(WrongState):
            do(world.lawyer, number, action, **data)
    do(world.lawyer, number, "resume")
    with pytest.raises(WrongState):
        do(world.lawyer, number, "resume")
    assert clock_of(number, "CO-05").entries.filter(kind="PAUSE").count() == 1


# --- the calendar ------------------------------------------------------------------------------------------------
def test_a_changed_holiday_tells_the_old_date_and_the_new_one(world):
    clock.move_to(at(9, 7))
    number = question(world)
    drain()
    calendar.set_day(SYSTEM, at(9, 9).date(), False, "临时放假", "省政府通知")
    for _ in range(3):
        drain()
        clock.advance(timedelta(seconds=6))
    [said, *_] = bodies(number, "due_date_changed")
    assert "2026年9月10日" in said and "2026年9月11日" in said


def test_night_weekend_and_holiday_count_from_arrival_and_are_due_after_opening(world):
    clock.move_to(at(10, 3, 23))  # Saturday night in the holiday, which lasts to Wednesday the 7th
    number = question(world, until="TO_DISPATCH")
    assert clock_of(number, "WO-DISPATCH").started_at == at(10, 3, 23)
    assert clock_of(number, "WO-DISPATCH").due_at == midnight_after(10, 8)
    assert clock_of(number, "CO-05").due_at == midnight_after(
        10, 10
    )  # the Saturday on which people work is the third day


# --- what the messages say ---------------------------------------------------------------------------------------
def test_the_date_the_person_is_told_is_when_the_matter_is_answered_not_the_next_short_limit(world):
    clock.move_to(at(10, 12))
    number = drive(world, file(world), "HANDLING")
    drain()
    [accepted] = bodies(number, "order_accepted")
    assert "2026年11月12日" in accepted  # a month from acceptance; the first contact is due on the 13th of October
    asked = question(world)
    drain()
    assert "2026年10月15日" in bodies(asked, "order_accepted")[0]
    [to_sign] = bodies(asked, "unit_received")
    assert "2026年10月14日00:00" in to_sign


def test_an_overdue_message_names_the_limit_that_is_over_and_its_own_date(world):
    clock.move_to(at(10, 12))
    number = question(world)
    clock.move_to(clock_of(number, "WO-CONTACT").due_at)
    drain()
    said = bodies(number, "overdue")
    assert len(said) == 2  # the handler and the liaison
    assert all("首次联系当事人" in body and "2026年10月14日00:00" in body for body in said)


def test_two_limits_that_near_their_end_between_two_acts_are_both_reminded_of(world):
    clock.move_to(at(10, 12))
    number = question(world)
    do(world.lawyer, number, "note_contact", reached=True, text="好")
    clock.move_to(at(10, 14))
    do(world.citizen, number, "urge")
    clock.move_to(at(10, 15, 15))
    drain()
    said = " ".join(bodies(number, "reminder_due"))
    assert "答复催办" in said and "答复咨询" in said


def test_while_nobody_handles_it_the_unit_is_reminded(world):
    clock.move_to(at(10, 12))
    number = question(world, until="DISPATCHED")
    clock.move_to(at(10, 13, 18))
    drain()
    reminded = Message.objects.filter(order_ref=number, template="reminder_due").values_list("account_id", flat=True)
    assert set(reminded) == {world.firm_liaison.account_id}


# --- lengths -----------------------------------------------------------------------------------------------------
STANDARD = {
    "WO-DISPATCH": {"U1": (15, "MINUTE"), "U2": (1, "HOUR"), "U3": (1, "WD"), "U4": (1, "WD")},
    "WO-SIGN": {"U1": (15, "MINUTE"), "U2": (1, "HOUR"), "U3": (1, "WD"), "U4": (2, "WD")},
    "WO-CONTACT": {"U1": (15, "MINUTE"), "U2": (2, "HOUR"), "U3": (1, "WD"), "U4": (3, "WD")},
    "WO-URGE": dict.fromkeys(("U1", "U2", "U3", "U4"), (1, "WD")),
    "WO-REDO": dict.fromkeys(("U1", "U2", "U3", "U4"), (1, "WD")),
    "RT-01": dict.fromkeys(("U1", "U2", "U3", "U4"), (1, "WD")),
    "RT-02": dict.fromkeys(("U1", "U2", "U3", "U4"), (15, "WD")),
    "WO-CORRECT": dict.fromkeys(("U1", "U2", "U3", "U4"), (15, "CD")),
}


def test_the_service_levels_are_those_of_the_standard():
    limits = {limit.id: limit for limit in loader.read().processes["envelope"].limits}
    assert set(limits) == set(STANDARD)
    for name, spans in STANDARD.items():
        for urgency, span in spans.items():
            length = limits[name].length(urgency)
            assert (length.value, length.unit) == span, (name, urgency)


def test_every_limit_names_its_source_and_what_a_request_for_papers_does_to_it():
    for process in loader.read().processes.values():
        for limit in process.limits:
            assert limit.basis and limit.supplement in {"pause", "restart", "precede", "run"}
            if limit.kind == "statutory":
                assert "art." in limit.basis, limit.id
            assert limit.extension is None or limit.extension.basis


def test_a_change_in_law_does_not_move_clocks_that_run(world, tmp_path):
    """T10: an order keeps the limits it began with, even those of another published version."""
    from tests.test_definitions import ITEM, PROCESS

    folder = tmp_path / "own"
    folder.mkdir()
    # another process does not know the actions that the service's own limits name
    item = ITEM.split("\nlimits:\n")[0].replace("process: mediation", "process: trial")
    (folder / "item.yaml").write_text(item, encoding="utf-8")
    (folder / "process.yaml").write_text(PROCESS, encoding="utf-8")
    catalogue.publish_all(SYSTEM, extra=folder)
    from fawang.base.workorders.tests.factories import ANSWERS

    number = drive(world, file(world, service="TRIAL_ITEM", answers=ANSWERS), "HANDLING")
    before = clock_of(number, "TR-01")
    do(world.mediator, number, "suspend", reason="SP02", text="核实")
    shorter = PROCESS.replace("version: 1", "version: 2").replace(
        "span: {value: 3, unit: WD}", "span: {value: 1, unit: WD}"
    )
    (folder / "process.yaml").write_text(shorter, encoding="utf-8")
    catalogue.publish_all(SYSTEM, extra=folder)
    do(world.mediator, number, "resume")
    assert (clock_of(number, "TR-01").value, clock_of(number, "TR-01").due_at) == (3, before.due_at)
    fresh = drive(world, file(world, service="TRIAL_ITEM", answers=ANSWERS), "HANDLING")
    assert clock_of(fresh, "TR-01").value == 1
    do(world.mediator, number, "try_it")
    assert clock_of(number, "TR-01").state == "MET"


# --- doing it again ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("urgency", "days"), [("U2", 1), ("U3", 2), ("U4", 3)])
def test_what_is_done_again_is_due_in_half_of_the_original_time_but_not_less_than_a_day(world, urgency, days):
    number = question(world, urgency="U3" if urgency == "U4" else urgency)
    Order.objects.filter(number=number).update(urgency=urgency)
    do(world.lawyer, number, "note_contact", reached=True, text="好")
    do(world.lawyer, number, "give_opinion", **OPINION)
    do(world.lawyer, number, "complete", result="ANSWERED", text="见意见书")
    do(world.caller, number, "plan_callback")
    do(world.caller, number, "record_callback", reached=True, redo=True, text="没有答到点子上")
    redo = clock_of(number, "WO-REDO")
    assert (redo.state, redo.value, redo.unit) == ("RUNNING", days, "WD")
    assert Order.objects.get(number=number).due_at == redo.due_at


def test_after_a_bad_rating_somebody_calls_within_a_day_and_it_is_put_right_within_fifteen(world):
    number = drive(world, file(world), "DONE")
    do(world.supervisor, number, "rectify", problem="没有联系", demand="联系并说明")
    first, whole = clock_of(number, "RT-01"), clock_of(number, "RT-02")
    assert (first.state, whole.state) == ("RUNNING", "RUNNING")
    do(world.mediator, number, "note_contact", reached=True, text="道歉")
    assert (clock_of(number, "RT-01").state, clock_of(number, "RT-02").state) == ("MET", "RUNNING")
    do(world.liaison, number, "report_rectified", cause="疏忽", measures="已登门")
    assert clock_of(number, "RT-02").state == "MET"


def test_the_citizens_own_limit_reminds_and_never_alarms(world):
    number = question(world)
    do(world.lawyer, number, "request_supplement", items="劳动合同", days=10)
    due = clock_of(number, "WO-CORRECT").due_at
    clock.move_to(due - timedelta(days=1))
    drain()
    [said] = bodies(number, "your_limit_ends")
    assert "申请人补正" in said
    clock.move_to(due + timedelta(days=1))
    drain()
    assert clock_of(number, "WO-CORRECT").breached_at is None
    assert Order.objects.get(number=number).breached_count == 0
    assert selectors.get(world.citizen, number).state == "SUSPENDED"
