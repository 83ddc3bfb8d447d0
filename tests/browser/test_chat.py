"""Two people talk: a citizen with a phone, a lawyer at a desk. Each sees what the other writes without doing anything."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from fawang.base.divisions import selectors as division_selectors
from fawang.base.divisions.tests import factories as divisions
from fawang.base.organisations.tests import factories as organisations
from fawang.front.frame.session import BACKEND
from fawang.middle.intake.models import ChatMessage
from fawang.middle.intake.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright's own loop makes Django think that it runs asynchronously
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
SOON = 8_000


@pytest.fixture
def pages(live_server, tmp_path):
    """A phone and a desk, each with its own browser."""
    division_selectors.forget()
    divisions.load(tmp_path)
    account, _actor = organisations.make_staff("DUTY_LAWYER", factories.hotline())
    client = Client()
    client.force_login(account, backend=BACKEND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="zh-CN").new_page()
        office = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        office.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        desk = office.new_page()
        desk.goto(f"{live_server.url}/work/chats/")
        phone.goto(f"{live_server.url}/chat/")
        yield phone, desk
        browser.close()
    division_selectors.forget()


def accessible(page: Page, name: str) -> None:
    """No violation that axe finds."""
    if folder := os.environ.get("FAWANG_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_phone_and_a_desk_talk(pages):
    phone, desk = pages
    accessible(phone, "start")
    desk.keyboard.press("r")
    expect(desk.get_by_text("已签到")).to_be_visible()
    # whatever the hour: a lawyer is there now
    phone.reload()
    phone.locator("#q-q").fill("老板拖欠三个月工资，仲裁明天到期")
    phone.get_by_role("button", name="开始，等律师来").tap()
    expect(phone.locator("#chat-state")).to_contain_text("您排在第一位")
    accessible(phone, "waiting")
    # the queue comes by itself
    expect(desk.locator("#desk-lists")).to_contain_text("期限快到", timeout=SOON)
    accessible(desk, "desk")
    desk.keyboard.press("a")
    desk.locator("#q-text").fill("您好，哪天收到的裁决？")
    desk.keyboard.press("Enter")
    expect(desk.locator("#chat-lines")).to_contain_text("哪天收到的裁决")
    expect(desk.locator("#q-text")).to_have_value("")
    expect(phone.locator("#chat-lines")).to_contain_text("哪天收到的裁决", timeout=SOON)
    expect(phone.locator("#chat-state")).to_contain_text("律师在和您说话")
    # a lost connection: what was typed stays, is sent again, and is one message
    phone.context.set_offline(True)
    phone.locator("#q-text").fill("上个星期一")
    phone.get_by_role("button", name="发送").tap()
    expect(phone.locator("#chat-connection")).to_be_visible(timeout=SOON)
    expect(phone.locator("#q-text")).to_have_value("上个星期一")
    phone.context.set_offline(False)
    phone.get_by_role("button", name="发送").tap()
    expect(phone.locator("#chat-lines")).to_contain_text("上个星期一")
    expect(phone.locator("#chat-connection")).to_be_hidden()
    expect(desk.locator("#chat-lines")).to_contain_text("上个星期一", timeout=SOON)
    assert ChatMessage.objects.filter(side="VISITOR").count() == 2
    accessible(phone, "talking")
    accessible(desk, "talk")
    desk.locator("#q-answer").fill("后天前申请")
    desk.get_by_role("button", name="结束并记录").click()
    expect(phone.locator("#chat-state")).to_contain_text("这次服务怎么样", timeout=SOON)
    accessible(phone, "over")
    phone.locator("#q-grade-5").check()
    phone.get_by_role("button", name="提交评价").tap()
    expect(phone.locator("#chat-state")).to_contain_text("您已经评价过")
