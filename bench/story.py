"""What the pages are measured with, made by the real services: specimens to be multiplied (`bench.filling`), a unit of
its own with orders in every state of work, a person with a dozen matters, and log-ins.

Run in an installation (`bench.pages` does): `python -m bench.story specimens|unit|log-ins`; each prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from datetime import datetime, timedelta
from typing import Any

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fawang.site.settings")
    django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services as organising
from fawang.base.organisations.values import InstitutionData
from fawang.base.workorders import services
from fawang.base.workorders.models import Order
from fawang.base.workorders.values import Filing
from fawang.front.frame.doors import ACTING_KEY, SEEN_KEY
from fawang.front.frame.session import BACKEND
from fawang.kernel import clock
from fawang.kernel.policy import system
from fawang.middle.intake import services as intake
from fawang.site.demonstration import filing, matter
from fawang.site.demonstration.courses import Courses
from fawang.site.demonstration.drive import Drive
from fawang.site.demonstration.people import Citizen, Crew, Staff, citizen
from fawang.site.demonstration.quiet import quietly
from fawang.site.demonstration.times import Profile

SEED = 20260928
SYSTEM = system("bench")
# people file these themselves: no contact of a desk or of the hotline stands beside the order
CHANNELS = {"01": 45, "02": 20, "04": 2}
UNIT = "测速示例调解委员会"
# a word that no other title has, and one that many have
RARE, COMMON = "高压锅", "房子"
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("liaison", "sign", {}),
    ("liaison", "assign", {}),
    ("handler", "accept", {}),
    ("handler", "note_contact", {"reached": False, "text": "没有人接听"}),
    ("handler", "note_contact", {"reached": True, "text": "电话说明权利义务"}),
    ("handler", "request_supplement", {"items": "请补充付款凭证。", "days": 10}),
    ("citizen", "reply_supplement", {"reply": "已经整理好。"}),
    ("handler", "ask_will", {"agrees": True, "text": "愿意"}),
    ("citizen", "urge", {"text": "麻烦快一点"}),
    ("liaison", "answer_urge", {"text": "两天内开始调解。"}),
)


def specimens(count: int, days: int) -> dict[str, int]:
    """Drive demands through the days before now; one of them waits for a dispatcher. The first and the last id."""
    end = clock.now()
    drive = Drive(end - timedelta(days=days), end, SEED)
    courses, chance = Courses(drive), random.Random(SEED)
    profile = Profile(drive.begin, drive.end)
    first = (Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1

    def on_hour(moment: datetime) -> None:
        if clock.local(moment).hour == 9:
            courses.list_callbacks()

    with quietly(), clock.at(drive.begin):
        for index in range(count - 1):
            channel = chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]
            drawn = matter.draw(SEED, index, channel, profile.draw(chance, channel))
            drive.matters.append(drawn)
        for drawn in sorted(drive.matters, key=lambda one: one.at):
            drive.plan(drawn.at, courses.demand, drawn)
        drive.run(on_hour)
    waiting = matter.draw(SEED, count, "01", end)
    person = citizen(waiting.chance, 9_000)
    _file(waiting, person, sensitive_flags=("VIOLENCE",))
    return {"first": first, "last": Order.objects.order_by("-pk").values_list("pk", flat=True)[0]}


def _file(drawn: matter.Matter, person: Citizen, **changes: Any) -> str:
    """Through intake, as the web does it."""
    given = filing.answers(drawn, person)
    return intake.file_demand(
        person.actor,
        filing=Filing(
            service_code=drawn.service, answers=given, area="", channel=drawn.channel, applicant_id=person.party_id,
            applicant_level=person.actor.level, **changes,
        ),
    ).number  # fmt: skip


def _held(unit: str, crew: Crew, person: Citizen, index: int, *, story: str = "") -> str:
    """An order of the measured unit, taken some steps of the way (later ones less far); its number."""
    drawn = matter.draw(SEED, index, "01", clock.now())
    drawn.service, drawn.area = "MEDIATION_PEOPLE", "510107"
    given = filing.answers(drawn, person)
    given["story"] = story or given["story"]
    demand = Filing(
        service_code=drawn.service, answers=given, area="", channel="01", applicant_id=person.party_id,
        applicant_level=person.actor.level,
    )  # fmt: skip
    plan = [("queue", {}), ("dispatch", {"unit": unit, "mode": "AUTO"})]
    number = services.file(actor=person.actor, filing=demand, plan=lambda _order: plan).number
    token, handler = crew.handlers[index % len(crew.handlers)]
    who = {"liaison": crew.liaison, "handler": handler, "citizen": person.actor}
    for name, action, data in STEPS[: index % (len(STEPS) + 1)]:
        clock.advance(timedelta(minutes=7))
        more = {"handler": token} if action == "assign" else {}
        services.perform(actor=who[name], order=number, action=action, data={**data, **more})
    return number


def unit(kinds: int, matters: int) -> dict[str, Any]:
    """The measured unit with `kinds` orders to be multiplied, and a person with `matters` of their own."""
    place = organising.register_institution(
        SYSTEM,
        InstitutionData(
            type="MEDIATION_COMMITTEE", name=UNIT, level="COUNTY", division_code="510107", lines=("mediation",),
            capacity=1, is_demonstration=True,
        ),
    )  # fmt: skip
    crew, token = Staff().crew(place), organisations.institution(place).token
    first = Order.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    with clock.at(clock.now() - timedelta(days=9)):
        for index in range(kinds):
            _held(token, crew, citizen(random.Random(index), 8_000 + index), index)
            clock.advance(timedelta(hours=5))
    last = Order.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with clock.at(clock.now() - timedelta(days=5)):
        person = citizen(random.Random(SEED), 7_000)
        mine = [
            _held(token, crew, person, index, story=f"{RARE}用了两天就炸了，商家不认。{index}")
            for index in range(matters)
        ]
    return {
        "first": first, "last": last, "unit": place, "citizen": person.actor.account_id, "number": mine[len(STEPS)],
        "rare": RARE, "common": COMMON,
    }  # fmt: skip


def log_ins(place: int, person: int) -> dict[str, str]:
    """Session cookies: the measured unit's liaison and handler, the dispatcher, supervisors, the person."""
    crew = Staff().crew(place)
    actors = {"liaison": crew.liaison, "handler": crew.handlers[0][1]}
    posts = {name: Staff().post(name) for name in ("dispatcher", "supervisor", "justice_county")}
    found = {
        name: _session(actor.account_id or 0, f"member:{actor.member_id}")
        for name, actor in {**actors, **posts}.items()
    }
    return {**found, "citizen": _session(person, "self")}


def _session(account_id: int, acting: str) -> str:
    account = identity.account(account_id)
    if account is None:
        raise LookupError(account_id)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(account_id), BACKEND
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[ACTING_KEY], session[SEEN_KEY] = acting, int(clock.now().timestamp())
    session.create()
    return str(session.session_key)


def command() -> None:
    """Do one of the three."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["specimens", "unit", "log-ins"])
    parser.add_argument("numbers", type=int, nargs=2, help="orders and days | kinds and matters | unit and citizen")
    asked = parser.parse_args()
    work = {"specimens": specimens, "unit": unit, "log-ins": log_ins}[asked.what]
    print(json.dumps(work(*asked.numbers)))


if __name__ == "__main__":
    command()
