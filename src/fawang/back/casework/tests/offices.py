"""An office of any line with its people, and the way of an order to the handler: what tests of lines begin with."""

from dataclasses import dataclass
from datetime import datetime

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.models import Clock
from fawang.base.workorders.tests.factories import SYSTEM, do
from fawang.kernel import clock
from fawang.kernel.policy import Actor


@dataclass
class Office:
    """A unit that serves a line: its liaison, a handler, and who decides and approves."""

    unit_id: int
    liaison: Actor
    handler: Actor
    decider: Actor

    @property
    def token(self):
        return organisations.institution(self.unit_id).token


def make_office(line, type_code, kind):
    """An office of the county 510107 that serves the line."""
    unit = institutions.make_institution(type=type_code, name=f"示例{line}", lines=(line,), capacity=50)
    people = {role: institutions.make_staff(role, unit)[1] for role in ("INSTITUTION_ADMIN", "HANDLER", "REVIEWER")}
    institutions.make_practitioner(unit, account_id=people["HANDLER"].account_id, name="承办示例", kind=kind)
    return Office(unit, people["INSTITUTION_ADMIN"], people["HANDLER"], people["REVIEWER"])


def to_handler(world, office, number):
    """From the filing to the handler who decides on acceptance; the number."""
    do(SYSTEM, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=office.token)
    do(office.liaison, number, "sign")
    do(office.handler, number, "take")
    return number


def finish(office, number, result):
    """The result is proposed, approved by the second person, and told."""
    do(office.handler, number, "note_contact", reached=True, text="电话告知")
    do(office.handler, number, "complete", result=result, text="办理完毕")
    do(office.decider, number, "approve")


def state(number):
    view = orders.get(SYSTEM, number)
    return view.state, view.inner


def clock_of(number, limit):
    """The latest clock of that limit; None when it never ran."""
    return Clock.objects.filter(order__number=number, limit_id=limit).order_by("id").last()


def at(month, day, hour=10, year=2026):
    return datetime(year, month, day, hour, tzinfo=clock.SHANGHAI)


def day(month, number, year=2026):
    return at(month, number, year=year).date().isoformat()


def example(item, position=0):
    """The answers of a worked example of the service."""
    return dict(item.examples[position].answers)
