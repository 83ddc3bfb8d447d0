"""Booking a time without an order: what can be booked at a place, its days, and what was chosen in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import ServiceItem
from fawang.base.meetings import selectors as meetings
from fawang.base.meetings.values import BookableValue, DayOffer, FreeSlot
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor

ANY = "any"
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
DAYS = 14
# places looked through for those that take bookings
_LOOKED_AT = 100
_ORDER = {"WINDOW": 0, "PERSON": 1, "ROOM": 2, "ONLINE": 3}


@dataclass(frozen=True)
class Chosen:
    """What the address says: with what, at which time, for which service. Nothing in it is about a person."""

    place: InstitutionValue
    what: BookableValue | None
    is_any: bool
    start: datetime | None
    item: ServiceItem | None

    def address(self, name: str, **changes: str) -> str:
        """The address of a page of this booking, keeping what was chosen."""
        told = {"with": ANY if self.is_any else self.what.token if self.what else "", "at": "", **changes}
        told["service"] = self.item.code if self.item else ""
        query = urlencode({name: value for name, value in told.items() if value})
        return reverse(f"portal:{name}", args=[self.place.token]) + (f"?{query}" if query else "")


def moment_of(text: str) -> datetime | None:
    """A time of an address, on Shanghai's clock; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    # the ends of the calendar cannot be told in another time zone
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return found.replace(tzinfo=clock.SHANGHAI) if found.tzinfo is None else found


def wall(moment: datetime) -> str:
    """A time as addresses have it."""
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}"


def day_of(text: str) -> date | None:
    """A day typed or chosen; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def service(code: str) -> ServiceItem | None:
    """The service that somebody comes for; None when the address names none. Raises NotFound for an unknown one."""
    return catalogue.item(code).item if code else None


def chosen(actor: Actor, token: str, query: dict[str, str]) -> Chosen:
    """What was chosen so far. Raises NotFound for a place that takes nobody, or something of another place."""
    place = organisations.institution_by_token(token)
    if not place.may_work:
        raise NotFound
    said = query.get("with", "")
    what = None
    if said and said != ANY:
        what = next((one for one in meetings.bookables(actor, place.id) if one.token == said), None)
        if what is None:
            raise NotFound
    return Chosen(place, what, said == ANY, moment_of(query.get("at", "")), service(query.get("service", "")))


def offered(actor: Actor, place: InstitutionValue, item: ServiceItem | None) -> list[tuple[BookableValue, bool]]:
    """What can be booked there, and whether it is for the service: windows of its line first."""
    line = catalogue.item(item.code).line if item else ""
    lines = {window.id: window.lines for window in organisations.windows(place.id)}
    rows = [
        (one, bool(line) and line in lines.get(one.window_id or 0, ())) for one in meetings.bookables(actor, place.id)
    ]
    return sorted(rows, key=lambda row: (not row[1], _ORDER.get(row[0].kind, 9), row[0].id))


def days(actor: Actor, here: Chosen) -> list[DayOffer]:
    """The coming days of what was chosen, full ones too; of any window, one time is one button."""
    if here.what is not None:
        return meetings.days_of(actor, here.what.id, days=DAYS)
    return window_days(actor, here.place.id)


def window_days(actor: Actor, institution_id: int) -> list[DayOffer]:
    """The coming days of an institution's windows, full ones too; one time is one button, whichever window is free."""
    found: dict[date, dict[datetime, FreeSlot]] = {}
    for one in meetings.bookables(actor, institution_id):
        for day in meetings.days_of(actor, one.id, days=DAYS) if one.kind == "WINDOW" else []:
            times = found.setdefault(day.day, {})
            for slot in day.slots:
                times.setdefault(slot.start, slot)
    return [DayOffer(day, tuple(times[start] for start in sorted(times))) for day, times in sorted(found.items())]


def first_free(offers: list[DayOffer]) -> FreeSlot | None:
    """The first free time of the days."""
    return next((slot for day in offers for slot in day.slots), None)


def places(actor: Actor, text: str) -> list[InstitutionValue]:
    """Places that take bookings, by name or the first of all."""
    if not text:
        ids = meetings.taking_bookings(actor)
    else:
        found = organisations.institutions(text=text, only_active=True, limit=_LOOKED_AT).rows
        ids = meetings.taking_bookings(actor, [row.id for row in found])
    return sorted(organisations.institutions_by_id(ids).values(), key=lambda row: row.division_code)
