"""A small world to file orders in: places, calendars, the catalogue, two committees with their people, and staff."""

from dataclasses import dataclass, field
from datetime import datetime

from fawang.base.calendar import services as calendar
from fawang.base.catalogue import selectors as catalogue_selectors
from fawang.base.catalogue import services as catalogue
from fawang.base.divisions import selectors as division_selectors
from fawang.base.divisions.tests import factories as divisions
from fawang.base.documents import services as documents
from fawang.base.documents.tests import factories as pictures
from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import services
from fawang.base.workorders.values import Filing
from fawang.kernel import clock
from fawang.kernel.policy import system

SYSTEM = system("test")
NOON = datetime(2026, 9, 28, 10, 0, tzinfo=clock.SHANGHAI)  # a Monday before the National Day holiday

ANSWERS = {
    "applicant_name": "王示例",
    "kind": "neighbour",
    "story": "楼上漏水三个月没人管",
    "claim": "修好并赔偿",
    "amount": "3500.50",
    "other_name": "李示例",
    "other_phone": "13900001234",
    "area": "510107",
    "proceedings": "none",
}
QUESTION = {
    "domain": "D03",
    "story": "老板三个月没发工资，还说下个月也没有",
    "area": "510107",
    "urgency": "U3",
}


@dataclass
class World:
    """What tests act with."""

    people: dict = field(default_factory=dict)
    units: dict = field(default_factory=dict)

    def __getattr__(self, name):
        for table in (self.__dict__["people"], self.__dict__["units"]):
            if name in table:
                return table[name]
        raise AttributeError(name)

    def token(self, unit):
        return organisations.institution(self.units[unit]).token

    def handler_token(self, unit="committee", name="mediator"):
        wanted = self.people[name].account_id
        return next(row.token for row in organisations.handlers(self.units[unit]) if row.account_id == wanted)


def load_ground(tmp_path):
    """Places, calendars 2025–2026 with a provisional 2027, and the published catalogue."""
    division_selectors.forget()
    # ids of versions come again in the next test's database
    catalogue_selectors.version.cache_clear()
    divisions.load(tmp_path)
    calendar.load_official(SYSTEM, [2025, 2026])
    calendar.load_provisional(SYSTEM, 2027)
    catalogue.publish_all(SYSTEM)


def build(tmp_path):
    """The whole small world."""
    load_ground(tmp_path)
    world = World()
    committee = {"type": "MEDIATION_COMMITTEE", "lines": ("mediation",), "capacity": 50}
    world.units["committee"] = institutions.make_institution(name="武侯调委会", **committee)
    world.units["city_committee"] = institutions.make_institution(
        name="成都调委会", division_code="510100", level="CITY", **committee
    )
    world.units["firm"] = institutions.make_institution(
        name="示例律所", type="LAW_FIRM", lines=("consultation",), capacity=50, level="CITY", division_code="510100"
    )
    world.units["centre"] = institutions.make_institution(
        name="武侯中心", type="JUSTICE_OFFICE", lines=(), division_code="510107"
    )
    world.units["far_centre"] = institutions.make_institution(
        name="郫都中心", type="JUSTICE_OFFICE", lines=(), division_code="510117"
    )
    world.units["province"] = institutions.make_institution(
        name="省中心", type="JUSTICE_OFFICE", lines=(), level="PROVINCE", division_code="510000"
    )
    posts = {
        "liaison": ("INSTITUTION_ADMIN", "committee"), "mediator": ("HANDLER", "committee"),
        "second_mediator": ("HANDLER", "committee"), "reviewer": ("REVIEWER", "committee"),
        "city_liaison": ("INSTITUTION_ADMIN", "city_committee"), "city_mediator": ("HANDLER", "city_committee"),
        "firm_liaison": ("INSTITUTION_ADMIN", "firm"), "lawyer": ("HANDLER", "firm"),
        "partner_lawyer": ("REVIEWER", "firm"),
        "clerk": ("RECEPTIONIST", "centre"), "far_clerk": ("RECEPTIONIST", "far_centre"),
        "dispatcher": ("DISPATCHER", "province"), "far_dispatcher": ("DISPATCHER", "far_centre"),
        "supervisor": ("SUPERVISOR", "province"), "caller": ("CALLBACK_AGENT", "province"),
        "justice": ("JUSTICE_ADMIN_COUNTY", "centre"), "auditor": ("AUDIT_ADMIN", "province"),
    }  # fmt: skip
    for name, (role, unit) in posts.items():
        account, actor = institutions.make_staff(role, world.units[unit])
        world.people[name] = actor
        if role == "HANDLER":
            kind = "LAWYER_FT" if unit == "firm" else "MEDIATOR"
            more = {"licence_no": institutions.licence()} if unit == "firm" else {}
            institutions.make_practitioner(
                world.units[unit], account_id=account.pk, name=f"承办{name}", kind=kind, **more
            )
    for name in ("citizen", "other_citizen"):
        account = identities.make_account(name="王示例" if name == "citizen" else "赵示例")
        world.people[name] = identities.citizen(account)
    return world


def catalogue_version(code="MEDIATION_PEOPLE"):
    """The id of an item's current version."""
    return catalogue_selectors.item(code).version_id


# how worked examples write a file
A_FILE = "a1b2c3d4e5f6a1b2"


def filing(actor, *, service="MEDIATION_PEOPLE", answers=None, **changes):
    """A filing of the actor's own; a file that answers name is handed in first."""
    answers = answers or (ANSWERS if service == "MEDIATION_PEOPLE" else QUESTION)
    data = {
        "service_code": service,
        "answers": {
            name: documents.store(actor, pictures.upload()).token if value == A_FILE else value
            for name, value in answers.items()
        },
        "area": "", "channel": "01", "applicant_id": actor.party_id, "applicant_level": actor.level, **changes,
    }  # fmt: skip
    return Filing(**data)


def file(world, *, actor=None, plan=None, **changes):
    """File a demand; its number."""
    actor = actor or world.citizen
    return services.file(actor=actor, filing=filing(actor, **changes), plan=plan).number


def to_unit(unit_token):
    """A plan that dispatches to one unit, as the dispatch centre would."""
    return lambda order: [("queue", {}), ("dispatch", {"unit": unit_token, "mode": "AUTO"})]


def do(actor, number, action, **data):
    """Perform one action."""
    return services.perform(actor=actor, order=number, action=action, data=data)


def drive(world, number, until):
    """Take a mediation order through its ordinary course until it is in state `until`; the number."""
    steps = [
        ("DISPATCHED", world.dispatcher, "dispatch", {"unit": world.token("committee")}),
        ("SIGNED", world.liaison, "sign", {}),
        ("ASSIGNED", world.liaison, "assign", {"handler": world.handler_token()}),
        ("HANDLING", world.mediator, "accept", {}),
        ("contacted", world.mediator, "note_contact", {"reached": True, "text": "电话说明权利义务"}),
        ("willing", world.mediator, "ask_will", {"agrees": True, "text": "愿意"}),
        ("session", world.mediator, "hold_session", {
            "held_on": clock.today().isoformat(), "place": "调解室", "internal": "谈"}),
        ("agreed", world.mediator, "reach_agreement", {
            "form": "written", "party_a": "王示例", "party_b": "李示例", "facts": "漏水", "text": "三日内修好",
            "perform_by": clock.today().isoformat(), "signed_on": clock.today().isoformat()}),
        ("DONE_REVIEW", world.mediator, "complete", {"result": "AGREED", "text": "已达成协议"}),
        ("DONE", world.reviewer, "approve", {}),
        ("CLOSED", world.supervisor, "close", {}),
    ]  # fmt: skip
    if until == "SUBMITTED":
        return number
    do(SYSTEM, number, "queue")
    for state, actor, action, data in steps:
        if until == "TO_DISPATCH":
            return number
        services.perform(actor=actor, order=number, action=action, data=data)
        if state == until:
            return number
    return number
