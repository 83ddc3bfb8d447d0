"""Invented institutions, people and log-ins, to see the product at work. Everything is marked 示例 (example).

Deterministic (one seed) and safe to run twice: what is there by name is left as it is.
"""

from __future__ import annotations

import base64
import hashlib
import random
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from fawang.base.divisions import selectors as divisions
from fawang.base.divisions.values import DivisionValue
from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.identity.values import PartyData, organisation_check_character, uscc_check_character
from fawang.base.organisations import centres, services
from fawang.base.organisations.models import Institution, Practitioner, Window
from fawang.base.organisations.values import Degrees, DemonstrationLogin, InstitutionData, Level, OpenHours
from fawang.kernel import ids
from fawang.kernel.errors import Conflict, RefusedByState
from fawang.kernel.policy import Actor, system

SEED = 12348
LICENCE_END = date(2035, 12, 31)
# they have worked there for a while: a demonstration may tell of past months
SINCE = date(2024, 1, 1)
_MARK = "(示例)"
# (type, name, lines) of what a city has besides its centre
_IN_EVERY_CITY = (
    ("FORENSIC_INSTITUTION", "司法鉴定中心", ("forensic",)),
    ("ARBITRATION_INSTITUTION", "仲裁委员会", ("arbitration",)),
)
_FILE = Path(__file__).with_name("definitions") / "demonstration.yaml"
_PREFIX = {"JUSTICE_OFFICE": "11", "LEGAL_AID_CENTER": "12", "NOTARY_OFFICE": "32", "LAW_FIRM": "31"}
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@cache
def _definition() -> dict[str, Any]:
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def totp_secret(username: str) -> str:
    """The fixed authenticator secret of a demonstration log-in: known to everybody, like its password."""
    return base64.b32encode(hashlib.sha256(f"fawang demonstration {username}".encode()).digest()[:20]).decode()


def demonstration_logins() -> list[DemonstrationLogin]:
    """The log-ins to print, where this installation is a demonstration; otherwise none."""
    if not settings.FAWANG_IS_DEMONSTRATION:
        return []
    told = _definition()
    staff = [
        DemonstrationLogin(row["who"], row["username"], told["password"], totp_secret(row["username"]))
        for row in told["log_ins"]
    ]
    return staff + [DemonstrationLogin(f"群众 {row['name']}", "", "", "", row["phone"]) for row in told["citizens"]]


def synthetic_uscc(prefix: str, division: str, number: int) -> str:
    """A credit code that passes both checks and belongs to nobody (organisation codes `MDYY....`)."""
    digits = ""
    for _place in range(4):
        number, digit = divmod(number, len(_CODE_ALPHABET))
        digits = _CODE_ALPHABET[digit] + digits
    eight = "MDYY" + digits
    seventeen = prefix + division + eight + organisation_check_character(eight)
    return seventeen + uscc_check_character(seventeen)


class _Loader:
    """One run: the actor, the numbers handed out so far, and the places by key."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.told = _definition()
        self.random = random.Random(SEED)  # noqa: S311 - invented names, not secrets
        self.number = 0
        self.places: dict[str, int] = {}
        self.made = 0
        self.surnames = self.told["surnames"].split()
        self.given = self.told["given"].split()

    def hours(self, name: str) -> tuple[OpenHours, ...]:
        return tuple(OpenHours(tuple(h["weekdays"]), h["begin"], h["end"]) for h in self.told["hours"][name])

    def place(
        self,
        type_code: str,
        name: str,
        division: DivisionValue,
        *,
        lines: tuple[str, ...] = (),
        parent: int | None = None,
        hours: str = "office",
        capacity: int = 0,
        key: str = "",
    ) -> int:
        """Register an institution unless it is there; its id."""
        self.number += 1
        marked = f"{name}{_MARK}"
        domains = tuple(sorted(self.random.sample(self.told["domains"], 4)))
        known = Institution.objects.filter(name=marked, division_code=division.code).values_list("pk", flat=True)
        found = known.first()
        if found is None:
            prefix, point = _PREFIX.get(type_code, ""), self.somewhere(division.code)
            found = services.register_institution(
                self.actor,
                InstitutionData(
                    type=type_code,
                    name=marked,
                    short_name=name[:30],
                    level=Level(division.level.value),
                    division_code=division.code,
                    parent_id=parent,
                    uscc=synthetic_uscc(prefix, division.code[:6], self.number) if prefix else "",
                    licence_no=f"示例许可{self.number:05d}" if type_code in ("LAW_FIRM", "NOTARY_OFFICE") else "",
                    licence_valid_to=LICENCE_END if type_code in ("LAW_FIRM", "NOTARY_OFFICE") else None,
                    address=f"{divisions.full_name(division.code, 'zh')}示例路{self.number}号",
                    phones=("12348",),
                    hours=self.hours(hours),
                    lines=lines,
                    domains=domains if lines else (),
                    languages=("zh", "en") if type_code == "LAW_FIRM" and self.number % 3 == 0 else ("zh",),
                    capacity=capacity,
                    lng=point[0],
                    lat=point[1],
                    accepts_legal_aid=type_code == "LAW_FIRM",
                    is_demonstration=True,
                ),
            )
            self.made += 1
        if key:
            self.places[key] = found
        return found

    def somewhere(self, division: str) -> Degrees | tuple[None, None]:
        """An invented point in a division, where its middle is known; every twelfth institution has none."""
        middle = centres.centre(division)
        if middle is None or self.number % 12 == 0:
            return None, None
        draw = random.Random(SEED + self.number)
        return middle[0] + draw.uniform(-0.03, 0.03), middle[1] + draw.uniform(-0.03, 0.03)

    def person(self, place: int, kind: str, division: str, *, name: str = "", account: int | None = None) -> None:
        """Put an invented person on the roll unless somebody of that name is there."""
        self.number += 1
        drawn = self.random.choice(self.surnames) + "".join(self.random.sample(self.given, 2))
        # drawn before looking, so that a second run draws the same for everybody
        domains = tuple(sorted(self.random.sample(self.told["domains"], 3)))
        shown = f"{name or drawn}{_MARK}"
        if Practitioner.objects.filter(institution_id=place, name=shown).exists():
            return
        licence = ""
        if kind == "LAWYER_FT":
            licence = f"1{division[:4]}20151{self.number % 2}{self.number:06d}"
        elif kind == "NOTARY":
            licence = f"{division[:4]}{self.number:06d}"
        services.register_practitioner(
            self.actor,
            institution_id=place,
            name=shown,
            kind=kind,
            licence_no=licence,
            licensed_on=date(2015, 6, 1) if licence else None,
            licence_valid_to=LICENCE_END if licence else None,
            account_id=account,
            domains=domains,
            capacity=30,
            is_demonstration=True,
        )

    def window(self, place: int, name: str, lines: tuple[str, ...]) -> None:
        """Open a window unless it is open."""
        if not Window.objects.filter(institution_id=place, name=name).exists():
            services.add_window(self.actor, place, name=name, lines=lines)

    def province(self) -> None:
        """The department, the hotline, the dispatch centre, and who serves where nobody nearer does."""
        top = divisions.get(self.told["province"])
        short = top.name.removesuffix("省").removesuffix("市")
        department = self.place("JUSTICE_OFFICE", f"{top.name}司法厅", top, key="department")
        hotline = self.place(
            "HOTLINE_CENTRE", f"{short}12348热线平台", top, lines=("consultation",), parent=department,
            hours="always", capacity=2000, key="hotline",
        )  # fmt: skip
        self.place(
            "DISPATCH_CENTRE", f"{top.name}公共法律服务工单调度中心", top, parent=department, hours="always",
            key="dispatch",
        )  # fmt: skip
        committee = self.place(
            "MEDIATION_COMMITTEE", f"{top.name}人民调解专家委员会", top, lines=("mediation",), parent=department,
            capacity=500, key="province_committee",
        )  # fmt: skip
        for _count in range(3):
            self.person(hotline, "VOLUNTEER", top.code)
            self.person(committee, "MEDIATOR", top.code)
        for city in divisions.children(top.code):
            self.city(city, department)

    def city(self, city: DivisionValue, department: int) -> None:
        """A centre in every city; a bureau and its counties in the detailed ones."""
        parent = department
        if city.code in self.told["detailed_cities"]:
            parent = self.place("JUSTICE_OFFICE", f"{city.name}司法局", city, parent=department)
        centre = self.place(
            "PLS_CENTRE", f"{city.name}公共法律服务中心", city,
            lines=("consultation", "mediation", "inquiry"), parent=parent,
            capacity=300,
        )  # fmt: skip
        for kind, name, lines in _IN_EVERY_CITY:
            self.place(kind, f"{city.name}{name}", city, lines=lines, parent=parent)
        self.person(centre, "VOLUNTEER", city.code)
        self.person(centre, "MEDIATOR", city.code)
        for code in self.told["counties"]:
            if code[:4] == city.code[:4]:
                self.county(divisions.get(code), parent)

    def county(self, county: DivisionValue, parent: int) -> None:
        """Everything that the law wants in a county, and two firms."""
        is_main = county.code == self.told["townships_of"]
        bureau = self.place(
            "JUSTICE_OFFICE", f"{county.name}司法局", county, parent=parent, key="bureau" if is_main else "",
            lines=("reconsideration", "licensing", "complaints", "outreach"),
        )  # fmt: skip
        centre = self.place(
            "PLS_CENTRE", f"{county.name}公共法律服务中心", county,
            lines=("consultation", "inquiry", "outreach"), parent=bureau,
            capacity=100, key="centre" if is_main else "",
        )  # fmt: skip
        self.window(centre, "1号综合接待窗口", ("consultation", "legal_aid"))
        self.window(centre, "2号法律咨询窗口", ("consultation",))
        if is_main:
            self.window(centre, "3号人民调解窗口", ("mediation",))
        self.person(centre, "VOLUNTEER", county.code)
        self.place("LEGAL_AID_CENTER", f"{county.name}法律援助中心", county, lines=("legal_aid",), parent=bureau)
        notary = self.place("NOTARY_OFFICE", f"{county.name}公证处", county, lines=("notary",), parent=bureau)
        self.person(notary, "NOTARY", county.code)
        for at, name in enumerate(("明法", "衡正")):
            firm = self.place(
                "LAW_FIRM", f"四川{county.name[:2]}{name}律师事务所", county,
                lines=("consultation", "lawyers", "enterprise"), parent=bureau, capacity=60,
                key="firm" if is_main and at == 0 else "",
            )  # fmt: skip
            for _count in range(2):
                self.person(firm, "LAWYER_FT", county.code)
        self.committee(county, f"{county.name}人民调解委员会", bureau, key="committee" if is_main else "")
        if is_main:
            for township in divisions.children(county.code)[: self.told["townships"]]:
                self.committee(township, f"{township.name}人民调解委员会", bureau)

    def committee(self, division: DivisionValue, name: str, parent: int, key: str = "") -> None:
        """A mediation committee of three, the least the law allows (人民调解法 art. 8)."""
        place = self.place(
            "MEDIATION_COMMITTEE", name, division, lines=("mediation",), parent=parent, capacity=60, key=key
        )
        for _count in range(3):
            self.person(place, "MEDIATOR", division.code)

    def log_ins(self) -> None:
        """Staff log-ins with their roles, and the citizens."""
        for row in self.told["log_ins"]:
            account = identity.account_by_username(self.actor, row["username"])
            account_id = (
                account.pk
                if account
                else identities.create_account(
                    self.actor,
                    username=row["username"],
                    display_name=f"{row['who']}{_MARK}",
                    password=self.told["password"],
                    totp_secret=totp_secret(row["username"]),
                    is_demonstration=True,
                )
            )
            for membership in row["memberships"]:
                for role in membership["roles"]:
                    self.member(account_id, self.places[membership["place"]], role)
            for practice in row.get("practises", []):
                place = self.places[practice["place"]]
                self.person(place, practice["kind"], self.told["townships_of"], name=row["who"], account=account_id)
        for row in self.told["citizens"]:
            data = PartyData(
                name=row["name"],
                id_no=row["seventeen"] + ids.check_mod_11_2(row["seventeen"]),
                division_code=row["division"],
                is_demonstration=True,
            )
            identities.create_citizen(self.actor, phone=row["phone"], data=data, level=2)

    def member(self, account_id: int, place: int, role: str) -> None:
        """Give a role unless it is held."""
        try:
            with transaction.atomic():
                services.add_membership(
                    self.actor, account_id=account_id, institution_id=place, role=role, valid_from=SINCE
                )
        except Conflict:
            return


def load() -> int:
    """Load what is missing, in one transaction; how many institutions were made.

    Raises RefusedByState on a real installation (the log-ins are public knowledge), and where the divisions of the
    demonstration's province are not loaded.
    """
    if not settings.FAWANG_IS_DEMONSTRATION:
        raise RefusedByState("FAWANG_DEMONSTRATION=1 is needed: these log-ins are known to everybody")
    missing = [c for c in (_definition()["province"], *_definition()["counties"]) if not divisions.exists(c)]
    if missing:
        raise RefusedByState(f"load the divisions first: fawang divisions load --province {missing[0][:2]}")
    loader = _Loader(system("demonstration"))
    with transaction.atomic():
        loader.province()
        loader.log_ins()
    return loader.made
