"""The public roll: institutions by name, kind and place, people by name, licence and speciality; page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from fawang.base.divisions.values import prefix
from fawang.base.identity.values import clean_text, pinyin_key
from fawang.base.organisations import centres, nearby, opening
from fawang.base.organisations.models import Institution, Practitioner, ServedLine
from fawang.base.organisations.showing import institution_value, practitioner_value
from fawang.base.organisations.values import (
    Degrees,
    InstitutionValue,
    NearPage,
    OpenHours,
    Opening,
    Page,
    PeoplePage,
    Points,
    Status,
)
from fawang.kernel import clock

COUNTED_TO = 1_000
MAX_PAGE = 100
# so many rows are looked at for a page of what is open now; the page after it goes on from there
_LOOKED_AT = 1_000


class Wanted(TypedDict, total=False):
    """How the roll can be narrowed."""

    types: Sequence[str]
    division: str
    line: str
    text: str
    only_active: bool
    level: str
    status: str
    domain: str
    language: str
    legal_aid: bool


class Able(TypedDict, total=False):
    """What the nearest must be able to do."""

    types: Sequence[str]
    line: str
    domain: str
    language: str
    division: str
    legal_aid: bool
    open_at: datetime | None
    text: str


def _matching(rows: QuerySet[Institution], text: str) -> QuerySet[Institution]:
    """By any part of the name, or of its pinyin. Both sides are lower case, so both databases match alike."""
    try:
        words = clean_text(text, max_characters=60).lower().split()
    except ValueError:
        return rows.none()
    for word in words:
        wanted = Q(search__contains=word)
        if word.isascii():
            wanted |= Q(pinyin__contains=pinyin_key(word) or word)
        rows = rows.filter(wanted)
    return rows


def roll_of(
    *,
    types: Sequence[str] = (),
    division: str = "",
    line: str = "",
    text: str = "",
    only_active: bool = False,
    level: str = "",
    status: str = "",
    domain: str = "",
    language: str = "",
    legal_aid: bool = False,
) -> QuerySet[Institution]:
    """The institutions that fit, whatever their status unless asked for."""
    rows = Institution.objects.all()
    if types:
        rows = rows.filter(type__in=list(types))
    if division:
        rows = rows.filter(division_code__startswith=prefix(division))
    if line:
        rows = rows.filter(Exists(ServedLine.objects.filter(institution=OuterRef("pk"), line=line)))
    if only_active:
        rows = rows.filter(status=Status.ACTIVE)
    if level:
        rows = rows.filter(level=level)
    if status:
        rows = rows.filter(status=status)
    if legal_aid:
        rows = rows.filter(accepts_legal_aid=True)
    for column, code in (("domains", domain), ("languages", language)):
        if code:
            # a list of codes is stored as text that quotes each: the same condition on both databases
            rows = rows.alias(**{f"{column}_text": Cast(column, TextField())}).filter(
                **{f"{column}_text__contains": f'"{code}"'}
            )
    return _matching(rows, text) if text else rows


def after_key(key: str) -> tuple[str, int] | None:
    """Where a page goes on: (pinyin, id); None for what is no place in the list."""
    pinyin, _dash, number = key.partition("-")
    is_place = pinyin.isascii() and pinyin.isalnum() and number.isascii() and number.isdigit() and len(number) < 19
    return (pinyin, int(number)) if is_place else None


def _beyond(key: str) -> Q:
    place = after_key(key)
    return Q(pinyin__gt=place[0]) | Q(pinyin=place[0], pk__gt=place[1]) if place else Q()


def institutions(
    *, after: str = "", limit: int = 20, open_at: datetime | None = None, **wanted: Unpack[Wanted]
) -> Page:
    """A page of the public roll by pinyin: `division` takes in everything below it, `text` looks into names and their
    pinyin. Suspended and revoked ones are shown, with their status, unless `only_active`. With `open_at` only who can
    serve and is open then; such a page may be short, or empty, while there is a next one."""
    rows = roll_of(**wanted).order_by("pinyin", "pk").filter(_beyond(after))
    limit = max(1, min(limit, MAX_PAGE))
    if open_at is not None:
        return _open_ones(rows, limit, open_at)
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Page(tuple(institution_value(row) for row in found[:limit]), _key(last))


def _key(row: Institution | Practitioner | None) -> str:
    return f"{row.pinyin}-{row.pk}" if row is not None else ""


def _open_ones(rows: QuerySet[Institution], limit: int, moment: datetime) -> Page:
    plans, minute, today = opening.days_ahead(moment, days=1), opening.minute_of(moment), clock.today()
    looked, found = list(rows[: _LOOKED_AT + 1]), []
    for row in looked[:_LOOKED_AT]:
        value = institution_value(row)
        if value.can_serve_on(today) and opening.is_open(value.hours, plans[0], minute):
            found.append((row, value))
        if len(found) > limit:
            return Page(tuple(value for _row, value in found[:limit]), _key(found[limit - 1][0]))
    last = looked[_LOOKED_AT - 1] if len(looked) > _LOOKED_AT else None
    return Page(tuple(value for _row, value in found), _key(last))


def count_institutions(**wanted: Unpack[Wanted]) -> str:
    """How many there are, in words: `37`, or `1,000+` once counting stopped."""
    count = roll_of(**wanted).order_by().values("pk")[:COUNTED_TO].count()
    return f"{COUNTED_TO:,}+" if count >= COUNTED_TO else f"{count:,}"


def nearest(lng: float, lat: float, *, at_most: int = 10, first: int = 0, **able: Unpack[Able]) -> NearPage:
    """The nearest institutions that can do what is asked, by distance; those without coordinates after the others.
    `lng`, `lat` in degrees of CGCS2000/WGS-84. Who is suspended, revoked, closed, or whose licence has run out is not
    among them. With `open_at`, only who is open at that moment."""
    return nearby.nearest(lng, lat, _asked(able), at_most=max(1, min(at_most, MAX_PAGE)), first=max(0, first))


def _asked(able: Able) -> nearby.Asked:
    text = able.get("text", "")
    return nearby.Asked(
        types=able.get("types", ()),
        line=able.get("line", ""),
        domain=able.get("domain", ""),
        language=able.get("language", ""),
        division=able.get("division", ""),
        legal_aid=able.get("legal_aid", False),
        open_at=able.get("open_at"),
        only=roll_of(text=text).values_list("pk", flat=True)[:5_000] if text else None,
    )


def points(box: tuple[float, float, float, float], **able: Unpack[Able]) -> Points:
    """What a map shows of a box (west, south, east, north): who can do what is asked and has coordinates."""
    return nearby.points(box, _asked(able))


def openings(places: Iterable[InstitutionValue], moment: datetime | None = None) -> dict[int, Opening]:
    """Whether institutions are open at a moment (now), by id. One statement for the calendar."""
    at = moment or clock.now()
    plans = opening.days_ahead(at)
    return {place.id: opening.opening(place.hours, at, plans) for place in places}


def hours_on_calendar(hours: Sequence[OpenHours], days: int = 7) -> list[tuple[opening.Plan, opening.Stretches]]:
    """The hours of the coming days, holidays and make-up days taken in; stretches in minutes after midnight."""
    return [(plan, opening.stretches(hours, plan)) for plan in opening.days_ahead(clock.now(), days=days)]


def find_people(
    *,
    text: str = "",
    kind: str = "",
    domain: str = "",
    language: str = "",
    division: str = "",
    after: str = "",
    limit: int = 20,
) -> PeoplePage:
    """A page of the people on the public roll by pinyin: `text` is part of a name, its pinyin, or a whole licence
    number. Those who left are not on it; those of a suspended institution are, and it says so."""
    there = Q(left_on__isnull=True) | Q(left_on__gt=clock.today())
    rows = Practitioner.objects.filter(there, _beyond(after)).select_related("institution")
    if kind:
        rows = rows.filter(kind=kind)
    if division:
        rows = rows.filter(institution__division_code__startswith=prefix(division))
    for column, code in (("domains", domain), ("languages", language)):
        if code:
            rows = rows.alias(**{f"{column}_text": Cast(column, TextField())}).filter(
                **{f"{column}_text__contains": f'"{code}"'}
            )
    try:
        words = clean_text(text, max_characters=60)
    except ValueError:
        return PeoplePage(())
    if words:
        wanted = Q(name__contains=words) | Q(licence_no=words.replace(" ", "").upper())
        if words.isascii() and (letters := pinyin_key(words)):
            wanted |= Q(pinyin__startswith=letters)
        rows = rows.filter(wanted)
    limit = max(1, min(limit, MAX_PAGE))
    found = list(rows.order_by("pinyin", "pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return PeoplePage(tuple(practitioner_value(row) for row in found[:limit]), _key(last))


def centre_of(division: str) -> Degrees | None:
    """The middle of a division (or of the one above it), where the maps of the installation know it."""
    return centres.centre(division)
