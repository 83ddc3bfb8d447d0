"""A day at the workbench by keyboard: open a queue, open an order, act; and what axe says of every staff page."""

from __future__ import annotations

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from fawang.base.divisions import selectors as division_selectors
from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.tests.factories import SYSTEM, make_staff
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

        def opened(actor, path: str, width: int = 1440, *, has_scripts: bool = True) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=has_scripts
            )
            cookie = client_of(actor).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.goto(live_server.url + path)
            return page

        yield opened
        browser.close()


def administrators(world) -> None:
    """The three administrators and a provincial one, in the small world."""
    for name, role in (("sysadmin", "SYS_ADMIN"), ("secadmin", "SEC_ADMIN"), ("department", "JUSTICE_ADMIN_PROV")):
        world.people[name] = make_staff(role, world.units["province"])[1]


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
    page.get_by_role("button", name="受理", exact=True).press("Enter")
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


@pytest.mark.parametrize("width", [1440, 390])
def test_administration_pages_are_accessible_on_desks_and_phones(small_world, open_as, width):
    administrators(small_world)
    token, person = small_world.token("committee"), small_world.handler_token()
    unit, account = f"/work/admin/institutions/{token}/", identity.own_account(small_world.mediator)
    services.add_window(SYSTEM, small_world.committee, name="1 号窗口")
    [window] = organisations.windows(small_world.committee)
    services.create_key(SYSTEM, institution_id=small_world.centre, name="转办", roles=("PARTNER_COURT",))
    pages = [
        ("department", "/work/admin/institutions/"), ("department", unit), ("department", f"{unit}edit/"),
        ("department", f"{unit}windows/"), ("department", f"/work/admin/institutions/window/{window.token}/"),
        ("department", f"{unit}rooms/new/"), ("department", f"{unit}people/"),
        ("department", f"/work/admin/institutions/person/{person}/"), ("liaison", f"{unit}accounts/"),
        ("secadmin", "/work/admin/accounts/"), ("secadmin", f"/work/admin/accounts/{account.token}/"),
        ("sysadmin", "/work/admin/accounts/new/"), ("secadmin", "/work/admin/partner-keys/"),
        ("sysadmin", "/work/admin/calendar/"), ("auditor", "/work/admin/audit/"),
        ("auditor", "/work/admin/permissions/?role=SEC_ADMIN"), ("mediator", "/work/me/"),
    ]  # fmt: skip
    for name, path in pages:
        page = open_as(getattr(small_world, name), path, width)
        assert page.locator("h1").count() == 1, path
        accessible(page)
        page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_about_services_are_accessible_on_desks_and_phones(small_world, open_as, width):
    administrators(small_world)
    service = "/work/admin/services/LEGAL_AID_CIVIL/"
    # a group, a bundle, a look-up without questions; then every page of a service with rules, papers and limits
    others = ("NOTARY_N20/questions/", "BUNDLE_WAGES/", "BUNDLE_WAGES/course/", "FIND_PERSON/questions/")
    pages = [
        "/work/admin/services/", "/work/admin/services/?line=mediation", *(f"/work/admin/services/{one}" for one in others),
        *(f"{service}{page}" for page in ("", "questions/", "course/", "examples/", "versions/", "publish/", "poster/")),
    ]  # fmt: skip
    for path in pages:
        page = open_as(small_world.department, path, width)
        assert page.locator("h1").count() == 1, path
        accessible(page)
        page.context.close()
    page = open_as(small_world.department, f"{service}questions/", width)
    assert page.locator(".phone__form input:enabled, .phone__form select:enabled").count() == 0
    assert page.locator(".phone").first.bounding_box()["width"] <= 390
    page.context.close()


def test_a_poster_is_one_sheet_of_paper(small_world, open_as):
    page = open_as(small_world.liaison, "/work/admin/services/MEDIATION_PEOPLE/poster/", has_scripts=False)
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.emulate_media(media="print")
    expect(page.locator(".poster")).to_be_visible()
    for hidden in (".sidebar", ".filters", ".tabs", ".toolbar"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_a_window_is_opened_for_booking_on_a_phone_without_scripts(small_world, open_as):
    unit = f"/work/admin/institutions/{small_world.token('centre')}/"
    page = open_as(small_world.justice, f"{unit}windows/new/", 390, has_scripts=False)
    page.fill("#q-name", "1 号窗口")
    page.get_by_role("button", name="登记").click()
    page.get_by_role("link", name="1 号窗口").click()
    page.get_by_role("button", name="再加几段").click()
    page.get_by_label("周六").nth(2).check()
    page.locator("#q-opening-2-begin").fill("9")
    page.locator("#q-opening-2-end").fill("11:30")
    page.get_by_role("button", name="开放预约").click()
    page.goto(page.url.split("/work/")[0] + f"{unit}windows/")
    expect(page.locator("main")).to_contain_text("周六 09:00–11:30")


def test_an_institution_is_found_and_its_administrator_made_by_keyboard(small_world, open_as):
    administrators(small_world)
    page = open_as(small_world.department, "/work/admin/institutions/")
    page.keyboard.press("/")
    page.keyboard.type("武侯调委会")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("武侯调委会")
    page.goto(page.url + "edit/")
    page.locator("#q-capacity").fill("77")
    page.locator("#q-capacity").press("Enter")
    expect(page.locator(".toast")).to_contain_text("已保存")
    expect(page.locator("main")).to_contain_text("77 件")
    page.goto(f"{page.url}accounts/")
    new = page.get_by_role("region", name="新同事")
    new.get_by_label("用户名").fill("new.mediator")
    new.get_by_label("姓名").fill("新调解员")
    new.get_by_label("姓名").press("Enter")
    expect(page.locator("h1")).to_have_text("账号已建立")
    accessible(page)
    expect(page.locator("strong code")).to_have_text(re.compile(r"^[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}$"))
