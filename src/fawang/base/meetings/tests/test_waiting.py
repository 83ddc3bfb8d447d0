"""Who waits gets the freed seat, in order; nobody else does, and nobody is forgotten."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections

from fawang.base.meetings import errors, rules, selectors, services
from fawang.base.meetings.models import Booking, Slot, Wait
from fawang.base.meetings.tests import factories as make
from fawang.base.notifications.models import Message
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import VISITOR

DAY = date(2026, 9, 24)
ONE_HOUR = {str(day): [["14:00", "15:00"]] for day in range(1, 6)}


@pytest.fixture
def morning(db):
    with clock.at(make.MORNING):
        make.calendar()
        yield


def people(count):
    return [make.citizen(make.party(phone=f"139002{number:05}"), number + 1) for number in range(count)]


def full_desk(holders, **more):
    """A desk whose only times (14:00, 14:30) are taken by the first two."""
    desk = make.bookable(make.institution(), opening_hours=ONE_HOUR, horizon_days=1, **more)
    taken = [
        services.book(actor=actor, bookable_id=desk.id, start=make.at(24, 14, minute))
        for actor, minute in zip(holders, (0, 30), strict=True)
    ]
    return desk, taken


def wait(actor, desk):
    return services.join_waiting(actor=actor, bookable_id=desk.id, first_day=DAY, last_day=DAY)


def told(template):
    return list(Message.objects.filter(template=template).order_by("id").values_list("party_id", flat=True))


def test_a_freed_seat_is_held_for_the_first_who_waits_and_lapses_to_the_next(morning):
    ann, bob, carl, dora = people(4)
    desk, (first, _second) = full_desk((ann, bob))
    with clock.at(make.at(23, 10)):
        mine, theirs = wait(carl, desk), wait(dora, desk)
        assert (mine.place, theirs.place) == (1, 2)
        services.cancel(actor=ann, token=first.token, reason="有事")
        # the seat never became free: whoever presses now is too late
        with pytest.raises(errors.FullyBooked):
            services.book(actor=ann, bookable_id=desk.id, start=make.at(24, 14))
        assert Slot.objects.count() == 2
        offered = selectors.wait(carl, mine.token)
        assert (offered.state, offered.offer_start) == ("OFFERED", make.at(24, 14))
        assert told("wait_offered") == [carl.party_id]
        with pytest.raises(NotFound):
            services.accept_offer(actor=dora, token=mine.token)
        clock.advance(timedelta(minutes=rules.today().hold_minutes + 1))
        with pytest.raises(errors.OfferIsOver):
            services.accept_offer(actor=carl, token=mine.token)
        assert services.sweep_waiting() == 1
        assert services.sweep_waiting() == 0
        assert selectors.wait(carl, mine.token).state == "LAPSED"
        assert told("wait_offered") == [carl.party_id, dora.party_id]
        booking = services.accept_offer(actor=dora, token=theirs.token)
        assert services.accept_offer(actor=dora, token=theirs.token).token == booking.token
        assert selectors.wait(dora, theirs.token).state == "SERVED"
    assert Booking.objects.filter(state="BOOKED").count() == 2
    assert selectors.my_waits(dora) == []


def test_one_waits_only_for_what_is_full_and_several_seats_go_to_several_people(morning):
    ann, bob, carl, dora, eve = people(5)
    desk, taken = full_desk((ann, bob))
    empty = make.bookable(make.institution("武侯区中心", "510107"), opening_hours=ONE_HOUR, horizon_days=1)
    with pytest.raises(errors.StillFree):
        wait(carl, empty)
    with pytest.raises(errors.SpanWrong):
        services.join_waiting(actor=carl, bookable_id=desk.id, first_day=DAY, last_day=date(2026, 9, 23))
    waits = [wait(actor, desk) for actor in (carl, dora, eve)]
    with pytest.raises(errors.AlreadyWaiting):
        wait(carl, desk)
    for actor, booking in zip((ann, bob), taken, strict=True):
        services.cancel(actor=actor, token=booking.token)
    states = [selectors.wait(actor, one.token).state for actor, one in zip((carl, dora, eve), waits, strict=True)]
    assert states == ["OFFERED", "OFFERED", "WAITING"]
    # who says no lets the next one in at once
    services.leave_waiting(actor=carl, token=waits[0].token)
    assert selectors.wait(eve, waits[2].token).state == "OFFERED"
    # nobody is left: a seat that is given back is free for everybody
    services.leave_waiting(actor=dora, token=waits[1].token)
    assert len(selectors.free_slots(VISITOR, bookable_id=desk.id, from_date=DAY, days=1)) == 1


def test_more_seats_reach_those_who_wait_and_what_is_offered_at_night_is_kept_till_morning(morning):
    ann, bob, carl, _dora = people(4)
    desk, _taken = full_desk((ann, bob))
    mine = wait(carl, desk)
    with clock.at(make.at(23, 23, 30)):
        services.change_bookable(actor=make.SYSTEM, bookable_id=desk.id, seats=2)
        assert services.sweep_waiting() == 1
        offer = selectors.wait(carl, mine.token)
        assert offer.offered_until == make.at(24, 9)
        clock.move_to(make.at(24, 8, 30))
        assert services.sweep_waiting() == 0
        services.accept_offer(actor=carl, token=mine.token)
    assert Booking.objects.get(party_id=carl.party_id).start == make.at(24, 14)


def test_a_wait_ends_when_its_days_are_over(morning):
    ann, bob, carl, _dora = people(4)
    desk, _taken = full_desk((ann, bob))
    mine = wait(carl, desk)
    with clock.at(make.at(25, 8)):
        assert services.sweep_waiting() == 1
        assert selectors.wait(carl, mine.token).state == "ENDED"
    assert told("wait_over") == [carl.party_id]


@pytest.mark.django_db(transaction=True)
def test_freeing_taking_and_sweeping_at_once_never_gives_a_seat_twice_nor_loses_one(tmp_path):
    with clock.at(make.MORNING):
        make.calendar()
        crowd = people(16)
        hours = {str(day): [["14:00", "17:00"]] for day in range(1, 6)}
        desk = make.bookable(make.institution(), opening_hours=hours, horizon_days=1)
        starts = [make.at(24, 14 + half // 2, 30 * (half % 2)) for half in range(6)]
        held = [services.book(actor=crowd[n], bookable_id=desk.id, start=starts[n]) for n in range(6)]
        waits = [wait(crowd[n], desk) for n in range(6, 12)]

    def run(job):
        kind, number = job
        try:
            with clock.at(make.MORNING):
                if kind == "cancel":
                    services.cancel(actor=crowd[number], token=held[number].token)
                elif kind == "book":
                    services.book(actor=crowd[number], bookable_id=desk.id, start=starts[number % 6])
                else:
                    services.sweep_waiting()
            return kind
        except errors.FullyBooked:
            return "full"
        finally:
            connections.close_all()

    jobs = [("cancel", n) for n in range(6)] + [("book", n) for n in range(12, 16)] + [("sweep", 0)] * 2
    with make.file_database(tmp_path):
        with ThreadPoolExecutor(12) as pool:
            outcomes = Counter(pool.map(run, jobs))
        with ThreadPoolExecutor(1) as pool:
            states = pool.submit(_states, [one.token for one in waits]).result()
    assert outcomes == {"cancel": 6, "full": 4, "sweep": 2}
    # six seats went back, six people waited: each of them is held one of their own
    assert states == ({"OFFERED": 6}, 6, 6)


def _states(tokens):
    try:
        rows = Wait.objects.filter(token__in=tokens)
        return Counter(row.state for row in rows), len({row.slot_id for row in rows}), Slot.objects.count()
    finally:
        connections.close_all()
