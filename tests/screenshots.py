"""Takes the pictures of the documentation: `python -m tests.screenshots` starts a demonstration, lives the story, looks.

The story is that of three people with a phone, an operator, a clerk and those who work behind them, from the home question
to the rating. Every picture is of the running product; nothing is posed that a user could not reach.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from fawang.base.catalogue import loader
from fawang.kernel import clock
from tests.conformance.encoding import fields
from tests.servers import ROOT, Installation, databases
from tests.visits import DESK, PHONE, Visitor, chromium

SHOTS = ROOT / "docs" / "screenshots"
MOST_BYTES = 2_500_000
COLOURS = 128
KIOSK = {"width": 810, "height": 1080}
AREA = "510107"
NAME = {"applicant_name": "林小满"}
NEIGHBOUR = {
    **NAME, "kind": "neighbour", "story": "楼上邻居漏水三个月，天花板都发霉了，找物业也没人管", "claim": "修好漏水，赔偿粉刷费用",
    "amount": "3500.50", "other_name": "赵示例", "other_phone": "13900001234", "area": AREA, "proceedings": "none",
}  # fmt: skip
THREAT = {
    **NEIGHBOUR, "kind": "debt", "story": "邻居欠我三万元不还，上门去要，他还拿刀威胁我", "claim": "还钱，不要再威胁我",
    "amount": "30000",
}  # fmt: skip
WAGES = {
    "matter": "wages", "story": "三月到五月在工地做木工，说好一天三百，三个月一分没给", "employer_name": "示例建筑公司",
    "other_name": "吴示例", "work_period": {"from": "2026-03-01", "to": "2026-05-31"}, "amount": "27000", "worker_count": "1",
    "proof_kinds": ["chat", "attendance"], "proceedings": "none", "has_lawyer": "no", "is_migrant": "yes", "area": AREA,
}  # fmt: skip
CARD = {"type": "ID_CARD", "number": "510107199205151023"}
RELATIVES = [
    {"name": "林父示例", "relation": "parent", "lives": "yes"}, {"name": "周母示例", "relation": "parent", "lives": "yes"},
]  # fmt: skip
KINSHIP = {
    **NAME, "applicant_id": CARD, "relatives": RELATIVES, "is_registered": "yes", "by_blood": "no", "in_dispute": "no",
    "purpose": "settle", "used_abroad": "yes", "country": "加拿大", "translation": "en", "copies": "2", "fee_relief": "none",
    "area": AREA,
}  # fmt: skip
DEATH = {
    **NAME, "applicant_id": CARD, "deceased_name": "林父示例", "death_date": "2026-10-05", "deceased_relation": "child",
    "heirs_agree": "agreed", "wants": ["inherit", "death", "ask"], "story": "没有遗嘱，母亲说都给我", "area": AREA, "way": "statutory",
    "heirs": [
        {"name": "林小满", "relation": "child", "waives": "no"}, {"name": "周母示例", "relation": "spouse", "waives": "yes"},
    ],
    "assets": [{"kind": "house", "what": "示例路 1 号"}, {"kind": "deposit", "what": "示例银行"}], "house_area": "50",
    "property_value": "50000", "fee_relief": "none", "purpose": "property", "used_abroad": "no", "copies": "1",
}  # fmt: skip


@dataclass
class Camera:
    """Keeps pictures by name until they are written."""

    taken: dict[str, bytes] = field(default_factory=dict)

    def take(self, visitor: Visitor, name: str, *, to: str = "") -> None:
        """A picture of what the visitor sees now; `to` scrolls something into view first."""
        page = visitor.page
        page.evaluate("document.activeElement?.blur()")
        page.evaluate("scrollTo(0, 0)")
        if to:
            page.locator(to).first.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 24)")
        page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        held = io.BytesIO()
        small.save(held, "PNG", optimize=True)
        self.taken[name] = held.getvalue()

    def at(self, visitor: Visitor, names: Mapping[str, str]) -> Callable[[str], None]:
        """What to do on each page of an application: a picture where `names` has one for it."""
        return lambda page: self.take(visitor, names[page]) if page in names else None


@dataclass
class Story:
    """One installation with its people."""

    browser: Browser
    installation: Installation
    base: str
    camera: Camera

    def visitor(self, viewport: Mapping[str, int] = DESK, *, scale: int = 1, **options: Any) -> Visitor:
        """A browser of their own."""
        return Visitor(self.browser, self.base, viewport, device_scale_factor=scale, **options)

    def staff(self, username: str, *, place: str = "") -> Visitor:
        """Somebody at a desk, logged in."""
        one = self.visitor()
        one.log_in_as_staff(username, place=place)
        return one

    def ask(self, one: Visitor, words: str, service: str) -> None:
        """From the question on the home page to the page that begins an application."""
        one.open("/")
        one.page.fill("#q-q", words)
        if words == NEIGHBOUR["story"]:
            self.camera.take(one, "home-phone")
        one.press("form.ask button")
        if words == NEIGHBOUR["story"]:
            self.camera.take(one, "found-phone")
        one.press(f"main a[href='/services/{service}/']")
        if words == NEIGHBOUR["story"]:
            self.camera.take(one, "service-phone")
        one.press("main a:has-text('开始申请')")

    # --- with a phone ---------------------------------------------------------------------------------------------
    def mediation(self) -> tuple[Visitor, str]:
        """A new user asks for mediation."""
        one = self.visitor(PHONE, scale=2)
        self.ask(one, str(NEIGHBOUR["story"]), "MEDIATION_PEOPLE")
        self.camera.take(one, "login-phone")
        one.log_in_by_phone("13700001001", self.installation)
        names = {"kind": "question-phone", "area": "place-phone", "check": "check-phone", "done": "receipt-phone"}
        number = one.apply("MEDIATION_PEOPLE", NEIGHBOUR, self.camera.at(one, names))
        one.open(f"/mine/{number}/")
        self.camera.take(one, "tracker-phone")
        return one, number

    def legal_aid(self, one: Visitor) -> str:
        """The same user is owed wages: identity first, then a lawyer for free."""
        self.ask(one, "老板欠我三个月工资不给", "LEGAL_AID_LABOUR")
        one.press("main a:has-text('去核验')")
        one.page.fill("[name=name]", NAME["applicant_name"])
        one.page.fill("[name=id_no]", CARD["number"])
        self.camera.take(one, "verify-phone")
        one.press("main form .actions button")
        names = {
            "proof_kinds": "legal-aid-question",
            "papers": "legal-aid-papers",
            "check": "legal-aid-check",
            "done": "legal-aid-receipt",
        }
        return one.apply("LEGAL_AID_LABOUR", WAGES, self.camera.at(one, names))

    def kinship(self, one: Visitor) -> None:
        """Kinship certified for going abroad: it must be certain who applies."""
        self.ask(one, "出国定居要办亲属关系公证", "NOTARY_N05")
        one.press("main a:has-text('去确认')")
        self.camera.take(one, "confirm-phone")
        one.press("main button:has-text('确认是我本人')")
        names = {"relatives": "kinship-relatives", "papers": "kinship-papers", "done": "kinship-receipt"}
        one.apply("NOTARY_N05", KINSHIP, self.camera.at(one, names))

    def death(self, one: Visitor) -> str:
        """A death in the family: one application, several matters."""
        self.ask(one, "父亲走了，房子和存款怎么办", "BUNDLE_DEATH")
        names = {"wants": "death-wants", "check": "death-check", "done": "death-receipt"}
        number = one.apply("BUNDLE_DEATH", DEATH, self.camera.at(one, names))
        one.open(f"/mine/{number}/")
        self.camera.take(one, "death-tracker")
        return number

    def other_looks(self) -> None:
        """Large type, English, a kiosk."""
        one = self.visitor(PHONE, scale=2)
        one.open("/")
        one.press("button:has-text('大字版')")
        self.camera.take(one, "elder-phone")
        one.press("button:has-text('标准版')")
        one.press("button:has-text('English')")
        one.open("/services/LEGAL_AID_LABOUR/")
        self.camera.take(one, "english-phone")
        clerk = self.staff("clerk")
        clerk.page.set_viewport_size({"width": KIOSK["width"], "height": KIOSK["height"]})
        clerk.open("/kiosk/enrol/")
        clerk.page.fill("[name=name]", "一楼大厅1号")
        clerk.press("main form .actions button")
        clerk.open("/kiosk/")
        self.camera.take(clerk, "kiosk")

    # --- at a desk ------------------------------------------------------------------------------------------------
    def hotline(self) -> None:
        """An operator writes down a call and makes it an order while the caller speaks."""
        one = self.staff("operator")
        one.open("/hotline/")
        one.page.fill("#seat-code", "8001")
        one.press("button[value=READY]")
        one.press("form[action='/hotline/simulate/'] button")
        one.page.locator("[data-ringing]").wait_for()
        one.press("[data-ringing]")
        one.page.locator("#q-contact_words").press_sequentially(str(THREAT["story"]), delay=5)
        one.page.locator("#danger :text('110')").wait_for()
        one.page.locator("#suggestions button[value=MEDIATION_PEOPLE]").click()
        one.page.locator("#q-caller__name").wait_for()
        one.page.fill("#q-caller__name", "周示例")
        self.camera.take(one, "hotline")
        item = loader.read().items["MEDIATION_PEOPLE"]
        for name in ("kind", "claim", "other_name", "area", "proceedings"):
            for key, value in fields(item.question(name), THREAT[name]).items():
                if one.page.locator(f"#order-form [name='{key}']").count():
                    one.fill({key: value})
        phone = one.page.locator("#order-form [name=caller__phone]")
        if not phone.input_value():
            phone.fill("13900002345")
        one.press("#order-form .actions button")
        self.camera.take(one, "hotline-done")

    def window(self) -> None:
        """A clerk fills in the form with the person beside the desk, and prints the receipt."""
        one = self.staff("clerk")
        one.open("/window/apply/LEGAL_AID_LABOUR/")
        item = loader.read().items["LEGAL_AID_LABOUR"]
        one.page.fill("[name=person_name]", "钱示例")
        one.page.fill("[name=person_phone]", "13900003456")
        one.page.fill("[name=person_id]", "510107198811020029")
        one.tick("[name=person_seen]")
        for name, answer in WAGES.items():
            question = item.question(name)
            if question is not None and one.page.locator(f"main [name^='{name}']").count():
                one.fill(fields(question, answer))
        self.camera.take(one, "window")
        one.press("button:has-text('提交并打印回执')")
        self.camera.take(one, "window-receipt")

    def dispatch(self) -> None:
        """What no rule may place waits for a dispatcher, with the best units and why."""
        one = self.staff("dispatcher")
        one.open("/work/dispatch/")
        self.camera.take(one, "dispatch")
        one.press("button[data-key='1']")

    def general(self, one: Visitor) -> None:
        """What fits no service yet is looked at by a person."""
        one.open("/apply/GENERAL_DEMAND/")
        one.apply(
            "GENERAL_DEMAND",
            {"story": "公司要裁三十多人，补偿说不清楚，大家约好明天去找领导", "area": AREA, "domain": "D03"},
        )

    def work(self, number: str) -> None:
        """The committee signs, names a mediator, works; a second person approves."""
        admin = self.staff("mediation_admin")
        admin.act(number, "sign")
        admin.act(number, "assign", handler="人民调解员")
        handler, today = self.staff("mediator"), f"{clock.today():%Y-%m-%d}"
        handler.act(number, "accept")
        handler.act(number, "note_contact", reached="yes", text="电话说明权利义务，双方都在家")
        handler.act(number, "ask_will", agrees="yes", text="对方愿意谈")
        handler.open(f"/work/orders/{number}/")
        self.camera.take(handler, "order")
        handler.act(number, "hold_session", held_on=today, place="调解室", internal="双方都想尽快修好")
        handler.act(
            number, "reach_agreement", form="written", party_a="林小满", party_b="赵示例", facts="楼上漏水，天花板发霉",
            text="三日内修好，赔偿粉刷费 3500 元", perform_by=today, signed_on=today,
        )  # fmt: skip
        handler.act(number, "complete", result="AGREED", text="已达成协议，三日内修好")
        self.staff("reviewer", place="调解委员会").act(number, "approve")

    def afterwards(self, one: Visitor, number: str, other: str) -> None:
        """The user reads the result and rates it; what takes long is urged."""
        one.open(f"/mine/{number}/")
        self.camera.take(one, "result-phone")
        one.open(f"/mine/{number}/do/rate/")
        one.fill({"grade": "5"})
        self.camera.take(one, "rate-phone")
        one.press("main form .actions button")
        one.act(other, "urge", side="/mine/", text="请快一点，家里等着用钱")
        self.camera.take(one, "urged-phone")

    def supervision(self) -> None:
        """What is late, what will be late, who is overloaded."""
        one = self.staff("supervisor")
        one.open("/work/supervision/")
        self.camera.take(one, "supervision")


def shoot(installation: Installation) -> dict[str, bytes]:
    """Live the story in a ready demonstration; the pictures by name."""
    camera = Camera()
    server = installation.serve(threads=2)
    try:
        with chromium() as browser:
            story = Story(browser, installation, f"http://127.0.0.1:{server.port}", camera)
            citizen, number = story.mediation()
            aid = story.legal_aid(citizen)
            story.kinship(citizen)
            story.death(citizen)
            story.general(citizen)
            story.other_looks()
            story.hotline()
            story.window()
            story.dispatch()
            story.work(number)
            story.afterwards(citizen, number, aid)
            story.supervision()
    finally:
        installation.stop()
    return camera.taken


def main() -> int:
    """Prepare, live ten days, take the pictures; 1 when they are too large together."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fawang.site.settings.testing")
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder), "sqlite") as (maker,):
        installation = maker.installation()
        installation.make_static()
        installation.fawang("demo", "--orders", "150", "--days", "10")
        pictures = shoot(installation)
    SHOTS.mkdir(exist_ok=True)
    for name, content in pictures.items():
        (SHOTS / f"{name}.png").write_bytes(content)
    total = sum(map(len, pictures.values()))
    print(f"{len(pictures)} pictures, {total // 1000} kB")
    return 1 if total > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
