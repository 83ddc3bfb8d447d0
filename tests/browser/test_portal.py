"""An application on a phone, from the box on the home page to the matter, without an accessibility fault."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from fawang.base.divisions import selectors as division_selectors
from fawang.base.identity import selectors as identity
from fawang.base.workorders.tests import factories
from fawang.front.frame.session import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright's own loop makes Django think that it runs asynchronously
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
TYPED = {
    "story": "楼上漏水三个月没人管", "claim": "修好并赔偿", "amount": "3500.50", "other_name": "李示例",
    "other_phone": "13900001234",
}  # fmt: skip
CHOSEN = {"kind": "neighbour", "proceedings": "none"}


@pytest.fixture
def phone(live_server, tmp_path):
    """A citizen's phone, logged in."""
    world = factories.build(tmp_path)
    client = Client()
    client.force_login(identity.account(world.citizen.account_id), backend=BACKEND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url)
        yield page
        browser.close()
    division_selectors.forget()


def is_fit(page: Page) -> None:
    """No violation that axe finds, nothing wider than the phone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def answer(page: Page) -> None:
    """Answer the question of the page."""
    name = page.url.rstrip("/").split("/")[-1]
    if name in CHOSEN:
        page.check(f"input[value={CHOSEN[name]}]", force=True)
    elif name in TYPED:
        page.fill(f"[name={name}]", TYPED[name])
    elif name == "area":
        page.select_option("select[name=area__0]", "510100")
        page.select_option("select[name=area__1]", "510107")
    page.click("main form .actions button")


def test_an_application_on_a_phone(phone):
    is_fit(phone)
    phone.fill("#q-q", "楼上邻居漏水")
    phone.click("form.ask button")
    is_fit(phone)
    phone.click("main a:has-text('人民调解')")
    is_fit(phone)
    phone.click("main a:has-text('开始申请') >> nth=0")
    is_fit(phone)
    phone.check("#q-agree", force=True)
    phone.click("main button:has-text('开始填写')")
    expect(phone.locator("main")).to_contain_text("第 1 步，共 10 步")
    while "/check/" not in phone.url:
        is_fit(phone)
        answer(phone)
    is_fit(phone)
    phone.click("button:has-text('确认并提交')")
    expect(phone.locator("h1")).to_have_text("已经收到")
    is_fit(phone)
    phone.click("main a:has-text('看进度')")
    expect(phone.locator("h1")).to_have_text("楼上漏水三个月没人管")
    is_fit(phone)
    phone.goto(phone.url.split("/mine/")[0] + "/mine/")
    is_fit(phone)


def test_wrong_answers_on_a_phone_lead_to_their_field(phone):
    phone.goto(phone.url + "apply/MEDIATION_PEOPLE/")
    phone.check("#q-agree", force=True)
    phone.click("main button:has-text('开始填写')")
    phone.fill("[name=applicant_name]", "")
    phone.click("main form .actions button")
    expect(phone.locator(".error-summary")).to_contain_text("请填写这一项")
    is_fit(phone)
