"""Moving a matter to a window: the centres nearby and their free times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fawang.base.divisions import selectors as divisions
from fawang.base.meetings import selectors as meetings
from fawang.base.meetings.values import FreeSlot
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.base.workorders.values import OrderView
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor

DAYS = 14
MOST = 20
_TYPES = ("PLS_CENTRE", "PLS_STATION", "LEGAL_AID_CENTER", "JUSTICE_OFFICE")


@dataclass(frozen=True)
class Day:
    """The free times of one day."""

    day: date
    slots: tuple[FreeSlot, ...]


def centres(actor: Actor, view: OrderView) -> list[InstitutionValue]:
    """Centres with windows that can be booked: in the matter's county, then in its city."""
    found: dict[int, InstitutionValue] = {}
    codes = divisions.ancestors(view.area) if view.area else [""]
    # townships have no windows of their own, and a whole province is too far to go
    for code in [code for code in codes if len(code) <= 6 and not code.endswith("0000")] or [""]:
        for row in organisations.institutions(types=_TYPES, division=code, only_active=True, limit=20).rows:
            found.setdefault(row.id, row)
    return [row for row in list(found.values())[:MOST] if meetings.bookables(actor, row.id)]


def days(actor: Actor, centre: InstitutionValue) -> list[Day]:
    """The centre's free times in the coming two weeks, by day."""
    by_day: dict[date, dict[datetime, FreeSlot]] = {}
    for slot in meetings.free_slots(actor, institution_id=centre.id, from_date=clock.today(), days=DAYS, kind="WINDOW"):
        # one button a time, whichever window is free
        by_day.setdefault(clock.local(slot.start).date(), {}).setdefault(slot.start, slot)
    return [Day(day, tuple(slots.values())) for day, slots in by_day.items()]


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
