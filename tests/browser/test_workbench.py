"""A day at the workbench by keyboard: open a queue, open an order, act; and what axe says of every staff page."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from fawang.base.divisions import selectors as division_selectors
from fawang.base.workorders import selectors
from fawang.base.workorders.tests import factories
from fawang.front.workbench.tests.factories import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright's own loop makes Django think that it runs asynchronously
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def small_world(tmp_path):
    """The small world, in the present: the server's clock is not moved."""
    yield factories.build(tmp_path)
    division_selectors.forget()


@pytest.fixture
def open_as(live_server):
    """A browser's page in which an actor of the small world is logged in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

        def opened(actor, path: str, width: int = 1440) -> Page:
            context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
            cookie = client_of(actor).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.goto(live_server.url + path)
            return page

        yield opened
        browser.close()


def accessible(page: Page) -> None:
    """No violation that axe finds, nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_an_order_is_found_opened_and_accepted_by_keyboard(small_world, open_as):
    number = factories.drive(small_world, factories.file(small_world), "ASSIGNED")
    page = open_as(small_world.mediator, "/work/")
    accessible(page)
    page.keyboard.press("j")
    expect(page.locator(f"#o-{number}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("楼上漏水")
    accessible(page)
    page.keyboard.press("y")
    expect(page.locator(".toast")).to_contain_text("受理")
    assert selectors.get(small_world.mediator, number).state == "HANDLING"
    page.keyboard.press("b")
    expect(page.locator(f"#o-{number}")).to_be_visible()


def test_the_first_suggestion_takes_the_order_with_one_key(small_world, open_as):
    number = factories.drive(small_world, factories.file(small_world), "TO_DISPATCH")
    page = open_as(small_world.dispatcher, "/work/dispatch/")
    accessible(page)
    page.keyboard.press("1")
    expect(page.locator(".toast")).to_contain_text("武侯调委会")
    assert selectors.get(small_world.dispatcher, number).unit_id == small_world.committee


@pytest.mark.parametrize("width", [1440, 390])
def test_staff_pages_are_accessible_on_desks_and_phones(small_world, open_as, width):
    number = factories.drive(small_world, factories.file(small_world), "HANDLING")
    factories.do(small_world.citizen, number, "urge")
    waiting = factories.drive(small_world, factories.file(small_world), "TO_DISPATCH")
    pages = [
        ("mediator", f"/work/orders/{number}/"), ("mediator", f"/work/orders/{number}/do/suspend/"),
        ("dispatcher", "/work/"), ("dispatcher", "/work/dispatch/"),
        ("dispatcher", f"/work/orders/{waiting}/do/dispatch/"),
        ("supervisor", "/work/supervision/"), ("supervisor", "/work/supervision/?list=area"),
        ("liaison", "/work/people/"),
        ("liaison", "/work/messages/"), ("auditor", "/work/admin/audit/"), ("clerk", "/window/"),
        ("clerk", "/window/apply/"), ("clerk", "/window/apply/MEDIATION_PEOPLE/"),
        ("clerk", f"/window/orders/{number}/"),
        ("clerk", f"/window/receipts/{number}/"),
    ]  # fmt: skip
    for name, path in pages:
        page = open_as(getattr(small_world, name), path, width)
        assert page.locator("h1").count() == 1, path
        accessible(page)
        page.context.close()
