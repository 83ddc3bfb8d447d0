"""Who may book, keep and manage times, as rows and as named predicates."""

from __future__ import annotations

from fawang.base.meetings.models import Bookable, Booking
from fawang.base.organisations import selectors as organisations
from fawang.kernel import policy
from fawang.kernel.policy import Actor, Scope, declare, grant

CITIZENS = ["CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY"]
DESK = ["RECEPTIONIST", "DUTY_LAWYER", "INSTITUTION_ADMIN", "HANDLER", "REVIEWER", "APPROVER"]
JUSTICE = ["JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN"]

declare("meetings.see_free", "see which times can be booked")
grant("meetings.see_free", Scope.ANYONE, ["VISITOR", *CITIZENS, *DESK, *JUSTICE, "DISPATCHER", "SUPERVISOR", "SYSTEM"])

declare("meetings.book", "book, change and cancel a time")
grant("meetings.book", Scope.OWN, CITIZENS)
grant("meetings.book", Scope.UNIT, DESK)
grant("meetings.book", Scope.AREA, ["DISPATCHER"])
grant("meetings.book", Scope.ALL, ["SYSTEM"])

declare("meetings.receive", "see the day's list of a unit, check people in, say who came")
grant("meetings.receive", Scope.UNIT, DESK)
grant("meetings.receive", Scope.AREA, ["DISPATCHER", "SUPERVISOR", *JUSTICE])
grant("meetings.receive", Scope.ALL, ["SYSTEM"])

declare("meetings.manage", "open windows, people and rooms for booking and set their hours")
grant("meetings.manage", Scope.UNIT, ["INSTITUTION_ADMIN"])
grant("meetings.manage", Scope.AREA, JUSTICE)
grant("meetings.manage", Scope.ALL, ["SYSTEM"])

declare("meetings.close", "close a desk for hours or days, and open it again")
grant("meetings.close", Scope.UNIT, ["RECEPTIONIST", "INSTITUTION_ADMIN"])
grant("meetings.close", Scope.AREA, JUSTICE)
grant("meetings.close", Scope.ALL, ["SYSTEM"])

declare("meetings.take_ticket", "take a number in a hall, look at it by its secret address, see the hall's screen")
grant(
    "meetings.take_ticket", Scope.ANYONE, ["VISITOR", *CITIZENS, *DESK, *JUSTICE, "DISPATCHER", "SUPERVISOR", "SYSTEM"]
)

declare("meetings.call", "call the next number to a window, pass it over, send it on, end the day")
grant("meetings.call", Scope.UNIT, ["RECEPTIONIST", "DUTY_LAWYER", "HANDLER", "INSTITUTION_ADMIN"])
grant("meetings.call", Scope.ALL, ["SYSTEM"])


def reaches_institution(actor: Actor, permission: str, institution_id: int) -> bool:
    """Whether the actor holds the permission as staff of that institution, or of an area it lies in."""
    scopes = policy.scopes(actor, permission)
    if Scope.ALL in scopes:
        return True
    if Scope.UNIT in scopes and actor.unit_id is not None and actor.unit_id == institution_id:
        return True
    if Scope.AREA not in scopes or actor.unit_id is None:
        return False
    return organisations.institution(institution_id).division_code.startswith(actor.area)


def reaches(actor: Actor, permission: str, bookable: Bookable) -> bool:
    """Whether the actor holds the permission as staff of the bookable's unit or area."""
    scopes = policy.scopes(actor, permission)
    if Scope.ALL in scopes:
        return True
    if Scope.UNIT in scopes and actor.unit_id is not None and actor.unit_id == bookable.institution_id:
        return True
    return Scope.AREA in scopes and actor.unit_id is not None and bookable.area.startswith(actor.area)


def owns(actor: Actor, booking: Booking) -> bool:
    """Whether the booking is of the party acting or represented."""
    return booking.party_id is not None and booking.party_id == actor.party_id


def may_change(actor: Actor, booking: Booking) -> bool:
    """Whether the actor may change or cancel the booking."""
    own = Scope.OWN in policy.scopes(actor, "meetings.book") and owns(actor, booking)
    return own or reaches(actor, "meetings.book", booking.bookable)
