"""Booking a time on a phone, from the place to the calendar; waiting; the number in the hall."""

import re
from datetime import timedelta

import icalendar
import pytest
from django.test import Client

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.models import Booking
from fawang.base.meetings.tests import factories as make
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock

LINK = re.compile(r'href="(/book/[^"]+)"')


def html(answer):
    return answer.content.decode().replace("&amp;", "&")


@pytest.fixture
def place(world):
    return organisations.institution(world.centre)


@pytest.fixture
def desk(world, place):
    return make.bookable(place.id, opening_hours={str(day): [["14:00", "15:00"]] for day in range(1, 6)})


def times(client, place, **query):
    """The addresses of free times, as the page links to them."""
    page = client.get(f"/book/{place.token}/", query, follow=True)
    return [link for link in LINK.findall(html(page)) if "/check/" in link]


def test_a_visitor_chooses_logs_in_and_finds_the_choice_again(world, place, desk, person):
    visitor = Client()
    assert place.name in html(visitor.get("/book/", {"q": place.name}))
    address = times(visitor, place, service="CONSULT_MESSAGE")[0]
    page = visitor.get(address)
    assert "确认预约" not in html(page)
    login = re.search(r'href="(/login/\?next=[^"]+)"[^>]*>.{0,200}登录并继续', html(page), re.S)[1]
    assert "CONSULT_MESSAGE" in login and "at%3D" in login
    assert visitor.post(address, {"purpose": "问"}).status_code == 401
    assert not Booking.objects.exists()
    # logged in, the same address shows what was chosen; sent twice it is one booking
    assert "确认预约" in html(person.get(address))
    done = person.client.post(address, {"purpose": "欠薪"})
    again = person.client.post(address, {"purpose": "欠薪"})
    assert done.status_code == again.status_code == 302
    assert done.url == again.url
    booking = Booking.objects.get()
    assert (booking.service_code, booking.purpose, booking.party_id) == (
        "CONSULT_MESSAGE",
        "欠薪",
        person.actor.party_id,
    )
    shown = html(person.get(done.url))
    code = meetings.booking(person.actor, booking.token).claim_code
    assert code in shown and "data:image/svg+xml" in shown and place.name in shown
    file = person.get(f"{done.url}calendar.ics")
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert icalendar.Calendar.from_ical(file.content).walk("VEVENT")[0].decoded("DTSTART") == booking.start
    assert done.url in html(person.get("/bookings/"))
    assert "/bookings/" in html(person.get("/mine/"))


def test_nobody_else_sees_or_changes_a_booking(place, desk, person, other):
    token = services.book(actor=person.actor, bookable_id=desk.id, start=first(desk)).token
    for path in ("", "move/", "cancel/", "calendar.ics"):
        assert other.get(f"/bookings/{token}/{path}").status_code == 404
        assert Client().get(f"/bookings/{token}/{path}").status_code == 302
    assert other.client.post(f"/bookings/{token}/cancel/", {"reason": "x"}).status_code == 404
    assert Booking.objects.get().state == "BOOKED"


def first(desk, which=0):
    free = meetings.free_slots(make.SYSTEM, bookable_id=desk.id, from_date=clock.today(), days=14)
    return free[which].start


def test_it_is_moved_and_cancelled_with_a_reason_and_in_english(place, desk, person):
    token = services.book(actor=person.actor, bookable_id=desk.id, start=first(desk)).token
    slot = f"{desk.token}|{first(desk, 2).isoformat()}"
    assert slot in html(person.get(f"/bookings/{token}/move/"))
    taken = Booking.objects.get().start
    refused = person.client.post(f"/bookings/{token}/move/", {"slot": f"{desk.token}|2020-01-01T09:00"})
    assert (refused.status_code, Booking.objects.get().start) == (422, taken)
    assert person.client.post(f"/bookings/{token}/move/", {"slot": slot}).status_code == 302
    assert Booking.objects.get().start != taken
    person.client.post("/language/", {"language": "en", "next": "/"})
    english = html(person.get(f"/bookings/{token}/"))
    assert "Add to calendar" in english
    assert not re.search(
        r"[\u4e00-\u9fff]",
        re.sub(r"开放法网|中文", "", re.sub(rf"{place.name}|{place.address}|网上接待", "", english))
        .split("<main")[1]
        .split("</main>")[0],
    )
    for _twice in range(2):
        assert person.client.post(f"/bookings/{token}/cancel/", {"reason": "有别的事"}).status_code == 302
    booking = Booking.objects.get()
    assert (booking.state, booking.note) == ("CANCELLED", "有别的事")
    assert "Cancelled" in html(person.get("/bookings/"))


def test_a_full_day_says_so_and_who_waits_takes_the_freed_time_with_one_tap(world, place, person, other):
    desk = make.bookable(
        place.id, opening_hours={str(day): [["14:00", "14:30"]] for day in range(1, 6)}, horizon_days=1
    )
    taken = services.book(actor=other.actor, bookable_id=desk.id, start=first(desk))
    if free := meetings.free_slots(make.SYSTEM, bookable_id=desk.id, from_date=clock.today(), days=2):
        for slot in free:
            services.book(actor=make.SYSTEM, bookable_id=desk.id, start=slot.start)
    page = html(person.get(f"/book/{place.token}/?with={desk.token}"))
    assert "约满" in page and "等空位" in page
    # a time that somebody else took meanwhile: a clear word, and no booking
    late = f"/book/{place.token}/check/?with={desk.token}&at={clock.local(taken.start):%Y-%m-%dT%H:%M}"
    refused = person.client.post(late, {})
    assert refused.status_code == 409 and "刚刚约满" in html(refused)
    join = f"/book/{place.token}/wait/?with={desk.token}"
    day = f"{clock.local(taken.start):%Y-%m-%d}"
    assert Client().post(join, {"first": day, "last": day}).status_code == 401
    answer, again = (person.client.post(join, {"first": day, "last": day}) for _ in range(2))
    assert answer.url == again.url
    assert answer.status_code == 302
    assert "第 1 位" in html(person.get(answer.url))
    assert other.get(answer.url).status_code == 404
    services.cancel(actor=other.actor, token=taken.token)
    assert "要这个时间" in html(person.get(answer.url))
    assert "有空位等您确认" in html(person.get("/bookings/"))
    booked = person.client.post(answer.url, {"act": "take"})
    assert "已经约好" in html(person.get(booked.url))
    late_tap = person.client.post(answer.url, {"act": "take"})
    assert late_tap.url == booked.url


def test_the_number_of_the_hall_tells_its_holder_and_nobody_a_name(world, place):
    line = meetings.lines_of(place.id)
    if not line:
        make.window(place.id)
    line = meetings.lines_of(place.id)[0]
    tickets = [services.take_ticket(actor=make.SYSTEM, institution_id=place.id, line=line) for _ in range(3)]
    client = Client()
    page = html(client.get(f"/queue/{tickets[2].token}/"))
    assert "您前面还有 2 位" in page and "说不准" in page
    assert 'http-equiv="refresh"' in page and "hx-get" in page
    piece = html(client.get(f"/queue/{tickets[2].token}/", headers={"HX-Request": "true"}))
    assert "<html" not in piece and "您前面还有 2 位" in piece
    client.post(f"/queue/{tickets[0].token}/")
    assert "您前面还有 1 位" in html(client.get(f"/queue/{tickets[2].token}/"))
    assert client.get("/queue/aaaaaaaaaaaaaaaaaaaaaa/").status_code == 404
    with clock.at(clock.now() + timedelta(days=1)):
        services.sweep_queues()
        assert "今天没有轮到" in html(client.get(f"/queue/{tickets[2].token}/"))
