from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from fawang.base.meetings import errors, selectors, services
from fawang.base.meetings.models import Booking, Slot
from fawang.base.meetings.tests import factories as make
from fawang.kernel import clock
from fawang.kernel.policy import VISITOR


@pytest.mark.django_db(transaction=True)
def test_sixty_requests_at_once_for_ten_seats_of_one_time_give_exactly_ten(tmp_path):
    with clock.at(make.MORNING):
        make.calendar()
        desk = make.bookable(make.institution(), seats=10)
        people = [make.party(phone=f"139001391{number:02}") for number in range(60)]

    def attempt(number):
        try:
            with clock.at(make.MORNING):
                actor = make.citizen(people[number], number)
                services.book(actor=actor, bookable_id=desk.id, start=make.at(24, 9))
            return "booked"
        except errors.FullyBooked:
            return "full"
        finally:
            connections.close_all()

    def seats(_):
        try:
            return sorted(Slot.objects.values_list("seat_no", flat=True))
        finally:
            connections.close_all()

    with make.file_database(tmp_path):
        with ThreadPoolExecutor(20) as pool:
            outcomes = Counter(pool.map(attempt, range(60)))
        with ThreadPoolExecutor(1) as pool:
            taken = next(pool.map(seats, [0]))
    assert outcomes == {"booked": 10, "full": 50}
    assert taken == list(range(1, 11))


@pytest.mark.django_db(transaction=True)
def test_forty_requests_at_once_for_ten_seats_give_exactly_ten(tmp_path):
    with clock.at(make.MORNING):
        make.calendar()
        desk = make.bookable(make.institution(), seats=2)
        people = [make.party(phone=f"139001390{number:02}") for number in range(40)]
    starts = [make.at(24, 9), make.at(24, 9, 30), make.at(24, 10), make.at(24, 10, 30), make.at(24, 11)]

    def attempt(number):
        try:
            with clock.at(make.MORNING):
                actor = make.citizen(people[number], number)
                services.book(actor=actor, bookable_id=desk.id, start=starts[number % 5])
            return "booked"
        except errors.FullyBooked:
            return "full"
        finally:
            connections.close_all()

    def count(_):
        try:
            with clock.at(make.MORNING):
                left = selectors.free_slots(VISITOR, bookable_id=desk.id, from_date=date(2026, 9, 24), days=1)
            return Slot.objects.count(), Booking.objects.filter(state="BOOKED").count(), len(left)
        finally:
            connections.close_all()

    with make.file_database(tmp_path):
        with ThreadPoolExecutor(20) as pool:
            outcomes = Counter(pool.map(attempt, range(40)))
        with ThreadPoolExecutor(1) as pool:
            slots, bookings, left = next(pool.map(count, [0]))
    assert outcomes == {"booked": 10, "full": 30}
    assert (slots, bookings, left) == (10, 10, 7)
