"""Clocks of real orders with moved time: every case that brought other systems to grief."""

from datetime import datetime, timedelta

import pytest

from fawang.base.calendar import services as calendar
from fawang.base.calendar.errors import CalendarMissing
from fawang.base.notifications.models import Message
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import NotYours
from fawang.base.workorders.models import Clock, ClockEntry, Order
from fawang.base.workorders.tests.factories import ANSWERS, QUESTION, SYSTEM, do, drive, file, to_unit
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.events.models import Event
from fawang.kernel.outbox.models import Effect
from fawang.kernel.outbox.services import drain


def at(month, day, hour=10, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=clock.SHANGHAI)


def midnight_after(month, day, year=2026):
    return at(month, day, 0, year=year) + timedelta(days=1)


def running(number, limit):
    return Clock.objects.filter(order__number=number, limit_id=limit).latest("id")


def settle():
    """Let everything queued happen, with what follows a few seconds later."""
    for _ in range(3):
        drain()
        clock.advance(timedelta(seconds=6))


def kinds(number, limit):
    return list(ClockEntry.objects.filter(clock=running(number, limit)).order_by("id").values_list("kind", flat=True))


def question(world, until="HANDLING", **changes):
    """A consultation with the lawyer."""
    number = file(world, service="CONSULT_MESSAGE", answers={**QUESTION, **changes})
    do(SYSTEM, number, "queue")
    steps = {
        "TO_DISPATCH": None,
        "DISPATCHED": lambda: do(world.dispatcher, number, "dispatch", unit=world.token("firm")),
        "SIGNED": lambda: do(world.firm_liaison, number, "sign"),
        "ASSIGNED": lambda: do(world.lawyer, number, "take"),
        "HANDLING": lambda: do(world.lawyer, number, "accept"),
    }
    for state, step in steps.items():
        if step:
            step()
        if state == until:
            break
    return number


def test_working_days_skip_the_holiday_and_count_the_make_up_saturday(world):
    clock.move_to(at(9, 29))  # Tuesday; 1 to 7 October off, Saturday the 10th works
    number = question(world)
    # Wednesday 30 Sept., Thursday 8 and Friday 9 October
    assert running(number, "CO-05").due_at == midnight_after(10, 9)


def test_a_pause_begun_on_friday_evening_and_ended_on_a_make_up_saturday_gives_the_exact_due_time(world):
    clock.move_to(at(9, 29))
    number = question(world)
    clock.move_to(at(10, 9, 20))  # Friday evening: the last day is running, nothing whole has been used of it
    do(world.lawyer, number, "suspend", reason="SP02", text="向社保局核实")
    paused = running(number, "CO-05")
    assert (paused.state, paused.due_at) == ("PAUSED", None)
    clock.move_to(at(10, 10, 9))  # a Saturday on which people work
    do(world.lawyer, number, "resume")
    # one working day rested, the Friday: the last day moves on to the next working day, which is this Saturday (T6)
    assert running(number, "CO-05").due_at == midnight_after(10, 10)
    assert selectors.get(world.lawyer, number).due_at == Order.objects.get(number=number).due_at
    freeze = running(number, "CO-05").due_at
    [view] = [c for c in selectors.clocks(world.lawyer, number) if c.limit_id == "CO-05"]
    assert view.due_at == freeze


def test_suspending_moves_the_date_by_exactly_the_days_suspended(world):
    clock.move_to(at(9, 7))  # Monday, an ordinary week
    number = question(world)
    assert running(number, "CO-05").due_at == midnight_after(9, 10)
    clock.move_to(at(9, 8, 15))
    do(world.lawyer, number, "suspend", reason="SP02", text="核实")
    clock.move_to(at(9, 15, 9))
    do(world.lawyer, number, "resume")
    # used: none whole but Tuesday begun; five working days rested (Tue 8 to Mon 14)
    assert running(number, "CO-05").due_at == midnight_after(9, 17)


def test_two_pauses_add_up_and_a_change_of_handler_between_changes_nothing(world):
    clock.move_to(at(9, 7))
    number = drive(world, file(world), "HANDLING")  # ME-02: one month
    assert running(number, "ME-02").due_at == midnight_after(10, 8)  # 7 October is a holiday: the next working day
    clock.move_to(at(9, 8))
    do(world.mediator, number, "suspend", reason="SP03", text="鉴定")
    clock.move_to(at(9, 11))
    do(world.mediator, number, "resume")
    once = running(number, "ME-02").due_at
    do(world.liaison, number, "assign", handler=world.handler_token(name="second_mediator"))
    assert running(number, "ME-02").due_at == once
    clock.move_to(at(9, 14))
    do(world.second_mediator, number, "suspend", reason="SP03", text="再鉴定")
    clock.move_to(at(9, 18))
    do(world.second_mediator, number, "resume")
    assert kinds(number, "ME-02") == ["START", "PAUSE", "RESUME", "PAUSE", "RESUME"]
    assert running(number, "ME-02").due_at == once + timedelta(days=4)


def test_pausing_and_resuming_in_the_same_moment_leaves_the_clock_running(world):
    number = question(world)
    before = running(number, "CO-05").due_at
    for _ in range(3):
        do(world.lawyer, number, "suspend", reason="SP02", text="核实")
        do(world.lawyer, number, "resume")
    after = running(number, "CO-05")
    assert (after.state, after.due_at) == ("RUNNING", before)


def test_a_machine_whose_clock_was_set_back_does_not_break_a_resume(world):
    number = question(world)
    do(world.lawyer, number, "suspend", reason="SP02", text="核实")
    clock.advance(timedelta(seconds=-30))
    do(world.lawyer, number, "resume")
    assert running(number, "CO-05").due_at is not None


def test_resuming_does_not_make_the_order_younger(world):
    number = question(world)
    submitted = selectors.get(world.lawyer, number).submitted_at
    clock.advance(timedelta(days=15))
    do(world.lawyer, number, "suspend", reason="SP02", text="核实")
    clock.advance(timedelta(days=1))
    do(world.lawyer, number, "resume")
    assert selectors.get(world.lawyer, number).submitted_at == submitted
    assert running(number, "CO-05").started_at == submitted


def test_a_breach_is_noticed_in_the_minute_it_happens_and_only_once(world):
    number = question(world)
    due = running(number, "CO-05").due_at
    clock.move_to(due - timedelta(minutes=1))
    drain()
    assert selectors.get(world.lawyer, number).number and running(number, "CO-05").breached_at is None
    clock.move_to(due)
    drain()
    assert running(number, "CO-05").breached_at == due
    assert Event.objects.filter(name="workorders.breached.v1", stream__startswith="order:").count() >= 1
    assert Message.objects.filter(template__contains="overdue").exists()
    breached = Order.objects.get(number=number).breached_count
    clock.advance(timedelta(days=1))
    drain()
    do(
        world.lawyer,
        number,
        "give_opinion",
        facts="欠薪",
        text="可以仲裁",
        articles="《劳动合同法》第八十二条",
        path="arbitration",
    )
    assert Order.objects.get(number=number).breached_count == breached


def test_what_is_met_at_the_very_end_of_the_limit_is_late_and_a_second_before_is_not(world):
    late, early = question(world), question(world)
    due = running(early, "CO-05").due_at
    opinion = {"facts": "欠薪", "text": "可以仲裁", "articles": "《劳动合同法》第八十二条", "path": "arbitration"}
    clock.move_to(due - timedelta(seconds=1))
    do(world.lawyer, early, "give_opinion", **opinion)
    clock.move_to(due)
    do(world.lawyer, late, "give_opinion", **opinion)
    assert running(early, "CO-05").breached_at is None
    assert running(late, "CO-05").breached_at == due


def test_an_alarm_set_before_the_clock_moved_does_nothing(world):
    number = question(world)
    first = running(number, "CO-05").due_at
    do(world.lawyer, number, "note_contact", reached=True, text="好")
    do(world.lawyer, number, "suspend", reason="SP02", text="核实")
    clock.move_to(first + timedelta(hours=1))
    drain()
    assert running(number, "CO-05").breached_at is None
    do(world.lawyer, number, "resume")
    clock.advance(timedelta(minutes=5))
    drain()
    assert Order.objects.get(number=number).breached_count == 0
    clock.move_to(running(number, "CO-05").due_at)
    drain()
    assert Order.objects.get(number=number).breached_count == 1


def test_a_reminder_of_the_old_date_is_not_sent_after_a_pause(world):
    number = question(world)
    do(world.lawyer, number, "note_contact", reached=True, text="好")
    do(world.lawyer, number, "suspend", reason="SP02", text="核实")
    clock.advance(timedelta(days=14))
    do(world.lawyer, number, "resume")
    drain()
    assert not Message.objects.filter(template__contains="reminder").exists()


def test_an_urging_nobody_answers_is_late_even_while_the_order_rests(world):
    number = question(world)
    do(world.citizen, number, "urge")
    do(world.lawyer, number, "suspend", reason="SP02", text="核实")
    clock.move_to(running(number, "WO-URGE").due_at)
    drain()
    assert running(number, "WO-URGE").breached_at is not None
    assert not Effect.objects.filter(done_at__isnull=True, attempts__gt=0).exists()


def test_each_limit_answers_a_request_for_materials_in_its_own_way(world):
    number = file(world)  # ME-01 precede: it starts when the papers are whole
    do(world.clerk, number, "request_correction", items="身份证", days=5)
    assert running(number, "ME-01").state == "WAITING"
    assert running(number, "WO-CORRECT").value == 5
    clock.advance(timedelta(days=14))
    do(world.citizen, number, "reply_correction", reply="补好了")
    assert kinds(number, "ME-01") == ["START", "PAUSE", "RESTART"]
    assert running(number, "ME-01").due_at == midnight_after(10, 15)  # three working days from Monday the 12th
    assert running(number, "WO-CORRECT").state == "MET"
    assert Order.objects.get(number=number).breached_count == 0  # late was the citizen, not the office

    asked = question(world)  # CO-05 pause: it goes on where it stood
    do(world.lawyer, asked, "request_supplement", items="合同")
    clock.advance(timedelta(days=7))
    do(world.citizen, asked, "reply_supplement", reply="见附件")
    assert kinds(asked, "CO-05") == ["START", "PAUSE", "RESUME"]
    agreed = drive(world, file(world), "agreed")  # JC-01 run: the law does not wait
    before = running(agreed, "JC-01").due_at
    do(world.mediator, agreed, "suspend", reason="SP06", text="双方同意")
    assert (running(agreed, "JC-01").state, running(agreed, "JC-01").due_at) == ("RUNNING", before)


def test_an_extension_is_given_once_before_the_end_and_by_another_person(world):
    number = question(world)
    before = running(number, "CO-05").due_at
    do(world.lawyer, number, "ask_extension", reason="案情复杂")
    with pytest.raises(NotYours):
        do(world.lawyer, number, "approve_extension")
    do(world.partner_lawyer, number, "approve_extension")
    assert running(number, "CO-05").due_at > before
    assert ClockEntry.objects.filter(kind="EXTEND").get().basis.startswith("practice")
    with pytest.raises(RefusedByRule):
        do(world.lawyer, number, "ask_extension", reason="还要")


def test_an_extension_asked_in_time_but_answered_after_the_end_is_refused(world):
    number = question(world)
    due = running(number, "CO-05").due_at
    clock.move_to(due - timedelta(hours=1))
    do(world.lawyer, number, "ask_extension", reason="案情复杂")
    clock.move_to(due)
    with pytest.raises(RefusedByRule):
        do(world.partner_lawyer, number, "approve_extension")
    do(world.partner_lawyer, number, "refuse_extension", reason="已到期")
    with pytest.raises(RefusedByRule):
        do(world.lawyer, number, "ask_extension", reason="再试")


def test_a_changed_holiday_moves_open_orders_and_tells_both_sides(world):
    clock.move_to(at(9, 7))
    number, paused = question(world), question(world)
    do(world.lawyer, paused, "suspend", reason="SP02", text="核实")
    drain()
    told = Message.objects.count()
    calendar.set_day(SYSTEM, at(9, 9).date(), False, "临时放假", "省政府通知")
    settle()
    assert running(number, "CO-05").due_at == midnight_after(9, 11)
    assert kinds(number, "CO-05") == ["START", "RECALCULATE"]
    assert Order.objects.get(number=number).due_at is not None
    assert Event.objects.filter(name="workorders.due_moved.v1").count() == 1
    assert Message.objects.count() > told
    clock.advance(timedelta(hours=1))
    do(world.lawyer, paused, "resume")
    assert running(paused, "CO-05").due_at == midnight_after(9, 11)
    assert "9" in next(c.en for c in selectors.clocks(world.citizen, number) if c.limit_id == "CO-05")


def test_a_recalculation_that_moves_nothing_is_no_event_and_no_message(world):
    number = question(world)
    drain()
    told, version = Message.objects.count(), Order.objects.get(number=number).version
    calendar.set_day(SYSTEM, at(12, 25).date(), False, "无关", "试")
    settle()
    assert (Message.objects.count(), Order.objects.get(number=number).version) == (told, version)
    assert "RECALCULATE" not in kinds(number, "CO-05")


def test_a_provisional_year_says_so_and_the_announced_one_recomputes_and_tells(world):
    clock.move_to(at(12, 31))
    number = question(world)
    view = selectors.get(world.citizen, number)
    assert view.due_is_provisional
    assert running(number, "CO-05").is_provisional
    shown = next(c for c in selectors.clocks(world.citizen, number) if c.limit_id == "CO-05")
    assert "2027" in shown.zh and "2027" in shown.en
    drain()
    calendar.set_day(SYSTEM, at(1, 4, year=2027).date(), False, "元旦", "国务院办公厅通知")
    settle()
    assert running(number, "CO-05").calendar_revision > 0
    assert kinds(number, "CO-05")[-1] == "RECALCULATE"


def test_a_year_nobody_announced_refuses_to_file_rather_than_guess(world):
    clock.move_to(at(12, 31, year=2028))
    with pytest.raises(CalendarMissing) as refusal:
        file(world)
    assert "fawang calendar load" in refusal.value.text
    assert not Order.objects.exists()
    assert not Effect.objects.filter(kind__startswith="workorders").exists()


def test_urgent_orders_run_in_minutes_at_night_too(world):
    clock.move_to(at(10, 3, 2, 30))  # a holiday night
    number = question(world, until="TO_DISPATCH", urgency="U1")
    assert running(number, "WO-DISPATCH").due_at == at(10, 3, 2, 45)
    do(world.dispatcher, number, "dispatch", unit=world.token("firm"))
    assert running(number, "WO-SIGN").due_at == at(10, 3, 2, 45)
    second = question(world, until="TO_DISPATCH", urgency="U2")
    assert running(second, "WO-DISPATCH").due_at == at(10, 3, 3, 30)
    third = question(world, until="TO_DISPATCH")
    assert running(third, "WO-DISPATCH").due_at == midnight_after(10, 8)  # the first working day


def test_every_way_back_to_dispatch_starts_its_clock_and_ends_the_units(world):
    ways = {
        "recall": ("DISPATCHED", lambda n: do(world.dispatcher, n, "recall", reason="派错")),
        "return": (
            "DISPATCHED",
            lambda n: (do(world.liaison, n, "ask_return", reason="RT08"), do(world.dispatcher, n, "agree_return")),
        ),
        "transfer": (
            "ASSIGNED",
            lambda n: (do(world.mediator, n, "ask_transfer", reason="RT07"), do(world.liaison, n, "agree_transfer")),
        ),
        "reclassify": (
            "SIGNED",
            lambda n: do(world.dispatcher, n, "reclassify", service_code="CONSULT_MESSAGE", reason="咨询"),
        ),
    }
    for name, (until, act) in ways.items():
        number = drive(world, file(world), until)
        assert running(number, "WO-DISPATCH").state == "MET"
        act(number)
        assert Order.objects.get(number=number).state == "TO_DISPATCH", name
        assert running(number, "WO-DISPATCH").state == "RUNNING", name
        open_ones = Clock.objects.filter(order__number=number, state="RUNNING").values_list("limit_id", flat=True)
        assert not {"WO-SIGN", "WO-CONTACT"} & set(open_ones), name


def test_reclassifying_counts_the_new_limits_from_the_submission(world):
    number = drive(world, file(world), "SIGNED")
    submitted = Order.objects.get(number=number).submitted_at
    clock.advance(timedelta(hours=3))
    do(world.dispatcher, number, "reclassify", service_code="CONSULT_MESSAGE", reason="只想咨询")
    assert running(number, "ME-01").state == "VOID"
    assert running(number, "CO-05").started_at == submitted


def test_a_corrected_urgency_puts_the_lengths_right_and_keeps_the_start(world):
    number = question(world, until="SIGNED")
    before = running(number, "CO-05")
    clock.advance(timedelta(minutes=10))
    do(world.dispatcher, number, "reclassify", urgency="U1", reason="有人被关押")
    after = running(number, "CO-05")
    assert (after.pk, after.started_at) == (before.pk, before.started_at)
    assert after.due_at == after.started_at + timedelta(hours=1)
    assert kinds(number, "CO-05") == ["START", "RECALCULATE"]
    clock.move_to(after.due_at)
    drain()
    assert running(number, "CO-05").breached_at == after.due_at


def test_the_parts_of_a_split_order_are_as_old_as_the_whole(world):
    number = drive(world, file(world), "TO_DISPATCH")
    submitted = Order.objects.get(number=number).submitted_at
    clock.advance(timedelta(hours=5))
    parts = do(world.dispatcher, number, "split", parts="MEDIATION_PEOPLE\nCONSULT_MESSAGE", reason="两件事").extra[
        "parts"
    ]
    assert running(parts[1], "CO-05").started_at == submitted
    assert not Clock.objects.filter(order__number=number, state="RUNNING").exists()


def test_an_order_that_ended_has_no_running_clock_however_it_ended(world):
    number = drive(world, file(world), "DONE")
    do(world.caller, number, "plan_callback")
    do(world.supervisor, number, "rectify", problem="p", demand="d")
    do(world.citizen, number, "urge")
    do(world.liaison, number, "report_rectified", cause="c", measures="m")
    do(world.caller, number, "record_callback", reached=True)
    assert Order.objects.get(number=number).state == "CLOSED"
    still = Clock.objects.filter(order__number=number, state__in=["RUNNING", "PAUSED", "WAITING"])
    # but for the parties' own right, and the watch over what they agreed
    assert set(still.values_list("limit_id", flat=True)) == {"JC-01", "ME-15"}
    assert Order.objects.get(number=number).due_at is None
    clock.advance(timedelta(days=60))
    drain()
    assert not Effect.objects.filter(done_at__isnull=True, kind="workorders.alarm").exists()


def test_each_clock_says_in_both_languages_why_it_is_due_then(world):
    number = drive(world, file(world, plan=None), "HANDLING")
    do(world.mediator, number, "suspend", reason="SP03", text="鉴定")
    for view in selectors.clocks(world.mediator, number):
        assert len(view.zh) > 10 and len(view.en) > 10, view
        assert view.basis
        assert "{" not in view.zh + view.en and "%(" not in view.zh + view.en
    assert {c.duty for c in selectors.clocks(world.citizen, number)} <= {"unit", "citizen"}


def test_the_due_time_of_the_row_is_the_earliest_of_the_running_duties(world):
    number = drive(world, file(world), "HANDLING")
    rows = Clock.objects.filter(order__number=number, state="RUNNING").exclude(duty="citizen")
    assert Order.objects.get(number=number).due_at == min(row.due_at for row in rows)


def test_dispatch_in_the_same_act_starts_the_right_clocks(world):
    number = file(world, plan=to_unit(world.token("committee")))
    assert running(number, "WO-DISPATCH").state == "MET"
    assert running(number, "WO-SIGN").state == "RUNNING"
    with pytest.raises(Invalid):
        file(world, answers={**ANSWERS, "area": ""})
