"""On a phone, as somebody new: from a story to services and articles, the nearest place, a booked time, and an opinion."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser import living
from tests.servers import WHEELS
from tests.visits import Visitor, chromium

from fawang.base.identity import services as identities
from fawang.base.identity.tests.factories import Collected
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders_told
from fawang.base.workorders import services as orders
from fawang.site import preparing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
STORY = "老板欠我三个月工资不给"
PHONE = "13900007777"


@pytest.fixture
def province(settings, tmp_path):
    """The demonstration, with the laws of the wheel and the texts to phones at hand."""
    settings.HOME = tmp_path
    (tmp_path / "wheels").symlink_to(WHEELS)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "maps").symlink_to(WHEELS.parent / "assets" / "maps")
    texts = Collected()
    identities.register_sender("collected", texts)
    settings.FAWANG_SMS_SENDER = "collected"
    for step in preparing.steps(is_demonstration=True, province="51"):
        step.work()
    return texts


def test_from_a_story_to_a_booked_time_and_a_cited_opinion(province, live_server):
    with chromium() as browser:
        somebody = Visitor(browser, live_server.url)
        page = somebody.page
        # the story, the fitting service, the law behind it
        somebody.open("/")
        page.fill("[name=q]", STORY)
        somebody.press("form.ask button")
        expect(page.locator("main")).to_contain_text("法律援助（欠薪、工伤、劳动关系）")
        expect(page.locator("#law-title")).to_be_visible()
        assert STORY not in page.url
        # may I have it: asked once, carried along
        somebody.press("a[href='/self-check/legal_aid/']")
        for value in ("wages", "no", "yes", "none"):
            control = page.locator("main form select")
            control.select_option(value) if control.count() else somebody.tick(f"main form [value='{value}']")
            somebody.press("main form .actions button")
        expect(page.locator("main")).to_contain_text("免予核查经济困难状况")
        expect(page.locator("main")).to_contain_text("《法律援助法》第四十二条")
        # the nearest that serves it, by the name of a place
        somebody.open("/directory/?line=legal_aid")
        page.fill("[name=place]", "武侯区")
        somebody.press("form[data-near] button:has-text('按距离查找')")
        first = page.locator("main ul.cells a.cell").first
        expect(first).to_contain_text("武侯区法律援助中心")
        expect(first).to_contain_text(re.compile("米|公里"))
        assert "武侯" not in urlsplit(page.url).query
        # a time at the centre: chosen first, logged in then, nothing lost
        somebody.open("/directory/?type=PLS_CENTRE")
        somebody.press("main ul.cells a.cell >> nth=0")
        somebody.press("main a:has-text('预约一个时间')")
        somebody.press("main ul.cells a.cell >> nth=0")
        somebody.press("main .times a, main a[href*='at=']")
        chosen = page.url
        somebody.press("main form .actions button, main a.button:has-text('登录')")
        page.fill("[name=phone]", PHONE)
        somebody.press("main button:has-text('获取验证码')")
        page.fill("[name=code]", province.code)
        somebody.press("main form .actions button")
        assert urlsplit(page.url).path == urlsplit(chosen).path
        if page.locator("[name=agree]").count():
            somebody.tick("[name=agree]")
        somebody.press("main form .actions button")
        expect(page.locator("main")).to_contain_text("预约")
        calendar = page.locator("a[href$='.ics']").get_attribute("href")
        assert "BEGIN:VEVENT" in somebody.context.request.get(live_server.url + calendar).text()
        # a question in writing: what was told at the beginning is there already
        somebody.open("/questions/ask/")
        expect(page.locator("[name=story]")).to_have_value(STORY)
        page.select_option("[name=domain]", "D03")
        page.select_option("[name=area__0]", "510100")
        somebody.settle()
        page.select_option("[name=area__1]", "510107")
        somebody.tick("[name=urgency][value=U3]")
        if page.locator("[name=agree]").count():
            somebody.tick("[name=agree]")
        somebody.press("main button[name=send]")
        number = somebody.path.strip("/").split("/")[1]
        dispatcher, unit = living.actor("dispatcher"), organisations.institution(living.actor("lawyer").unit_id)
        if orders_told.get(dispatcher, number).unit_id != unit.id:
            orders.perform(actor=dispatcher, order=number, action="recall", data={"reason": "请值班律师答复"})
            orders.perform(
                actor=dispatcher, order=number, action="dispatch", data={"unit": unit.token, "mode": "MANUAL"}
            )
        living.opinion(number)
        somebody.open(f"/mine/{number}/")
        expect(page.locator("main")).to_contain_text("《劳动合同法》第三十条")
