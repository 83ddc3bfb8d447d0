"""A booked time on a phone without scripts, and a hall that calls numbers, without an accessibility fault."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from fawang.base.identity import selectors as identity
from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.tests import factories as make
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders.tests import factories
from fawang.front.frame.session import BACKEND
from fawang.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
# Playwright's own loop makes Django think that it runs asynchronously
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
EVERY_DAY = {str(day): [["08:00", "18:00"]] for day in range(1, 8)}


@pytest.fixture
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def place(live_server, tmp_path):
    """The small world's centre, with a desk, windows, and three who took numbers. Its world hangs on it."""
    world = factories.build(tmp_path)
    made = organisations.institution(world.centre)
    for name in ("1 号窗口", "2 号窗口"):
        make.window(made.id, name)
    make.bookable(made.id, name="咨询桌", opening_hours=EVERY_DAY, works_on_holidays=True)
    make.bookable(made.id, name="调解室", kind="ROOM", opening_hours=EVERY_DAY, works_on_holidays=True)
    return world, made


def opened(browser, live_server, actor=None, *, width=390, script=True, dark=False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, locale="zh-CN", java_script_enabled=script,
        color_scheme="dark" if dark else "light",
    )  # fmt: skip
    if actor is not None:
        client = Client()
        client.force_login(identity.account(actor.account_id), backend=BACKEND)
        session = client.session
        session["acting"] = f"member:{actor.member_id}" if actor.member_id else "self"
        session.save()
        context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    return page


def is_fit(page: Page, name: str = "") -> None:
    """No violation that axe finds, nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], (name, wide)


def test_a_time_is_booked_moved_and_waited_for_on_a_phone(browser, live_server, place):
    world, centre = place
    phone = opened(browser, live_server, world.citizen)
    phone.goto(f"{live_server.url}/book/")
    is_fit(phone, "where")
    phone.click(f"main a:has-text('{centre.name}')")
    is_fit(phone, "what")
    phone.click("main a:has-text('咨询桌')")
    is_fit(phone, "times")
    phone.locator("main .slots a").nth(3).click()
    is_fit(phone, "check")
    phone.fill("[name=purpose]", "老板欠薪")
    phone.click("main button:has-text('确认预约')")
    expect(phone.locator("main h1")).to_have_text("已经约好")
    is_fit(phone, "booking")
    with phone.expect_download() as file:
        phone.click("main a:has-text('加到日历')")
    assert file.value.suggested_filename == "booking.ics"
    phone.click("main a:has-text('改期')")
    is_fit(phone, "move")
    phone.locator("main .slots button").nth(5).click()
    expect(phone.locator("main h1")).to_have_text("已经约好")
    phone.goto(f"{live_server.url}/bookings/")
    is_fit(phone, "list")
    # without scripts: cancelled with a reason
    plain = opened(browser, live_server, world.citizen, script=False)
    plain.goto(f"{live_server.url}/bookings/")
    plain.click("main .cells a")
    plain.click("main a:has-text('取消预约')")
    plain.click("main button:has-text('取消预约')")
    expect(plain.locator("main h1")).to_have_text("已取消")


def test_a_hall_calls_its_numbers_and_the_calendar_shows_who_comes(browser, live_server, place):
    world, centre = place
    tickets = [
        services.take_ticket(actor=make.SYSTEM, institution_id=centre.id, line=meetings.lines_of(centre.id)[-1])
        for _ in range(3)
    ]
    [desk, _room] = meetings.bookables(make.SYSTEM, centre.id)
    day = clock.today() + timedelta(days=1)
    slot = meetings.free_slots(make.SYSTEM, bookable_id=desk.id, from_date=day, days=1)[2]
    services.book(actor=world.citizen, bookable_id=desk.id, start=slot.start, purpose="老板欠薪")
    window = opened(browser, live_server, world.clerk, width=1440)
    window.goto(f"{live_server.url}/window/queue/")
    is_fit(window, "window-which")
    window.click("main button:has-text('1 号窗口')")
    screen, phone = (opened(browser, live_server, width=width, dark=width == 390) for width in (1440, 390))
    screen.goto(f"{live_server.url}/kiosk/screen/{centre.token}/")
    phone.goto(f"{live_server.url}/queue/{tickets[1].token}/")
    expect(phone.locator("main")).to_contain_text("您前面还有 1 位")
    is_fit(phone, "queue")
    window.keyboard.press("n")
    expect(window.locator("main .panel__number")).to_have_text(tickets[0].number)
    is_fit(window, "window")
    # screen and phone learn it by themselves
    expect(screen.locator(".callboard__row").first).to_contain_text(tickets[0].number, timeout=10_000)
    is_fit(screen, "screen")
    phone.reload()
    expect(phone.locator("main")).to_contain_text("下一个就是您")
    window.goto(f"{live_server.url}/work/bookings/{centre.token}/?day={day}")
    expect(window.locator("main")).to_contain_text("老板欠薪")
    is_fit(window, "calendar")
    window.goto(f"{live_server.url}/work/bookings/{centre.token}/?day={day}&view=week")
    is_fit(window, "week")
    for path in (f"{centre.token}/close/", f"{centre.token}/new/?with={desk.token}"):
        window.goto(f"{live_server.url}/work/bookings/{path}")
        is_fit(window, path)
