"""What oversight does by itself, what it counts, and who may see it."""

from datetime import timedelta

import pytest

from fawang.base.workorders import selectors as orders
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import ANSWERS, do, drive, file
from fawang.kernel import clock
from fawang.kernel.errors import NotPermitted
from fawang.kernel.outbox import services as outbox
from fawang.middle.oversight import rule, selectors, services


def numbers(page):
    return {row.number for row in page.rows}


def done(world):
    return drive(world, file(world), "DONE")


def test_all_bad_urgent_and_complaining_orders_are_called_back_and_a_share_of_the_rest():
    drawn = [f"PLS{n:023d}" for n in range(4000)]

    def part(**order):
        facts = {"demand_type": "APPLY", "urgency": "U3", "grade": None, **order}
        return sum(rule.is_called_back(number, **facts) for number in drawn) / len(drawn)

    assert part(grade=1) == part(grade=2) == part(urgency="U1") == part(urgency="U2") == 1
    assert part(demand_type="COMPLAINT") == 1
    assert 0.28 < part(demand_type="HELP") < 0.33
    assert 0.04 < part() < 0.06
    assert 0.04 < part(grade=5) < 0.06


def test_the_same_number_is_always_drawn_alike():
    number = "PLS20260928510107010001239"
    assert rule.draw(number) == rule.draw(number)
    assert rule.draw(number) != rule.draw(number + "X")


def test_an_urgent_order_is_put_on_the_call_back_list_when_its_result_is_told(world):
    number = drive(world, file(world, urgency="U2"), "DONE")
    outbox.drain()
    assert orders.get(world.supervisor, number).state == "CALLBACK"
    assert number in numbers(selectors.callbacks(world.caller))


def test_an_order_that_is_not_drawn_stays_done(world, monkeypatch):
    monkeypatch.setattr(rule, "SHARE_OF_OTHERS", 0.0)
    number = done(world)
    outbox.drain()
    assert orders.get(world.supervisor, number).state == "DONE"


@pytest.mark.parametrize("grade", ["1", "2"])
def test_a_bad_rating_orders_a_rectification_once_and_ends_in_a_call_back(world, grade, monkeypatch):
    monkeypatch.setattr(rule, "SHARE_OF_OTHERS", 0.0)
    number = done(world)
    outbox.drain()
    do(world.citizen, number, "rate", grade=grade)
    outbox.drain()
    outbox.drain()
    assert orders.get(world.supervisor, number).state == "RECTIFYING"
    said = [step.data for step in orders.timeline(world.liaison, number) if step.action == "rectify"]
    assert len(said) == 1
    assert grade in said[0]["problem"]
    assert not services.follow_rating(order_ref=number)
    do(world.liaison, number, "report_rectified", cause="没有回电话", measures="已道歉并补办")
    assert number in numbers(selectors.callbacks(world.caller))


@pytest.mark.parametrize("grade", ["3", "4", "5"])
def test_a_good_rating_orders_nothing(world, grade, monkeypatch):
    monkeypatch.setattr(rule, "SHARE_OF_OTHERS", 0.0)
    number = done(world)
    outbox.drain()
    do(world.citizen, number, "rate", grade=grade)
    outbox.drain()
    assert orders.get(world.supervisor, number).state == "DONE"


def test_a_bad_rating_after_archiving_opens_the_order_again(world, monkeypatch):
    monkeypatch.setattr(rule, "SHARE_OF_OTHERS", 0.0)
    number = drive(world, file(world), "CLOSED")
    outbox.drain()
    do(world.citizen, number, "rate", grade="1")
    outbox.drain()
    assert orders.get(world.supervisor, number).state == "RECTIFYING"


def test_every_number_of_the_overview_is_the_size_of_the_list_it_opens(world):
    first, second = file(world), drive(world, file(world), "DISPATCHED")
    do(world.citizen, second, "urge")
    do(world.supervisor, first, "supervise", level="1", text="请尽快")
    rated = done(world)
    do(world.citizen, rated, "rate", grade="4")
    with clock.at(clock.now() + timedelta(days=3)):
        seen = selectors.overview(world.supervisor)
        figures = [
            seen.open,
            seen.late,
            seen.soon,
            seen.urged,
            seen.supervised,
            *seen.states,
            *seen.units,
            *seen.grades,
        ]
        for figure in figures:
            page = selectors.listed(world.supervisor, figure.queue, **figure.filters)
            assert len(page.rows) == page.count == figure.count, figure
        assert (seen.urged.count, seen.supervised.count) == (1, 1)
        assert seen.open.count == sum(figure.count for figure in seen.states) == 3
        assert seen.late_share > 0
        assert seen.bad_share == 0


def test_the_numbers_of_an_area_count_only_that_area(world):
    file(world)
    assert selectors.overview(world.supervisor).open.count == 1
    assert selectors.overview(world.justice).open.count == 1
    file(world, answers={**ANSWERS, "area": "510117"})
    assert selectors.overview(world.supervisor).open.count == 2
    assert selectors.overview(world.justice).open.count == 1


def test_what_should_be_supervised_is_the_second_unanswered_urging_and_the_long_overdue(world):
    urged, late = file(world), file(world)
    do(world.citizen, urged, "urge")
    assert [one.figure.count for one in selectors.to_supervise(world.supervisor)] == [0, 0]
    do(world.supervisor, urged, "urge")
    Order.objects.filter(number=late).update(due_at=clock.now() - timedelta(days=6))
    Order.objects.filter(number=urged).update(due_at=None)
    second, overdue = selectors.to_supervise(world.supervisor)
    assert numbers(selectors.listed(world.supervisor, second.figure.queue, **second.figure.filters)) == {urged}
    assert numbers(selectors.listed(world.supervisor, overdue.figure.queue, **overdue.figure.filters)) == {late}
    do(world.supervisor, late, "supervise", level="1", text="请说明")
    assert selectors.to_supervise(world.supervisor)[1].figure.count == 0


def test_two_working_days_before_a_monday_skip_the_weekend_and_the_holiday_on_friday(world):
    assert clock.local(rule.long_overdue_since()).strftime("%m-%d %H:%M") == "09-23 10:00"


@pytest.mark.parametrize("name", ["citizen", "mediator", "liaison", "reviewer", "clerk", "dispatcher", "auditor"])
def test_nobody_else_sees_the_overview(world, name):
    with pytest.raises(NotPermitted):
        selectors.overview(getattr(world, name))
    with pytest.raises(NotPermitted):
        selectors.listed(getattr(world, name), "late")


def test_call_back_staff_see_their_list_but_not_the_overview(world):
    assert selectors.callbacks(world.caller).count == 0
    with pytest.raises(NotPermitted):
        selectors.overview(world.caller)
