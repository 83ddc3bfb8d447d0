"""Moving a matter to a window: the centres nearby and their free times."""

from __future__ import annotations

from fawang.base.divisions import selectors as divisions
from fawang.base.meetings import selectors as meetings
from fawang.base.meetings.values import DayOffer
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.base.workorders.values import OrderView
from fawang.front.portal import booking
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor

MOST = 20
_TYPES = ("PLS_CENTRE", "PLS_STATION", "LEGAL_AID_CENTER", "JUSTICE_OFFICE")


def centres(actor: Actor, view: OrderView) -> list[InstitutionValue]:
    """Centres with windows that can be booked: in the matter's county, then in its city."""
    found: dict[int, InstitutionValue] = {}
    codes = divisions.ancestors(view.area) if view.area else [""]
    # townships have no windows of their own, and a whole province is too far to go
    for code in [code for code in codes if len(code) <= 6 and not code.endswith("0000")] or [""]:
        for row in organisations.institutions(types=_TYPES, division=code, only_active=True, limit=20).rows:
            found.setdefault(row.id, row)
    return [row for row in list(found.values())[:MOST] if meetings.bookables(actor, row.id)]


def days(actor: Actor, centre: InstitutionValue) -> list[DayOffer]:
    """The days of the coming two weeks on which a window of the centre is free."""
    return [day for day in booking.window_days(actor, centre.id) if not day.is_full]


def centre(token: str) -> InstitutionValue:
    """A centre by its token. Raises NotFound when it takes nobody now."""
    found = organisations.institution_by_token(token)
    if not found.may_work:
        raise NotFound
    return found


def chosen(slot: str) -> dict[str, str]:
    """The form of `switch_offline` from a slot's button: `bookable|start`."""
    bookable, _bar, start = slot.partition("|")
    return {"bookable": bookable, "start": start}
