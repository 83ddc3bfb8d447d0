"""The operator's minute: it rings, pops up, is answered, written down and made an order – with the keyboard only."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from fawang.base.divisions import selectors as division_selectors
from fawang.base.divisions.tests import factories as divisions
from fawang.front.frame.session import BACKEND
from fawang.middle.intake import sealing
from fawang.middle.intake.models import Contact, ContactOrder
from fawang.middle.intake.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright's own loop makes Django think that it runs asynchronously
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def console(live_server, tmp_path):
    """A ready operator's console in a browser."""
    division_selectors.forget()
    divisions.load(tmp_path)
    account, _actor = factories.agent(factories.hotline())
    factories.ready_for_orders()
    client = Client()
    client.force_login(account, backend=BACKEND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/hotline/")
        yield page
        browser.close()
    division_selectors.forget()


def accessible(page: Page) -> None:
    """No violation that axe finds."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def tab_to(page: Page, field: str) -> None:
    """On to the field with the tabulator only."""
    for _step in range(8):
        page.keyboard.press("Tab")
        if page.locator(field).evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{field} is not reached by Tab")


def test_a_full_order_by_keyboard(console):
    accessible(console)
    factories.ring()
    expect(console.locator("[data-ringing]")).to_be_focused(timeout=6_000)
    expect(console.locator("#ringing")).to_contain_text("139****1234")
    accessible(console)
    console.keyboard.press("Enter")
    words = console.locator("#q-contact_words")
    expect(words).to_be_focused()
    console.keyboard.type("老板拖欠三个月工资，他拿刀威胁我")
    expect(console.locator("#danger")).to_contain_text("110")
    expect(console.locator("#saved")).to_contain_text("已自动保存")
    accessible(console)
    console.keyboard.press(
        console.locator("button[value=CONSULT_MESSAGE]").get_attribute("aria-keyshortcuts", timeout=6_000) or ""
    )
    expect(console.locator("#q-caller__name")).to_be_focused()
    expect(console.locator("#q-story")).to_have_value("老板拖欠三个月工资，他拿刀威胁我")
    console.keyboard.type("王芳")
    tab_to(console, "#order #q-domain")
    for _press in range(3):
        console.keyboard.press("ArrowDown")
    expect(console.locator("#order #q-domain")).to_have_value("D03")
    for key in ("Tab", "ArrowDown"):
        console.keyboard.press(key)
    expect(console.locator("#q-area-1")).to_be_visible()
    expect(console.locator("#q-area")).to_be_focused()
    accessible(console)
    console.keyboard.press("Control+Enter")
    expect(console.locator(".panel--done")).to_contain_text("PLS")
    accessible(console)
    console.keyboard.press("Control+Enter")
    expect(console.locator("h1")).to_contain_text("12348")
    assert ContactOrder.objects.count() == 1


def test_what_was_typed_survives_a_reload_and_a_lost_connection(console):
    console.keyboard.press("n")
    words = console.locator("#q-contact_words")
    expect(words).to_be_focused()
    console.keyboard.type("第一句")
    expect(console.locator("#saved")).to_contain_text("已自动保存")
    console.reload()
    expect(words).to_have_value("第一句")
    console.context.set_offline(True)
    words.focus()
    console.keyboard.press("Control+End")
    console.keyboard.type("，第二句")
    expect(console.locator("#saved")).to_contain_text("没有连上网络")
    console.context.set_offline(False)
    expect(console.locator("#saved")).to_contain_text("已自动保存", timeout=8_000)
    assert sealing.open_words(Contact.objects.get().words) == "第一句，第二句"


def test_an_answer_by_keyboard(console):
    console.keyboard.press("n")
    expect(console.locator("#q-contact_words")).to_be_focused()
    console.keyboard.type("试用期最长多久")
    console.locator("#q-answer").focus()
    console.keyboard.type("三年以上合同不超过六个月。")
    console.keyboard.press("Control+Enter")
    expect(console.locator(".panel--done")).to_contain_text("CT")
    assert Contact.objects.get().outcome == "ANSWERED"
