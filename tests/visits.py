"""People at a browser: they log in, fill in what is asked by name, and press what they read. Used by tests and pictures."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from fawang.base.catalogue import loader
from fawang.base.organisations import demonstration
from tests.conformance.encoding import fields
from tests.servers import Installation

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PASSWORD = "Fawang-demo-2026"
STEPS = 60
# milliseconds until something on a page is missed
PATIENCE = 10_000
# evaluated, since the product's own policy forbids what `wait_for_function` does
SETTLED = """new Promise((done) => {
  const look = () => document.querySelector(".htmx-request, .htmx-settling, .htmx-swapping") ? setTimeout(look, 20) : done();
  setTimeout(look, 60);
})"""
Look = Callable[[str], None]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--lang=zh-CN"], env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        try:
            yield browser
        finally:
            browser.close()


def seen(_what: str) -> None:
    """Nobody looks."""


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, base: str, viewport: Mapping[str, int] = PHONE, **options: Any) -> None:
        self.base = base
        self.has_script = bool(options.get("java_script_enabled", True))
        self.context: BrowserContext = browser.new_context(viewport=dict(viewport), locale="zh-CN", **options)
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> None:
        """Go to a page of the product."""
        self.page.goto(self.base + path)

    @property
    def path(self) -> str:
        """Where they are."""
        return self.page.url.removeprefix(self.base).split("?")[0]

    def press(self, selector: str) -> None:
        """Press a button or link and wait for the page after it."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def log_in_by_phone(self, phone: str, installation: Installation) -> None:
        """At the log-in page: ask for the code, which a demonstration prints, and type it in."""
        self.page.fill("[name=phone]", phone)
        self.press("main button:has-text('获取验证码')")
        self.page.fill("[name=code]", _code(installation, phone))
        self.press("main form .actions button")

    def log_in_as_staff(self, username: str, *, place: str = "") -> None:
        """Password and authenticator; then choose for which unit to act."""
        self.open("/staff/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.press("main form .actions button")
        for _try in range(3):
            self.page.fill("[name=code]", pyotp.TOTP(demonstration.totp_secret(username)).now())
            self.press("main form .actions button")
            if self.path != "/staff/login/code/":
                break
            # each code is good once: whoever was here half a minute ago waits for the next
            time.sleep(30 - time.time() % 30)
        if place:
            self.open("/acting/")
            self.press(f"main button:has-text('{place}')")

    def fill(self, values: Mapping[str, Any]) -> None:
        """Set controls by their name, as `encoding.fields` gives them."""
        for name, value in values.items():
            control = self.page.locator(f"main [name='{name}']:not([type=hidden])")
            if not control.count() and (row := re.match(r"(\w+?)__(\d+)__", name)):
                self.press(f"button[name=more][value='{row[1]}']")
            elif not control.count() and not self.has_script:
                self.press("button[name=narrow]")
            self._set(control, value)

    def _set(self, control: Locator, value: Any) -> None:
        first = control.first
        kind = first.evaluate("one => one.type")
        if kind in {"radio", "checkbox"}:
            for one in value if isinstance(value, list) else [value]:
                by_value = f"main [name='{first.get_attribute('name')}'][value='{one}']"
                if self.page.locator(by_value).count():
                    self.tick(by_value)
                else:
                    self.page.get_by_label(str(one)).first.check()
        elif kind == "select-one":
            # by value, or by words that the option has
            find = "(one, text) => [...one.options].find((o) => o.value === text || o.text.includes(text))?.value"
            first.select_option(first.evaluate(find, str(value)))
        else:
            first.fill(str(value))
        self.settle()

    def settle(self) -> None:
        """Wait for the part of a page that an answer changed (the next level of a place, the questions that follow)."""
        if self.has_script:
            self.page.evaluate(SETTLED)

    def tick(self, selector: str) -> None:
        """Choose a radio button or tick a box."""
        self.page.locator(selector).first.check()

    def apply(self, code: str, answers: Mapping[str, Any], look: Look = seen) -> str:
        """From the page that begins an application to its receipt; the number. `look` gets the name of each page."""
        item = loader.read().items[code]
        self._begin(look)
        for _step in range(STEPS):
            name = self.path.rstrip("/").split("/")[-1]
            if name == "check":
                break
            question = item.question(name)
            if question is not None and name in answers:
                self.fill(fields(question, answers[name]))
            look(name)
            self.press("main form .actions button")
            if self.path.rstrip("/").endswith(f"/{name}"):
                raise AssertionError(f"{code}: {name}: {self.page.inner_text('main')}")
        look("check")
        self.press("main button:has-text('确认并提交')")
        look("done")
        return self.path.strip("/").split("/")[1]

    def _begin(self, look: Look) -> None:
        if self.page.locator("[name=agree]").count():
            self.tick("[name=agree]")
        look("start")
        self.press("main button:has-text('开始填写')")

    def act(self, number: str, action: str, *, side: str = "/work/orders/", **data: Any) -> None:
        """Take one step of an order by its form."""
        self.open(f"{side}{number}/do/{action}/")
        for name, value in data.items():
            is_day = self.page.locator(f"main [name='{name}__year']").count()
            self.fill(fields_of_a_day(name, value) if is_day else {name: value})
        self.press("main form .actions button")
        if "/do/" in self.path:
            raise AssertionError(f"{number} {action}: {self.page.inner_text('main')}")


def fields_of_a_day(name: str, day: str) -> dict[str, str]:
    """The three fields of a date."""
    return {f"{name}__{part}": value for part, value in zip(("year", "month", "day"), day.split("-"), strict=True)}


def _code(installation: Installation, phone: str) -> str:
    for _try in range(50):
        said = re.findall(rf"\[SMS {phone}\][^\n]*?(\d{{6}})", installation.log())
        if said:
            return str(said[-1])
        time.sleep(0.1)
    raise AssertionError(f"no code for {phone}")
