"""Taking a number at the kiosk, and checking in with a booking."""

from django.test import Client

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.models import Ticket
from fawang.base.meetings.tests import factories as make
from fawang.kernel import clock


def html(answer):
    return answer.content.decode()


def test_a_number_is_taken_once_with_priority_and_leads_to_the_live_page(world, kiosk):
    make.window(world.centre)
    page = html(kiosk.get("/kiosk/queue/"))
    assert "综合业务" in page and "残疾人" in page
    data = {"line": "general", "priority": "ELDERLY", "key": "n" * 22}
    answer, again = (kiosk.post("/kiosk/queue/", data) for _ in range(2))
    assert answer.url == again.url == f"/kiosk/queue/{'n' * 22}/"
    shown = html(kiosk.get(answer.url))
    assert "001" in shown and "data:image/svg+xml" in shown
    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.party_id) == ("ELDERLY", None)
    assert ticket.number in html(Client().get(f"/queue/{ticket.token}/"))
    # a browser that is no kiosk gives out nothing
    assert Client().post("/kiosk/queue/", data).status_code == 404
    assert "不能取号" in html(Client().get("/kiosk/queue/"))


def test_the_code_of_todays_booking_checks_in_and_a_wrong_one_says_so(world, kiosk):
    window = make.window(world.centre)
    with clock.at(make.at(28, 9)):
        desk = make.bookable(world.centre, kind="WINDOW", window_id=window, name="1 号窗口")
        booking = services.book(actor=world.citizen, bookable_id=desk.id, start=make.at(28, 14))
        later = services.book(actor=world.citizen, bookable_id=desk.id, start=make.at(29, 14))
        for code in (later.claim_code, "XXXXXX", ""):
            wrong = kiosk.post("/kiosk/queue/", {"code": code})
            assert wrong.status_code == 422 and "没有找到" in html(wrong)
        answer = kiosk.post("/kiosk/queue/", {"code": booking.claim_code.lower()})
        assert "到预约时间先叫您" in html(kiosk.get(answer.url))
        assert meetings.booking(world.citizen, booking.token).state == "SHOWN_UP"
        # said twice, it is the same number
        assert kiosk.post("/kiosk/queue/", {"code": booking.claim_code}).url == answer.url
