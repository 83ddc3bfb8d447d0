"""What a citizen's page weighs as the product serves it, and that it works without JavaScript."""

from __future__ import annotations

import re

import pytest
from tests.screenshots import CARD, NEIGHBOUR, WAGES
from tests.servers import databases
from tests.visits import PHONE, Visitor, chromium

from fawang.base.documents.tests.factories import picture

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.slow]
BUDGET = 150_000


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A demonstration with its compressed static files, served as it is installed."""
    with databases(tmp_path_factory.mktemp("budget"), "sqlite") as (maker,):
        installation = maker.installation()
        installation.make_static()
        server = installation.serve(threads=2)
        with chromium() as browser:
            yield installation, browser, f"http://127.0.0.1:{server.port}"
        installation.stop()


class Scales:
    """Bytes over the line for one page with an empty cache, by address."""

    def __init__(self, page):
        self.weights = {}
        self._pending = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.requestWillBeSent", lambda e: self._pending.update({e["requestId"]: e["request"]["url"]}))
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event):
        url = self._pending.get(event["requestId"], "")
        self.weights[url] = self.weights.get(url, 0) + int(event["encodedDataLength"])


def weigh(visitor, path):
    page = visitor.context.new_page()
    scales = Scales(page)
    page.goto(visitor.base + path, wait_until="networkidle")
    page.close()
    return scales.weights


def is_light(visitor, path):
    weights = weigh(visitor, path)
    assert all(url.startswith((visitor.base, "data:")) for url in weights), "a page asked another host"
    assert sum(weights.values()) <= BUDGET, (path, weights)
    assert any(".css" in url for url in weights)
    return sum(weights.values())


def test_pages_are_light_and_everything_works_without_javascript(served):
    installation, browser, base = served
    one = Visitor(browser, base, PHONE, java_script_enabled=False)
    heavy = Visitor(browser, base, PHONE)
    for path in ("/", "/services/", "/services/LEGAL_AID_LABOUR/", "/services/BUNDLE_DEATH/", "/track/", "/login/"):
        is_light(heavy, path)

    one.open("/")
    one.page.fill("#q-q", NEIGHBOUR["story"])
    one.press("form.ask button")
    one.press("main a[href='/services/MEDIATION_PEOPLE/']")
    one.press("main a:has-text('开始申请')")
    one.log_in_by_phone("13700003003", installation)
    heavy.context.add_cookies(one.context.cookies())
    seen = []

    def look(name):
        if name in {"kind", "story", "area", "check"}:
            seen.append(is_light(heavy, one.path))

    number = one.apply("MEDIATION_PEOPLE", NEIGHBOUR, look)
    assert re.fullmatch(r"PLS[0-9]{22}[0-9X]", number)
    assert len(seen) == 4
    for path in (f"/done/{number}/", f"/mine/{number}/", "/mine/"):
        is_light(heavy, path)

    one.open(f"/mine/{number}/do/urge/")
    one.fill({"text": "请快一点"})
    one.press("main form .actions button")
    assert "催办" in one.page.inner_text("main")


def test_papers_are_light_and_taken_without_javascript(served):
    installation, browser, base = served
    one = Visitor(browser, base, PHONE, java_script_enabled=False)
    one.open("/apply/LEGAL_AID_LABOUR/")
    one.log_in_by_phone("13700003004", installation)
    one.press("main a:has-text('去核验')")
    one.page.fill("[name=name]", "林小满")
    one.page.fill("[name=id_no]", CARD["number"])
    one.press("main form .actions button")
    heavy = Visitor(browser, base, PHONE)
    heavy.context.add_cookies(one.context.cookies())
    taken = []

    def look(name):
        if name == "papers" and not taken:
            is_light(heavy, one.path)
            photo = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(400, 300))}
            one.page.locator("main input[type=file]").first.set_input_files(photo)
            one.press("main button[name=stay]")
            taken.append(one.page.inner_text("main"))

    one.apply("LEGAL_AID_LABOUR", WAGES, look)
    assert "1.jpg" in taken[0]
