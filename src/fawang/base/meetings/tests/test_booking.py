from datetime import date, timedelta

import pytest

from fawang.base.calendar.errors import CalendarMissing
from fawang.base.meetings import errors, selectors, services
from fawang.base.meetings.models import Booking, Slot
from fawang.base.meetings.tests import factories as make
from fawang.base.notifications import selectors as notifications
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotLoggedIn, NotPermitted
from fawang.kernel.events import selectors as log
from fawang.kernel.outbox.models import Effect
from fawang.kernel.policy import VISITOR

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 24)
NUMBER = "PLS20260923510107020001239"


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


def free(desk, day=DAY, **more):
    return selectors.free_slots(VISITOR, bookable_id=desk.id, from_date=day, **{"days": 1, **more})


def book(actor, desk, hour=9, minute=0, **more):
    return services.book(actor=actor, bookable_id=desk.id, start=make.at(24, hour, minute), **more)


def test_a_visitor_sees_the_free_times_of_a_working_day(desk):
    assert [f"{clock.local(slot.start):%H:%M}" for slot in free(desk)][:3] == ["09:00", "09:30", "10:00"]
    assert len(free(desk)) == 12
    assert free(desk)[0].left == 1


def test_a_booked_time_is_gone_and_comes_back_when_it_is_cancelled(desk, me):
    booking = book(me, desk)
    assert make.at(24, 9) not in [slot.start for slot in free(desk)]
    cancelled = services.cancel(actor=me, token=booking.token, reason="有事")
    assert cancelled.state == "CANCELLED"
    assert make.at(24, 9) in [slot.start for slot in free(desk)]
    assert not Slot.objects.exists()
    with pytest.raises(errors.BookingIsOver):
        services.cancel(actor=me, token=booking.token)


def test_the_person_is_told_with_a_code_that_staff_never_see(desk, me, unit, monkeypatch):
    # the number is of no order: the rule that the room of orders sets is put aside
    monkeypatch.setattr(notifications, "_order_rule", [])
    booking = book(me, desk, order_ref=NUMBER)
    (mine,) = notifications.messages_of(me, NUMBER)
    assert booking.claim_code in mine.body
    staff = make.staff("RECEPTIONIST", unit)
    (theirs,) = notifications.messages_of(staff, NUMBER)
    assert booking.claim_code not in theirs.body
    assert selectors.bookings_of(staff, NUMBER)[0].claim_code == ""
    assert selectors.bookings_of(me, NUMBER)[0].claim_code == booking.claim_code
    stored = " ".join(Effect.objects.values_list("payload", flat=True))
    assert booking.claim_code not in stored + Booking.objects.get().claim_sealed


def test_the_last_seat_goes_once(unit):
    desk = make.bookable(unit, seats=2)
    for number in range(2):
        book(make.citizen(make.party(phone=f"1380013800{number}")), desk)
    with pytest.raises(errors.FullyBooked):
        book(make.citizen(make.party(phone="13800138009")), desk)
    assert Booking.objects.count() == 2


@pytest.mark.parametrize(
    "start",
    [
        make.at(24, 9, 10),  # between two slots
        make.at(24, 12),  # lunch
        make.at(27, 9),  # Sunday
        make.at(1, 9, month=10),  # National Day
        make.at(23, 8, 30),  # too soon, and before opening
        make.at(22, 9),  # yesterday
        make.at(24, 9, month=11),  # beyond the horizon
        make.at(24, 9).replace(tzinfo=None),
    ],
)
def test_a_time_that_is_not_offered_is_refused(desk, me, start):
    with pytest.raises(errors.NotOffered):
        services.book(actor=me, bookable_id=desk.id, start=start)
    assert not Slot.objects.exists()


def test_a_make_up_saturday_is_offered_and_the_holidays_are_not(desk):
    days = {clock.local(slot.start).date() for slot in free(desk, date(2026, 9, 28), days=14)}
    assert date(2026, 10, 10) in days
    assert not days & {date(2026, 10, day) for day in range(1, 8)}


def test_a_year_without_a_calendar_is_said_never_guessed(unit):
    desk = make.bookable(unit, horizon_days=180)
    with pytest.raises(CalendarMissing):
        free(desk, date(2027, 1, 4))


def test_a_person_on_leave_is_not_offered(unit):
    person = make.practitioner(unit)
    desk = make.bookable(unit, kind="PERSON", practitioner_id=person)
    make.leave(person, DAY, DAY)
    assert free(desk) == []
    assert free(desk, date(2026, 9, 28))
    with pytest.raises(errors.NotOffered):
        book(make.SYSTEM, desk)


def test_one_place_at_a_time_and_one_booking_an_order(desk, me, unit):
    other = make.bookable(unit, name="另一处")
    book(me, desk, order_ref=NUMBER, purpose="面谈")
    with pytest.raises(errors.AlreadyBooked):
        book(me, other)
    with pytest.raises(errors.AlreadyBooked):
        book(me, desk, 10, order_ref=NUMBER, purpose="面谈")
    assert Slot.objects.count() == 1
    assert book(me, desk, 10, order_ref=NUMBER, purpose="交材料")


def test_nobody_hoards_times(desk, me):
    for hour, minute in ((9, 0), (9, 30), (10, 0), (10, 30), (11, 0)):
        book(me, desk, hour, minute)
    with pytest.raises(errors.TooManyBookings):
        book(me, desk, 14)


def test_people_book_only_for_themselves_and_staff_only_at_their_own_unit(desk, me, unit):
    stranger = make.party("李四", "13900139000")
    with pytest.raises(NotPermitted):
        book(me, desk, party_id=stranger)
    with pytest.raises(NotPermitted):
        book(make.staff("RECEPTIONIST", unit + 1), desk, party_id=stranger)
    with pytest.raises(NotLoggedIn):
        book(VISITOR, desk)
    with pytest.raises(NotPermitted):
        book(make.staff("ANALYST", unit), desk)
    assert book(make.staff("RECEPTIONIST", unit), desk, party_id=stranger).party_id == stranger
    with pytest.raises(NotFound):
        services.book(actor=me, start=make.at(24, 9), window_id=999)
    with pytest.raises(NotFound):
        services.book(actor=me, start=make.at(24, 9))


def test_staff_take_a_walk_in_without_notice(desk, me, unit):
    clock.move_to(make.at(24, 9, 5))
    with pytest.raises(errors.NotOffered):
        book(me, desk, 9)
    assert book(make.staff("RECEPTIONIST", unit), desk, 9, party_id=me.party_id)


def test_moving_a_booking_frees_the_old_seat_and_keeps_the_code(desk, me):
    booking = book(me, desk)
    moved = services.rebook(actor=me, token=booking.token, start=make.at(24, 15))
    assert (moved.claim_code, moved.changes, moved.start) == (booking.claim_code, 1, make.at(24, 15))
    assert [slot.start for slot in Slot.objects.all()] == [make.at(24, 15)]
    assert [fact.name for fact in log.stream(f"booking:{booking.token}")] == [
        "meetings.booked.v1",
        "meetings.booking_changed.v1",
    ]
    again = services.rebook(actor=me, token=booking.token, start=make.at(24, 15))
    assert again.changes == 1


def test_moving_to_a_full_time_keeps_the_old_one(desk, me):
    booking = book(me, desk)
    book(make.citizen(make.party("李四", "13900139000")), desk, 15)
    with pytest.raises(errors.FullyBooked):
        services.rebook(actor=me, token=booking.token, start=make.at(24, 15))
    assert selectors.booking(me, booking.token).start == make.at(24, 9)
    assert Slot.objects.count() == 2


def test_nobody_else_sees_moves_or_cancels_a_booking(desk, me, unit):
    booking = book(me, desk, order_ref=NUMBER)
    other = make.citizen(make.party("李四", "13900139000"), 2)
    far = make.staff("RECEPTIONIST", unit + 1)
    for actor in (other, far):
        assert selectors.bookings_of(actor, NUMBER) == []
        with pytest.raises(NotFound):
            selectors.booking(actor, booking.token)
        with pytest.raises(NotFound):
            services.cancel(actor=actor, token=booking.token)
        with pytest.raises(NotFound):
            services.rebook(actor=actor, token=booking.token, start=make.at(24, 15))
    assert selectors.bookings_of(VISITOR, NUMBER) == []
    assert selectors.bookings_of(make.staff("DISPATCHER", unit + 1, "5101"), NUMBER)
    assert selectors.bookings_of(make.staff("DISPATCHER", unit + 1, "5107"), NUMBER) == []


def test_checking_in_by_the_code_people_say(desk, me, unit):
    booking = book(me, desk)
    staff = make.staff("RECEPTIONIST", unit)
    with pytest.raises(errors.NotToday):
        services.check_in(actor=staff, claim_code=booking.claim_code)
    clock.move_to(make.at(24, 8, 50))
    spoken = " ".join(booking.claim_code.lower())
    with pytest.raises(NotFound):
        services.check_in(actor=make.staff("RECEPTIONIST", unit + 1), claim_code=spoken)
    with pytest.raises(NotFound):
        services.check_in(actor=staff, claim_code="")
    with pytest.raises(NotPermitted):
        services.check_in(actor=me, claim_code=spoken)
    assert services.check_in(actor=staff, claim_code=spoken).state == "SHOWN_UP"
    with pytest.raises(errors.BookingIsOver):
        services.check_in(actor=staff, claim_code=spoken)
    assert services.finish(actor=staff, token=booking.token).state == "DONE"
    clock.move_to(make.at(24, 9, 40))
    with pytest.raises(errors.BookingIsOver):
        services.mark_no_show(actor=staff, token=booking.token)


def test_who_does_not_come_is_marked_once(desk, me, unit):
    booking = book(me, desk)
    with pytest.raises(errors.TooEarly):
        services.mark_no_show(actor=make.staff("RECEPTIONIST", unit), token=booking.token)
    clock.move_to(make.at(24, 9, 59))
    assert services.sweep_no_shows() == 0
    clock.move_to(make.at(24, 10, 1))
    assert services.sweep_no_shows() == 1
    assert services.sweep_no_shows() == 0
    assert selectors.booking(me, booking.token).state == "NO_SHOW"
    with pytest.raises(errors.BookingIsOver):
        services.cancel(actor=me, token=booking.token)


def test_the_day_s_list_is_for_those_who_receive_people_there(desk, me, unit):
    first, second = book(me, desk, 15), book(me, desk, 9)
    services.cancel(actor=me, token=book(me, desk, 11).token)
    rows = selectors.day_list(make.staff("RECEPTIONIST", unit), unit, DAY)
    assert [row.token for row in rows] == [second.token, first.token]
    assert selectors.day_list(make.staff("RECEPTIONIST", unit + 1), unit, DAY) == []
    with pytest.raises(NotPermitted):
        selectors.day_list(me, unit, DAY)
    assert [row.token for row in selectors.my_bookings(me)] == [second.token, first.token]


def test_a_window_is_opened_once_and_only_in_its_own_institution(unit):
    window, elsewhere = make.window(unit), make.window(make.institution("另一中心"))
    opened = make.bookable(unit, kind="WINDOW", window_id=window)
    assert selectors.bookable_of_window(VISITOR, window).id == opened.id
    assert selectors.free_slots(VISITOR, window_id=window, from_date=DAY, days=1)
    assert len(selectors.bookables(VISITOR, unit)) == 1
    with pytest.raises(errors.WindowTaken):
        make.bookable(unit, kind="WINDOW", window_id=window)
    with pytest.raises(Invalid):
        make.bookable(unit, kind="WINDOW", window_id=elsewhere)
    with pytest.raises(Invalid):
        make.bookable(unit, kind="WINDOW")
    with pytest.raises(Invalid):
        make.bookable(unit, seats=0)
    with pytest.raises(NotPermitted):
        services.open_bookable(
            actor=make.staff("INSTITUTION_ADMIN", unit + 1),
            kind="ROOM",
            institution_id=unit,
            name="一号室",
            opening_hours=make.WEEK,
        )


def test_new_hours_leave_bookings_standing_and_name_those_that_no_longer_fit(desk, me, unit):
    booking = book(me, desk, 9, 30)
    admin = make.staff("INSTITUTION_ADMIN", unit)
    hours = {"4": [["09:00", "12:00"]]}
    odd = services.change_bookable(actor=admin, bookable_id=desk.id, opening_hours=hours, slot_minutes=60)
    assert [row.token for row in odd] == [booking.token]
    assert [clock.local(slot.start).hour for slot in free(desk)] == [10, 11]
    with pytest.raises(errors.FullyBooked):
        book(make.citizen(make.party("李四", "13900139000")), desk, 9)
    with pytest.raises(NotFound):
        services.change_bookable(actor=make.staff("INSTITUTION_ADMIN", unit + 1), bookable_id=desk.id, is_open=False)
    services.change_bookable(actor=admin, bookable_id=desk.id, is_open=False)
    assert free(desk) == []


def test_free_times_need_a_place(desk, unit):
    with pytest.raises(NotFound):
        selectors.free_slots(VISITOR, from_date=DAY)
    assert len(selectors.free_slots(VISITOR, institution_id=unit, from_date=DAY, days=1)) == 12
    assert selectors.free_slots(VISITOR, institution_id=unit, from_date=DAY, days=1, kind="ROOM") == []
    assert selectors.free_slots(VISITOR, institution_id=unit, from_date=DAY - timedelta(days=30), days=5) == []
