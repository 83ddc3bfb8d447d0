"""The nearest institutions that can do something: a copy of the register in arrays of this process (ADR 20).

One hundred thousand places are weighed in a few milliseconds whatever is asked of them, so no index is kept for any
combination. What changed since the copy was made is read by the number that every change of the register takes; a copy
read inside somebody's transaction is never kept, because that transaction may yet be undone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from fawang.base.calendar import selectors as calendars
from fawang.base.divisions.values import prefix
from fawang.base.organisations import centres, opening, travelling
from fawang.base.organisations.models import Institution, Register
from fawang.base.organisations.showing import hours_value, institution_value
from fawang.base.organisations.values import INSTITUTION_TYPES, Near, NearPage, OpenHours, Points, Status
from fawang.kernel import clock

EARTH_M = 6_371_008.8
_FOREVER = date.max.toordinal()
_TYPES = {code: at for at, code in enumerate(INSTITUTION_TYPES)}
_COLUMNS = (
    "pk", "type", "status", "licence_valid_to", "division_code", "lng", "lat", "lines", "domains", "languages",
    "accepts_legal_aid", "hours",
)  # fmt: skip
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """What a place must be able to do; empty means anything. `only` keeps to some ids."""

    types: Sequence[str] = ()
    line: str = ""
    domain: str = ""
    language: str = ""
    division: str = ""
    legal_aid: bool = False
    open_at: datetime | None = None
    only: Iterable[int] | None = None


@dataclass(frozen=True)
class Copy:
    """The register as arrays, one row a place. `epoch` and `number` say as of which change."""

    epoch: str
    number: int
    ids: Ints
    types: Ints
    is_active: Bools
    licence_end: Ints
    divisions: Ints
    # on the unit sphere; `is_placed` tells own coordinates from the division's centre, `is_known` whether there is any
    sphere: Floats
    is_placed: Bools
    is_known: Bools
    takes_aid: Bools
    hours: Ints
    patterns: tuple[tuple[OpenHours, ...], ...]
    # `line:legal_aid`, `domain:D01`, `language:zh` → who has it
    has: dict[str, Bools]


_copy: Copy | None = None
_lock = threading.Lock()


def _on_sphere(lng: Floats, lat: Floats) -> Floats:
    x, y = np.radians(lng), np.radians(lat)
    return np.column_stack((np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)))


def _division(code: str) -> int:
    return int((code or "0").ljust(12, "0"))


def _read(epoch: str, number: int, rows: list[tuple[Any, ...]]) -> Copy:
    """The rows as arrays."""
    middle = centres.known()
    size, lng, lat = len(rows), np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    placed, hours = np.zeros(size, dtype=bool), np.zeros(size, dtype=np.int64)
    has: dict[str, Bools] = {}
    patterns: dict[str, int] = {}
    known: list[tuple[OpenHours, ...]] = []
    for at, row in enumerate(rows):
        point = (row[5], row[6]) if row[5] is not None and row[6] is not None else None
        placed[at] = point is not None
        point = point or centres.centre(row[4], middle)
        if point is not None:
            lng[at], lat[at] = point
        for what, codes in (("line", row[7]), ("domain", row[8]), ("language", row[9])):
            for code in codes:
                key = f"{what}:{code}"
                if key not in has:
                    has[key] = np.zeros(size, dtype=bool)
                has[key][at] = True
        text = repr(row[11])
        if text not in patterns:
            patterns[text] = len(known)
            known.append(hours_value(row[11]))
        hours[at] = patterns[text]
    ends = [row[3].toordinal() if row[3] else _FOREVER for row in rows]
    return Copy(
        epoch=epoch,
        number=number,
        ids=np.array([row[0] for row in rows], dtype=np.int64),
        types=np.array([_TYPES.get(row[1], -1) for row in rows], dtype=np.int64),
        is_active=np.array([row[2] == Status.ACTIVE for row in rows], dtype=bool),
        licence_end=np.array(ends, dtype=np.int64),
        divisions=np.array([_division(row[4]) for row in rows], dtype=np.int64),
        sphere=_on_sphere(lng, lat),
        is_placed=placed,
        is_known=~np.isnan(lng),
        takes_aid=np.array([row[10] for row in rows], dtype=bool),
        hours=hours,
        patterns=tuple(known),
        has=has,
    )


def _joined(old: Copy, new: Copy) -> Copy:
    """The older copy with the rows of the newer in place of its own."""
    stay = ~np.isin(old.ids, new.ids)

    def both(name: str) -> Any:
        return np.concatenate((getattr(old, name)[stay], getattr(new, name)))

    nobody = np.zeros(len(new.ids), dtype=bool), np.zeros(int(stay.sum()), dtype=bool)
    has = {
        key: np.concatenate(
            (old.has[key][stay] if key in old.has else nobody[1], new.has[key] if key in new.has else nobody[0])
        )
        for key in {**old.has, **new.has}
    }
    kept = {
        name: both(name)
        for name in (
            "ids", "types", "is_active", "licence_end", "divisions", "sphere", "is_placed", "is_known", "takes_aid",
        )
    }  # fmt: skip
    hours = np.concatenate((old.hours[stay], new.hours + len(old.patterns)))
    return replace(new, **kept, hours=hours, patterns=(*old.patterns, *new.patterns), has=has)


def _rows(after: int = -1) -> list[tuple[Any, ...]]:
    rows = Institution.objects.filter(changed_as__gt=after) if after >= 0 else Institution.objects.all()
    return list(rows.order_by("pk").values_list(*_COLUMNS))


def current() -> Copy:
    """The register as it is now: one statement when nothing changed, what changed when something did."""
    global _copy  # noqa: PLW0603 - the process-wide copy
    epoch, number = Register.objects.filter(pk=1).values_list("epoch", "number").first() or ("", 0)
    if connection.in_atomic_block:
        return _read(epoch, number, _rows())
    with _lock:
        known = _copy
        if known is None or known.epoch != epoch or known.number > number or len(known.patterns) > 20_000:
            known = _copy = _read(epoch, number, _rows())
        elif known.number != number:
            known = _copy = _joined(known, _read(epoch, number, _rows(known.number)))
        return known


def forget() -> None:
    """Drop the copy of this process."""
    global _copy  # noqa: PLW0603 - the process-wide copy
    _copy = None


def able(copy: Copy, asked: Asked, plans: Sequence[opening.Plan]) -> Bools:
    """Who may work today and can do what is asked."""
    mask: Bools = copy.is_active & (copy.licence_end >= clock.today().toordinal())
    if asked.types:
        mask &= np.isin(copy.types, [_TYPES[code] for code in asked.types if code in _TYPES])
    for key in (f"line:{asked.line}", f"domain:{asked.domain}", f"language:{asked.language}"):
        if not key.endswith(":"):
            mask &= copy.has.get(key, np.zeros(len(mask), dtype=bool))
    if begins := prefix(asked.division):
        lowest = _division(begins)
        mask &= (copy.divisions >= lowest) & (copy.divisions < lowest + 10 ** (12 - len(begins)))
    if asked.legal_aid:
        mask &= copy.takes_aid
    if asked.only is not None:
        mask &= np.isin(copy.ids, np.fromiter(asked.only, dtype=np.int64))
    if asked.open_at is not None:
        minute = opening.minute_of(asked.open_at)
        is_open = np.array([opening.is_open(hours, plans[0], minute) for hours in copy.patterns], dtype=bool)
        mask &= is_open[copy.hours] if len(is_open) else False
    return mask


def _ranked(copy: Copy, mask: Bools, point: Floats, page: int, most: int) -> list[tuple[int, int | None, bool]]:
    """(id, metres, whether measured to a division's centre): those with coordinates by distance; then those with a
    division's centre; then the rest. Up to a quarter of the first page is kept for the latter, if they are nearer than
    the farthest that it would show: whoever lacks coordinates is not lost behind places far away."""

    def nearest(which: Bools, count: int) -> list[tuple[int, int]]:
        rows = np.flatnonzero(which)
        if not len(rows) or count <= 0:
            return []
        gaps = ((copy.sphere[rows] - point) ** 2).sum(axis=1)
        if len(rows) > count:
            best = np.argpartition(gaps, count - 1)[:count]
            rows, gaps = rows[best], gaps[best]
        metres = np.rint(2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(gaps) / 2))).astype(np.int64)
        order = np.lexsort((copy.ids[rows], metres))
        return [(int(copy.ids[rows[at]]), int(metres[at])) for at in order]

    placed: list[tuple[int, int | None, bool]] = [
        (one, metres, False) for one, metres in nearest(mask & copy.is_placed, most)
    ]
    about = [(one, metres, True) for one, metres in nearest(mask & ~copy.is_placed & copy.is_known, most)]
    lost = [(int(one), None, True) for one in copy.ids[np.flatnonzero(mask & ~copy.is_known)[:most]]]
    farthest = placed[page - 1][1] if len(placed) >= page else None
    early = [one for one in about if farthest is not None and one[1] < farthest][: page // 4]
    at = page - len(early)
    return [*placed[:at], *early, *placed[at:], *about[len(early) :], *lost][:most]


def nearest(lng: float, lat: float, asked: Asked, *, at_most: int = 10, first: int = 0) -> NearPage:
    """A page of the nearest institutions that can do what is asked, with distance, way and opening. Longitude and
    latitude in CGCS2000/WGS-84 degrees. Four statements at most, however many places there are."""
    moment = asked.open_at or clock.now()
    plans = opening.days_ahead(moment, calendars.current())
    copy = current()
    point = _on_sphere(np.array([lng]), np.array([lat]))[0]
    ranked = _ranked(copy, able(copy, asked, plans), point, at_most, first + at_most + 1)
    wanted = ranked[first : first + at_most]
    rows = {row.pk: row for row in Institution.objects.filter(pk__in=[one for one, _metres, _about in wanted])}
    today, found = clock.today(), []
    for one, metres, is_about in wanted:
        if one not in rows:
            continue
        place = institution_value(rows[one])
        # the copy may be a moment older than the row
        if place.can_serve_on(today):
            way = travelling.estimate(metres) if metres is not None and not is_about else ()
            found.append(Near(place, metres, is_about, opening.opening(place.hours, moment, plans), way))
    return NearPage(tuple(found), first + at_most if len(ranked) > first + at_most else None)


def points(box: tuple[float, float, float, float], asked: Asked, *, most: int = 100, across: int = 8) -> Points:
    """What a map shows of a box (west, south, east, north, in degrees): each place while there are at most `most`;
    otherwise how many there are in each of `across` times `across` squares, at their middle."""
    west, south, east, north = box
    plans = opening.days_ahead(asked.open_at or clock.now(), calendars.current(), days=1)
    copy = current()
    rows = np.flatnonzero(able(copy, asked, plans) & copy.is_placed)
    lng = np.degrees(np.arctan2(copy.sphere[rows, 1], copy.sphere[rows, 0]))
    lat = np.degrees(np.arcsin(copy.sphere[rows, 2]))
    inside = (lng >= west) & (lng < east) & (lat >= south) & (lat < north)
    rows, lng, lat = rows[inside], lng[inside], lat[inside]
    if len(rows) <= most:
        found = Institution.objects.filter(pk__in=[int(one) for one in copy.ids[rows]]).order_by("pinyin", "pk")
        return Points(tuple(institution_value(row) for row in found), ())
    x = np.minimum(((lng - west) / (east - west) * across).astype(np.int64), across - 1)
    y = np.minimum(((lat - south) / (north - south) * across).astype(np.int64), across - 1)
    squares, which, counts = np.unique(y * across + x, return_inverse=True, return_counts=True)
    middle_x = np.bincount(which, weights=lng) / counts
    middle_y = np.bincount(which, weights=lat) / counts
    groups = zip(middle_x.tolist(), middle_y.tolist(), counts.tolist(), strict=True)
    return Points((), tuple(groups) if len(squares) else ())
