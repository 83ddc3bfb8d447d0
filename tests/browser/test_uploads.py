"""Files handed in with a browser: photographed page by page, dropped, sent with progress; a broken line loses nothing."""

from __future__ import annotations

import base64
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from fawang.base.documents.models import Document
from fawang.base.documents.tests.factories import PDF, picture
from fawang.base.identity import selectors as identity
from fawang.base.identity.tests.factories import citizen, make_account
from fawang.front.frame.session import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright's own loop makes Django think that it runs asynchronously
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ONE, TWO = picture(size=(400, 300), colour="#aa3311"), picture(size=(300, 400), colour="#1133aa")


def photo(name, data, kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": data}


@pytest.fixture
def phone(live_server):
    """A citizen's phone on the page where papers are photographed."""
    mother = citizen(make_account())
    client = Client()
    client.force_login(identity.account(mother.account_id), backend=BACKEND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/files/scan/")
        yield page
        browser.close()


def is_fit(page: Page) -> None:
    """No violation that axe finds, nothing wider than the phone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_pages_are_photographed_put_in_order_and_kept_as_one_pdf(phone):
    is_fit(phone)
    camera, rows = phone.locator("[data-upload-camera]"), phone.locator(".file-drop__row")
    camera.set_input_files(photo("image.jpg", ONE))
    expect(rows).to_have_count(1)
    camera.set_input_files(photo("image.jpg", TWO))
    expect(rows).to_have_count(2)
    expect(phone.locator("[data-upload-words]")).to_contain_text("2 张照片")
    is_fit(phone)
    rows.nth(1).locator("[data-up]").click()
    expect(rows.nth(0)).to_contain_text("2.jpg")
    rows.nth(1).locator("[data-off]").click()
    expect(rows).to_have_count(1)
    camera.set_input_files(photo("image.jpg", ONE))
    phone.get_by_role("button", name="拍好了，保存").click()
    expect(phone.locator("h1")).to_have_text("照片合成（2 页）.pdf")
    expect(phone.locator("#toasts")).to_contain_text("已保存")
    assert "/files/" in phone.url
    assert "scan" not in phone.url
    expect(phone.locator(".pages__page img").first).to_have_js_property("complete", True)
    assert phone.locator(".pages__page img").first.evaluate("image => image.naturalWidth") > 1000
    is_fit(phone)
    kept = Document.objects.get()
    assert (kept.pages, kept.media_type) == (2, "application/pdf")
    # the page that came back is a whole page: its own buttons work, and back is the page before
    phone.get_by_role("button", name="大字版").click()
    expect(phone.locator("html")).to_have_attribute("data-elder", "1")
    phone.go_back()
    phone.go_back()
    expect(phone.locator("h1")).to_have_text("把纸质材料拍成一个文件")


def drop(page: Page, name: str, kind: str, data: bytes) -> None:
    page.locator("[data-upload]").evaluate(
        """(box, [name, kind, data]) => {
          const held = new DataTransfer();
          held.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type: kind }));
          for (const step of ["dragenter", "dragover", "drop"])
            box.dispatchEvent(new DragEvent(step, { dataTransfer: held, bubbles: true, cancelable: true }));
        }""",
        [name, kind, base64.b64encode(data).decode()],
    )


def test_a_dropped_file_is_sent_and_a_refusal_is_the_page_with_its_sentence(phone):
    drop(phone, "照片.jpg", "image/jpeg", PDF)
    expect(phone.locator(".file-drop__row")).to_have_count(1)
    phone.get_by_role("button", name="拍好了，保存").click()
    expect(phone.locator(".error-summary")).to_contain_text("内容却是 pdf")
    expect(phone.locator(".error-summary")).to_be_focused()
    drop(phone, "合同.pdf", "application/pdf", PDF)
    phone.get_by_role("button", name="拍好了，保存").click()
    expect(phone.locator("h1")).to_have_text("合同.pdf")
    assert Document.objects.count() == 1


def test_what_cannot_be_taken_is_said_before_it_is_sent(phone):
    chosen, words = phone.locator("[data-upload-input]"), phone.locator("[data-upload-words]")
    chosen.set_input_files([photo("1.jpg", ONE), photo("2.pdf", PDF, "application/pdf")])
    expect(words).to_contain_text("只能都是照片")
    phone.get_by_role("button", name="拍好了，保存").click()
    expect(words).to_contain_text("只能都是照片")
    chosen.set_input_files(photo("大.pdf", PDF + b"\n" * 10_500_000, "application/pdf"))
    expect(words).to_contain_text("不能超过 10 MB")
    chosen.set_input_files(photo("IMG_1.HEIC", b"x" * 50, "image/heic"))
    expect(words).to_contain_text("HEIC")
    assert not Document.objects.exists()


def test_a_broken_line_keeps_what_was_chosen_and_a_second_press_sends_it(phone):
    phone.locator("[data-upload-input]").set_input_files(photo("1.jpg", ONE))
    phone.context.set_offline(True)
    phone.get_by_role("button", name="拍好了，保存").click()
    expect(phone.locator("[data-upload-words]")).to_contain_text("网络断了")
    expect(phone.locator(".file-drop__row")).to_have_count(1)
    phone.context.set_offline(False)
    phone.get_by_role("button", name="拍好了，保存").click()
    expect(phone.locator("h1")).to_have_text("1.jpg")


def test_a_large_photo_is_made_smaller_on_the_phone(phone):
    phone.locator("[data-upload-input]").set_input_files(
        [photo("1.png", picture("PNG", size=(5000, 3000)), "image/png"), photo("2.jpg", TWO)]
    )
    expect(phone.locator(".file-drop__row")).to_have_count(2)
    expect(phone.locator(".file-drop__row").first).to_contain_text("1.")
    phone.get_by_role("button", name="拍好了，保存").click()
    expect(phone.locator("h1")).to_contain_text("2 页")


def test_without_script_it_is_a_plain_field(live_server):
    mother = citizen(make_account())
    client = Client()
    client.force_login(identity.account(mother.account_id), backend=BACKEND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(java_script_enabled=False, locale="zh-CN")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/files/scan/")
        expect(page.locator("[data-upload-camera]")).to_be_hidden()
        page.locator("[data-upload-input]").set_input_files([photo("1.jpg", ONE), photo("2.jpg", TWO)])
        page.get_by_role("button", name="拍好了，保存").click()
        expect(page.locator("h1")).to_have_text("照片合成（2 页）.pdf")
        browser.close()
