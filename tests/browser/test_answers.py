"""The law at hand through a browser: the operator's article by keyboard, and a question on a phone."""

from __future__ import annotations

import os
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from fawang.base.divisions import selectors as division_selectors
from fawang.base.divisions.tests import factories as divisions
from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services
from fawang.base.knowledge.tests import factories as laws
from fawang.base.knowledge.values import PieceKind
from fawang.front.frame.session import BACKEND
from fawang.middle.intake import services as intake
from fawang.middle.intake.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
# Playwright's own loop makes Django think that it runs asynchronously
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def library(tmp_path, settings):
    """Laws, and one reviewed guide."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    laws.forget()
    laws.load(tmp_path / "source")
    (law,), _count = knowledge.laws("劳动合同法")
    key = services.write(
        laws.EDITOR, kind=PieceKind.GUIDE, title="老板不发工资怎么办", basis=[services.Basis(law.key, 30)],
        body="先留好工资流水。\n老板不发工资的，可以向劳动监察投诉。",
    )  # fmt: skip
    services.submit(laws.EDITOR, key, version=1)
    services.publish(laws.REVIEWER, key, version=2, review_by=date(2027, 9, 1))
    yield key
    laws.forget()


def accessible(page: Page) -> None:
    """No violation that axe finds."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_an_operator_puts_an_article_into_the_answer_by_keyboard(library, live_server, tmp_path):
    division_selectors.forget()
    divisions.load(tmp_path)
    account, actor = factories.agent(factories.hotline())
    number = intake.open_contact(actor, call=factories.ring().token).number
    client = Client()
    client.force_login(account, backend=BACKEND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/hotline/contacts/{number}/")
        page.keyboard.type("老板不发工资，没签合同")
        expect(page.locator("#law-rows")).to_contain_text("老板不发工资怎么办")
        page.locator("#q-answer").focus()
        page.keyboard.type("您可以这样：")
        page.keyboard.press("Alt+l")
        expect(page.locator("#law-q")).to_be_focused()
        page.keyboard.type("劳动合同法82条")
        expect(page.locator("#law-rows [data-insert]")).to_have_count(1)
        accessible(page)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        answer = page.locator("#q-answer")
        expect(answer).to_be_focused()
        assert answer.input_value().startswith("您可以这样：《劳动合同法》第八十二条：“用人单位自用工之日起")
        expect(page.locator("#saved")).to_contain_text("已自动保存")
        browser.close()
    division_selectors.forget()


def test_a_question_on_a_phone_and_the_guide_behind_it(library, live_server):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme="dark", java_script_enabled=True
        )
        page = context.new_page()
        page.goto(f"{live_server.url}/ask/")
        accessible(page)
        page.fill("#q-q", "老板不发工资怎么办，劳动合同法30条")
        page.get_by_role("button", name="问", exact=True).click()
        expect(page.locator("main")).to_contain_text("机器从法律原文摘录")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        accessible(page)
        page.goto(f"{live_server.url}/ask/sheet/")
        accessible(page)
        page.goto(f"{live_server.url}/guides/{library}/")
        accessible(page)
        browser.close()
