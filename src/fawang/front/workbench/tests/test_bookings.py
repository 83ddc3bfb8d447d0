"""An institution's calendar: who comes, closing a desk, booking and moving for somebody."""

import pytest

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.models import Booking
from fawang.base.meetings.tests import factories as make
from fawang.base.organisations import selectors as organisations
from fawang.front.workbench.tests.factories import client_of
from fawang.kernel import clock


def html(answer):
    return answer.content.decode()


@pytest.fixture
def place(world):
    return organisations.institution(world.centre)


@pytest.fixture
def desk(world):
    return make.bookable(world.centre, name="咨询桌")


def free(desk, which=0):
    return meetings.free_slots(make.SYSTEM, bookable_id=desk.id, from_date=clock.today(), days=14)[which]


def test_the_day_and_the_week_show_who_comes_and_are_of_ones_own_unit(world, place, desk):
    slot = free(desk, -1)
    services.book(actor=world.citizen, bookable_id=desk.id, start=slot.start, purpose="欠薪")
    clerk = client_of(world.clerk)
    assert clerk.get("/work/bookings/").url == f"/work/bookings/{place.token}/"
    day = f"{clock.local(slot.start):%Y-%m-%d}"
    for view in ("", "&view=week"):
        page = html(clerk.get(f"/work/bookings/{place.token}/?day={day}{view}"))
        assert f"{clock.local(slot.start):%H:%M}" in page and "咨询桌" in page
    assert "欠薪" in html(clerk.get(f"/work/bookings/{place.token}/?day={day}"))
    assert client_of(world.mediator).get(f"/work/bookings/{place.token}/").status_code == 404


def test_a_closed_desk_lists_who_must_move_and_the_desk_moves_them(world, place, desk):
    slot = free(desk, -1)
    booking = services.book(actor=world.citizen, bookable_id=desk.id, start=slot.start)
    clerk, day = client_of(world.clerk), f"{clock.local(slot.start):%Y-%m-%d}"
    address = f"/work/bookings/{place.token}/close/"
    wrong = clerk.post(address, {"desk": desk.token, "begin": f"{day}T18:00", "end": f"{day}T08:00", "kind": "ILLNESS"})
    assert wrong.status_code == 422 and f"{day}T18:00" in html(wrong)
    answer = clerk.post(
        address, {"desk": desk.token, "begin": f"{day}T00:00", "end": f"{day}T23:00", "kind": "ILLNESS"}
    )
    listed = html(clerk.get(answer.url.split("#")[0]))
    assert "停办，等改期" in listed and "1 个预约" in listed
    one = f"/work/bookings/one/{booking.token}/"
    assert "请帮当事人改期" in html(clerk.get(one))
    other = free(desk)
    assert clerk.post(one, {"slot": f"{desk.token}|{other.start.isoformat()}"}).status_code == 302
    assert Booking.objects.get().start == other.start
    assert "停办，等改期" not in html(clerk.get(f"/work/bookings/{place.token}/"))
    [closure] = meetings.closures(world.clerk, place.id, since=clock.local(slot.start).date(), days=1)
    lift = f"/work/bookings/{place.token}/closures/{closure.id}/lift/"
    assert client_of(world.mediator).post(lift).status_code in {403, 404}
    assert clerk.post(lift).status_code == 302
    assert free(desk, -1).start == slot.start


def test_staff_book_for_somebody_and_cancel_with_a_reason(world, place, desk):
    clerk, slot = client_of(world.clerk), free(desk)
    address = f"/work/bookings/{place.token}/new/"
    assert "咨询桌" in html(clerk.get(address))
    button = f"{desk.token}|{slot.start.isoformat()}"
    assert button in html(clerk.get(f"{address}?with={desk.token}"))
    missing = clerk.post(f"{address}?with={desk.token}", {"slot": button, "name": "赵示例"})
    assert missing.status_code == 422 and "赵示例" in html(missing)
    data = {"slot": button, "name": "赵示例", "phone": "13800000077", "purpose": "咨询"}
    assert clerk.post(f"{address}?with={desk.token}", data).status_code == 302
    booking = Booking.objects.get()
    assert (booking.start, booking.purpose, booking.booked_by) == (slot.start, "咨询", world.clerk.ref)
    one = f"/work/bookings/one/{booking.token}/"
    assert "赵" in html(clerk.get(one)) and "赵示例" not in html(clerk.get(one))
    assert clerk.post(one, {"act": "cancel", "reason": ""}).status_code == 422
    assert clerk.post(one, {"act": "cancel", "reason": "来电取消"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.state, booking.note) == ("CANCELLED", "来电取消")


def test_the_desk_lifts_the_limit_of_who_missed_bookings(world, place, desk):
    booking = services.book(actor=world.citizen, bookable_id=desk.id, start=free(desk).start)
    Booking.objects.update(state="NO_SHOW", state_at=clock.now(), slot=None)
    clerk, one = client_of(world.clerk), f"/work/bookings/one/{booking.token}/"
    assert "恢复他自己预约" in html(clerk.get(one))
    assert clerk.post(one, {"act": "lift", "why": ""}).status_code == 422
    assert clerk.post(one, {"act": "lift", "why": "住院"}).status_code == 302
    assert meetings.missed_of(world.citizen.party_id) == 0
