"""Reminders, moving, missing, closing a desk, and the file for a calendar."""

from datetime import date, timedelta

import icalendar
import pytest

from fawang.base.meetings import errors, rules, selectors, services
from fawang.base.meetings.models import Booking
from fawang.base.meetings.tests import factories as make
from fawang.base.notifications.models import Message
from fawang.kernel import clock
from fawang.kernel.errors import NotFound, NotPermitted
from fawang.kernel.policy import VISITOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning():
    with clock.at(make.MORNING):
        make.calendar()
        yield


@pytest.fixture
def unit():
    return make.institution()


@pytest.fixture
def desk(unit):
    return make.bookable(unit)


@pytest.fixture
def me():
    return make.citizen(make.party())


def told(template):
    return Message.objects.filter(template=template).count()


def book(actor, desk, day=24, hour=9, minute=0, **more):
    return services.book(actor=actor, bookable_id=desk.id, start=make.at(day, hour, minute), **more)


def test_reminders_come_a_day_and_two_hours_before_once_and_never_at_night(desk, me):
    book(me, desk, day=29, hour=9)
    late = make.citizen(make.party(phone="13900000002"), 2)
    gone = make.citizen(make.party(phone="13900000003"), 3)
    services.cancel(actor=gone, token=book(gone, desk, day=29, hour=10).token)
    sent = []
    for hour in range(0, 52):
        clock.move_to(make.at(27, 8, 5) + timedelta(hours=hour))
        if hour == 28:
            # chosen less than a day before: only the second reminder makes sense
            book(late, desk, day=29, hour=11)
        sent += [clock.local(clock.now()).strftime("%d %H")] * (services.send_reminders() + services.send_reminders())
    # the day before at nine; two hours before nine is still night: eight; two hours before eleven
    assert sent == ["28 09", "29 08", "29 09"]
    assert told("booking_reminder") == 3


def test_a_moved_booking_is_reminded_of_its_new_time_only(desk, me):
    booking = book(me, desk, day=28, hour=9)
    clock.move_to(make.at(27, 9, 5))
    assert services.send_reminders() == 1
    services.rebook(actor=me, token=booking.token, start=make.at(30, 9))
    clock.move_to(make.at(28, 8, 30))
    assert services.send_reminders() == 0
    clock.move_to(make.at(29, 9, 30))
    assert services.send_reminders() == 1


def test_the_person_moves_it_as_often_as_the_rule_says_and_the_desk_whenever_needed(desk, me, unit):
    booking = book(me, desk)
    hours = iter((10, 11, 14, 15))
    for _ in range(rules.today().most_changes):
        services.rebook(actor=me, token=booking.token, start=make.at(24, next(hours)))
    with pytest.raises(errors.MovedTooOften):
        services.rebook(actor=me, token=booking.token, start=make.at(24, 15))
    moved = services.rebook(actor=make.staff("RECEPTIONIST", unit), token=booking.token, start=make.at(24, 15))
    assert (moved.changes, moved.start) == (4, make.at(24, 15))


def test_who_misses_several_books_at_the_desk_until_it_lifts_that(desk, me, unit):
    clerk = make.staff("RECEPTIONIST", unit)
    for day in (24, 28, 29):
        booking = book(me, desk, day=day)
        clock.move_to(make.at(day, 10, 30))
        assert services.sweep_no_shows() == 1
    assert told("booking_missed") == 3
    with pytest.raises(errors.OnlyTheDesk):
        book(me, desk, day=30)
    other = make.staff("RECEPTIONIST", make.institution("别处", "510107"))
    with pytest.raises(NotFound):
        services.lift_limit(actor=other, token=booking.token, reason="住院")
    by_desk = services.book(actor=clerk, bookable_id=desk.id, start=make.at(30, 9), party_id=me.party_id)
    assert by_desk.party_id == me.party_id
    assert services.lift_limit(actor=clerk, token=booking.token, reason="住院") == 3
    clock.advance(timedelta(minutes=1))
    assert book(me, desk, day=30, hour=10).state == "BOOKED"


def test_closing_a_desk_takes_its_times_away_and_forgets_nobody(desk, me, unit):
    clerk, inside = make.staff("RECEPTIONIST", unit), book(me, desk, hour=10)
    other = make.citizen(make.party(phone="13900000002"), 2)
    outside = book(other, desk, hour=15)
    for nobody in (me, make.staff("RECEPTIONIST", make.institution("别处", "510107"))):
        with pytest.raises((NotPermitted, NotFound)):
            services.close(actor=nobody, bookable_id=desk.id, begin=make.at(24, 9), end=make.at(24, 12), kind="ILLNESS")
    closure, listed = services.close(
        actor=clerk, bookable_id=desk.id, begin=make.at(24, 9), end=make.at(24, 12), kind="ILLNESS"
    )
    assert [one.token for one in listed] == [inside.token]
    assert [one.token for one in selectors.displaced(clerk, unit)] == [inside.token]
    assert told("booking_displaced") == 1
    free = selectors.free_slots(VISITOR, bookable_id=desk.id, from_date=date(2026, 9, 24), days=1)
    assert {clock.local(slot.start).hour for slot in free} == {14, 15, 16}
    with pytest.raises(errors.DeskIsClosed):
        book(other, desk, hour=11)
    # nobody came because it was closed: that is not missing it
    Booking.objects.filter(token=inside.token).update(changes=9)
    moved = services.rebook(actor=me, token=inside.token, start=make.at(24, 16))
    assert not moved.is_displaced
    assert selectors.displaced(clerk, unit) == []
    services.lift_closure(actor=clerk, closure_id=closure.id)
    assert book(other, desk, hour=11).state == "BOOKED"
    assert selectors.booking(other, outside.token).state == "BOOKED"


def test_a_closed_time_that_nobody_moved_ends_without_counting_as_missed(desk, me, unit):
    booking = book(me, desk, hour=10)
    services.close(actor=make.SYSTEM, bookable_id=desk.id, begin=make.at(24, 9), end=make.at(24, 12), kind="OTHER")
    clock.move_to(make.at(24, 12))
    assert services.sweep_no_shows() == 1
    assert services.sweep_no_shows() == 0
    assert selectors.booking(me, booking.token).state == "CANCELLED"
    assert (selectors.missed_of(me.party_id), told("booking_missed"), told("booking_changed")) == (0, 0, 1)


def test_the_calendar_file_is_read_by_calendars_and_follows_every_change(desk, me):
    def read(token):
        text = selectors.calendar_file(
            me,
            token,
            place="青羊区公共法律服务中心，一楼",
            address="东城根街; 1 号",
            host="example.org",
            url="https://example.org/bookings/x/",
        )
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        calendar = icalendar.Calendar.from_ical(text)
        (event,), (zone,) = calendar.walk("VEVENT"), calendar.walk("VTIMEZONE")
        assert not event.errors and not calendar.errors
        assert str(zone["TZID"]) == "Asia/Shanghai"
        return calendar, event

    booking = book(me, desk, purpose="问问")
    calendar, event = read(booking.token)
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert event.decoded("DTSTART") == make.at(24, 9) and event.decoded("DTEND") == make.at(24, 9, 30)
    assert str(event["LOCATION"]) == "青羊区公共法律服务中心，一楼 东城根街; 1 号"
    assert booking.claim_code in event["DESCRIPTION"]
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-1), timedelta(hours=-2)]
    uid = str(event["UID"])
    services.rebook(actor=me, token=booking.token, start=make.at(24, 11))
    _calendar, event = read(booking.token)
    assert (str(event["UID"]), int(event["SEQUENCE"]), event.decoded("DTSTART")) == (uid, 1, make.at(24, 11))
    services.cancel(actor=me, token=booking.token)
    calendar, event = read(booking.token)
    assert (str(calendar["METHOD"]), str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCEL", "CANCELLED", 2)
    with pytest.raises(NotFound):
        selectors.calendar_file(
            make.citizen(make.party(phone="13900000009"), 9), booking.token, place="", address="", host="h", url=""
        )
