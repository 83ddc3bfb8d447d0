"""Calling numbers at a window, as its worker does."""

import re

import pytest
from django.test import Client

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.tests import factories as make
from fawang.base.organisations import selectors as organisations
from fawang.front.window.tests.test_window import client_of, text_of


@pytest.fixture
def windows(world):
    for name in ("1 号窗口", "2 号窗口"):
        make.window(world.centre, name)
    return organisations.windows(world.centre)[-2:]


def sit(client, window):
    assert client.post("/window/queue/", {"window": window.token}).status_code == 302
    return client


def take(world):
    line = meetings.lines_of(world.centre)[-1]
    return services.take_ticket(actor=make.SYSTEM, institution_id=world.centre, line=line)


def press(client, what, **data):
    return client.post(f"/window/queue/do/{what}/", data)


def shown(client):
    """The number that the window serves, and its token as the page sends it."""
    page = text_of(client.get("/window/queue/"))
    number = re.search(r'class="panel__number">([A-Z][0-9]{3})<', page)
    token = re.search(r'name="ticket" value="([a-z0-9]*)"', page)
    return (number[1] if number else ""), token[1]


def test_two_windows_call_pass_over_and_finish(world, windows):
    first, second = (sit(client_of(world.clerk), window) for window in windows)
    tickets = [take(world) for _ in range(3)]
    press(first, "next", ticket="")
    press(second, "next", ticket="")
    assert (shown(first)[0], shown(second)[0]) == (tickets[0].number, tickets[1].number)
    # a double click sends the page's state twice: nobody is called away unseen
    press(first, "next", ticket="")
    assert shown(first)[0] == tickets[0].number
    press(first, "recall", ticket=shown(first)[1])
    assert "叫过 2 次" in text_of(first.get("/window/queue/"))
    press(first, "skip", ticket=shown(first)[1])
    press(first, "next", ticket="")
    assert shown(first)[0] == tickets[2].number
    press(first, "done", ticket=shown(first)[1])
    assert "窗口空闲" in text_of(first.get("/window/queue/"))
    press(first, "next", ticket="")
    assert shown(first)[0] == tickets[0].number
    board = text_of(Client().get(f"/kiosk/screen/{organisations.institution(world.centre).token}/"))
    assert tickets[0].number in board and windows[0].name in board and tickets[2].number not in board
    take(world)
    assert press(second, "end").status_code == 302
    assert meetings.queue(world.clerk, windows[0].id) == []


def test_giving_a_number_at_the_door_is_given_once_and_printed(world, windows):
    client = client_of(world.clerk)
    line = meetings.lines_of(world.centre)[-1]
    data = {"line": line, "priority": "DISABLED", "key": "k" * 22}
    answer, again = (client.post("/window/queue/give/", data) for _ in range(2))
    assert answer.url == again.url
    assert "data:image/svg+xml" in text_of(client.get(answer.url))
    sit(client, windows[0])
    assert "残疾人" in text_of(client.get("/window/queue/"))


def test_who_checks_in_with_a_booking_gets_a_number(world, windows):
    desk = make.bookable(world.centre, kind="WINDOW", window_id=windows[0].id, name="1 号窗口")
    slot = meetings.free_slots(make.SYSTEM, bookable_id=desk.id, from_date=make.clock.today(), days=1)[-1]
    booking = services.book(actor=world.citizen, bookable_id=desk.id, start=slot.start)
    client = client_of(world.clerk)
    page = client.post("/window/bookings/code/here/", {"code": booking.claim_code}, follow=True)
    assert "排队号 A001" in text_of(page)


def test_only_people_of_the_unit_call_and_nobody_from_elsewhere_sees_its_numbers(world, windows):
    ticket = take(world)
    assert Client().get("/window/queue/").status_code == 302
    for stranger in (world.mediator, world.liaison):
        client = client_of(stranger)
        client.post("/window/queue/", {"window": windows[0].token})
        assert press(client, "next", ticket="").status_code == 404
        assert client.get(f"/window/queue/tickets/{ticket.token}/").status_code in {403, 404}
    assert meetings.ticket(ticket.token).state == "WAITING"
