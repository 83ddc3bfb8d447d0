"""Numbers in a hall: order, calling, passing over, the screen, the end of the day."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connections

from fawang.base.meetings import errors, ordering, selectors, services
from fawang.base.meetings.models import Ticket
from fawang.base.meetings.ordering import Waiting
from fawang.base.meetings.tests import factories as make
from fawang.base.notifications.models import Message
from fawang.kernel import clock
from fawang.kernel.errors import NotFound, NotLoggedIn
from fawang.kernel.policy import VISITOR

NOON = make.at(23, 10)


def hall():
    make.calendar()
    unit = make.institution()
    windows = [make.window(unit, f"{number} 号窗口") for number in (1, 2, 3)]
    model = apps.get_model("organisations", "Window")
    model.objects.filter(pk__in=windows[:2]).update(lines=["consultation"])
    model.objects.filter(pk=windows[2]).update(lines=["notary"])
    return unit, windows, make.staff("RECEPTIONIST", unit)


@pytest.fixture
def ten(db):
    with clock.at(NOON):
        yield


def take(unit, line="consultation", **more):
    view = services.take_ticket(actor=VISITOR, institution_id=unit, line=line, **more)
    clock.advance(timedelta(minutes=1))
    return view


def test_priority_then_booked_times_that_have_come_then_arrival_then_the_early():
    def one(pk, minute, *, first=False, booked=None, to_pass=0):
        start = NOON + timedelta(minutes=booked) if booked is not None else None
        return Waiting(pk, NOON + timedelta(minutes=minute), first, start, to_pass)

    waiting = [
        one(1, 0),
        one(2, 1),
        one(3, 2, booked=5),
        one(4, 3, booked=90),
        one(5, 6, first=True),
        one(6, 0, to_pass=2),
    ]
    longest = timedelta(minutes=60)
    assert ordering.in_turn(waiting, now=NOON + timedelta(minutes=10), longest=longest) == [5, 3, 1, 2, 4, 6]
    # before the booked time the others go on; who has waited an hour is not overtaken any more
    assert ordering.in_turn(waiting, now=NOON + timedelta(minutes=4), longest=longest) == [5, 1, 2, 3, 4, 6]
    assert ordering.in_turn(waiting, now=NOON + timedelta(minutes=95), longest=longest) == [5, 1, 2, 3, 4, 6]


def test_waiting_time_is_said_only_once_enough_people_were_served():
    spans = [(NOON, NOON + timedelta(minutes=minutes)) for minutes in (4, 6, 8, 30)]
    assert ordering.service_time(spans, told_from=5) is None
    each = ordering.service_time([*spans, (NOON, NOON + timedelta(minutes=7))], told_from=5)
    assert each == timedelta(minutes=7)
    assert ordering.wait_minutes(3, each, 2) == 15
    assert ordering.wait_minutes(0, each, 2) == 0
    assert ordering.wait_minutes(3, each, 0) is None
    assert ordering.wait_minutes(3, None, 2) is None


def test_a_day_in_the_hall(ten):
    unit, (one, two, other), clerk = hall()
    first, second, third = take(unit), take(unit), take(unit, priority="ELDERLY")
    notary = take(unit, "notary")
    assert [first.number, second.number, third.number, notary.number] == ["A001", "A002", "A003", "B001"]
    assert [selectors.ticket(one.token).ahead for one in (third, first, second)] == [0, 1, 2]
    with pytest.raises(errors.NoSuchLine):
        take(unit, "forensic")
    with pytest.raises(NotLoggedIn):
        services.call_next(actor=VISITOR, window_id=one)
    with pytest.raises(NotFound):
        services.call_next(actor=make.staff("RECEPTIONIST", make.institution("别处", "510107")), window_id=one)
    called = services.call_next(actor=clerk, window_id=one)
    assert called.number == "A003"
    # the same press again finds A003 at the window and calls nobody else
    assert services.call_next(actor=clerk, window_id=one).number == "A003"
    clock.advance(timedelta(minutes=1))
    assert services.call_next(actor=clerk, window_id=two).number == "A001"
    assert [(row.number, row.window_name) for row in selectors.screen(unit)] == [
        ("A001", "2 号窗口"),
        ("A003", "1 号窗口"),
    ]
    assert services.recall(actor=clerk, token=first.token).calls == 2
    # A001 is not there: it comes back after three others, and is struck off at the third time
    services.pass_over(actor=clerk, token=first.token)
    more = [take(unit) for _ in range(4)]
    order = [row.number for row in selectors.queue(clerk, two)]
    assert order == ["A002", "A004", "A005", "A006", "A007", "A001"]
    current, numbers = "", []
    for _ in range(4):
        view = services.call_next(actor=clerk, window_id=two, current=current)
        current, numbers = view.token, [*numbers, view.number]
    assert numbers == ["A002", "A004", "A005", "A001"]
    for _ in range(2):
        services.pass_over(actor=clerk, token=first.token)
        if selectors.ticket(first.token).state == "WAITING":
            Ticket.objects.filter(token=first.token).update(back_at=0)
            services.call_next(actor=clerk, window_id=two)
    assert selectors.ticket(first.token).state == "MISSED"
    with pytest.raises(errors.TicketIsOver):
        services.pass_over(actor=clerk, token=first.token)
    # sent on to the notary: number and place by time of arrival stay
    sent = services.transfer(actor=clerk, token=third.token, line="notary")
    assert (sent.number, sent.line) == ("A003", "notary")
    assert services.call_next(actor=clerk, window_id=other).number == "A003"
    services.leave_queue(token=more[2].token)
    assert selectors.ticket(more[2].token).state == "LEFT"
    # enough were served: the time is said
    assert selectors.ticket(notary.token).wait_minutes is None


def test_waiting_times_come_from_todays_services_of_that_kind(ten):
    unit, (one, _two, _other), clerk = hall()
    tickets = [take(unit) for _ in range(9)]
    current = ""
    for _ in range(6):
        current = services.call_next(actor=clerk, window_id=one, current=current).token
        clock.advance(timedelta(minutes=10))
    view = selectors.ticket(tickets[8].token)
    assert (view.ahead, view.wait_minutes) == (2, 20)


def test_who_checks_in_is_called_at_the_booked_time_and_the_booking_is_done_with_the_number(ten):
    unit, (one, _two, _other), clerk = hall()
    desk = make.bookable(unit, kind="WINDOW", window_id=one, name="1 号窗口")
    me = make.citizen(make.party())
    booking = services.book(actor=me, bookable_id=desk.id, start=make.at(23, 11, 30))
    assert services.ticket_for_booking(actor=clerk, token=booking.token) is None
    clock.move_to(make.at(23, 11))
    waiting = take(unit)
    services.check_in(actor=clerk, token=booking.token)
    mine = services.ticket_for_booking(actor=clerk, token=booking.token)
    assert services.ticket_for_booking(actor=clerk, token=booking.token).number == mine.number
    assert [row.number for row in selectors.queue(clerk, one)] == [waiting.number, mine.number]
    clock.move_to(make.at(23, 11, 31))
    assert [row.number for row in selectors.queue(clerk, one)] == [mine.number, waiting.number]
    called = services.call_next(actor=clerk, window_id=one)
    services.serve(actor=clerk, token=called.token)
    assert selectors.booking(me, booking.token).state == "DONE"


def test_the_end_of_the_day_closes_what_is_left_and_says_sorry(ten):
    unit, (one, _two, _other), clerk = hall()
    desk = make.bookable(unit, kind="WINDOW", window_id=one, name="1 号窗口")
    me = make.citizen(make.party())
    booking = services.book(actor=me, bookable_id=desk.id, start=make.at(23, 11, 30))
    take(unit, key="a" * 22)
    services.check_in(actor=clerk, token=booking.token)
    mine = services.ticket_for_booking(actor=clerk, token=booking.token)
    served = services.call_next(actor=clerk, window_id=one)
    assert services.sweep_queues() == 0
    clock.move_to(make.at(23, 20, 5))
    assert services.sweep_queues() == 1
    assert services.sweep_queues() == 0
    assert selectors.ticket(served.token).state == "DONE"
    assert selectors.ticket(mine.token).state == "CLOSED"
    assert list(Message.objects.filter(template="queue_closed").values_list("party_id", flat=True)) == [me.party_id]
    # tomorrow begins at one, and today's numbers are on no screen
    clock.move_to(make.at(24, 9))
    assert (take(unit).number, selectors.screen(unit)) == ("A001", [])


@pytest.mark.django_db(transaction=True)
def test_windows_that_press_at_once_never_call_one_number_and_numbers_are_given_once(tmp_path):
    with clock.at(NOON):
        unit, windows, clerk = hall()
        model = apps.get_model("organisations", "Window")
        windows += [make.window(unit, f"{number} 号窗口") for number in range(4, 9)]
        model.objects.filter(pk__in=windows).update(lines=["consultation"])

    def run(job):
        try:
            with clock.at(NOON):
                if job[0] == "take":
                    return services.take_ticket(actor=VISITOR, institution_id=unit, line="consultation").number
                return services.call_next(actor=clerk, window_id=job[1]).number
        finally:
            connections.close_all()

    with make.file_database(tmp_path):
        with ThreadPoolExecutor(12) as pool:
            given = list(pool.map(run, [("take", 0)] * 12))
        with ThreadPoolExecutor(16) as pool:
            # each of the eight windows is pressed twice in the same moment
            called = list(pool.map(run, [("next", window) for window in windows * 2]))
    assert sorted(given) == [f"A{number:03}" for number in range(1, 13)]
    assert len(set(called)) == 8
    assert set(Counter(called).values()) == {2}
