"""A hotline with agents, calls and contacts, for tests of this room and of doors. Divisions must be loaded."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.utils import translation

from fawang.base.calendar.services import load_official
from fawang.base.catalogue.services import publish_all
from fawang.base.organisations.selectors import institution
from fawang.base.organisations.tests import factories as organisations
from fawang.base.workorders.values import Filing
from fawang.kernel import clock
from fawang.kernel.policy import system
from fawang.middle.intake import services
from fawang.middle.intake.policy import AGENTS
from fawang.middle.intake.values import CallEvent

SYSTEM = system("test")
LINE = system("telephone")
PHONE = "13900001234"
_number = count(1)


def hotline(**changes):
    """A hotline centre of the province; its id."""
    data = {"type": "HOTLINE_CENTRE", "level": "PROVINCE", "division_code": "510000", "lines": ("consultation",)}
    return organisations.make_institution(**{**data, "name": f"示例热线{next(_number)}", "capacity": 100, **changes})


def agent(unit_id, role="RECEPTIONIST", seat=""):
    """(account, actor) of somebody who works there; those who take calls sit ready."""
    account, actor = organisations.make_staff(role, unit_id)
    if role in AGENTS:
        services.take_seat(actor, state="READY", code=seat)
    return account, actor


def ring(call_id="", *, event="RING", caller=PHONE, seat="", at=None, actor=LINE, **more):
    """An event of a call, told now."""
    told = CallEvent(call_id or f"c{next(_number)}", event, at or clock.now(), caller=caller, seat=seat, **more)
    return services.announce_call(actor, told)


def contact(actor, *, phone=PHONE, words="", **more):
    """An open contact of the actor's unit, with notes."""
    made = services.open_contact(actor, phone=phone, **more)
    return services.save_notes(actor, contact=made.number, version=made.version, words=words) if words else made


def ready_for_orders():
    """Calendar and catalogue as an installation has them."""
    year = clock.today().year
    load_official(SYSTEM, [year])
    publish_all(SYSTEM)


def filing(**changes):
    """A general need in the province's county."""
    data = {
        "service_code": "GENERAL_DEMAND",
        "answers": {"story": "老板拖欠三个月工资", "area": "510107", "domain": "D03"},
        "area": "",
        "channel": "",
        "applicant_id": None,
        "language": translation.get_language() or "zh-hans",
    }
    return Filing(**{**data, **changes})


def minutes(number):
    """That many minutes."""
    return timedelta(minutes=number)


def lawyer(unit_id):
    """A duty lawyer who is signed in to chat duty."""
    actor = organisations.make_staff("DUTY_LAWYER", unit_id)[1]
    services.sign_in_to_chats(actor, is_on=True)
    return actor


def token_of(unit_id):
    """The token of an institution."""
    return institution(unit_id).token
