"""Questions about divisions. Everybody may ask.

Divisions change about once a year and are asked for all the time, so single rows are kept in the process for a minute
and forgotten when this process loads. A load in another process is seen within that minute.
"""

from __future__ import annotations

import time
import unicodedata
from datetime import date

from django.db.models import Case, IntegerField, Q, Value, When

from fawang.base.divisions.errors import DivisionUnknown
from fawang.base.divisions.models import Division
from fawang.base.divisions.values import DivisionValue, Level, covers, normal_code, prefix

__all__ = [
    "ancestors", "children", "covers", "current_code", "exists", "forget", "full_name", "get", "many", "name",
    "prefix", "search",
]  # fmt: skip

KEPT_SECONDS = 60
_MAX_QUERY = 40
_ENDINGS = {
    "": "", "省": "sheng", "市": "shi", "区": "qu", "县": "xian", "街道": "jiedao", "镇": "zhen", "乡": "xiang",
}  # fmt: skip
_GENERIC_WORDS = frozenset(
    {"province", "city", "municipality", "district", "county", "subdistrict", "town", "township"}
)
_known: dict[str, tuple[float, DivisionValue]] = {}


def forget() -> None:
    """Drop what this process remembers."""
    _known.clear()


def _value(row: Division) -> DivisionValue:
    return DivisionValue(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        level=Level(row.level),
        parent=row.parent_id,
        pinyin=row.pinyin,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        superseded_by=row.superseded_by,
    )


def many(codes: list[str]) -> dict[str, DivisionValue]:
    """The divisions with these codes, by code as given; unknown ones are left out. At most one query."""
    wanted = {code: normal_code(code) for code in codes}
    moment = time.monotonic()
    found = {code: _known[code][1] for code in wanted.values() if code in _known and _known[code][0] > moment}
    missing = sorted(set(wanted.values()) - set(found))
    if missing:
        for row in Division.objects.filter(code__in=missing):
            found[row.code] = _value(row)
            _known[row.code] = (moment + KEPT_SECONDS, found[row.code])
    return {given: found[code] for given, code in wanted.items() if code in found}


def get(code: str) -> DivisionValue:
    """The division with this code, abolished or not. Raises DivisionUnknown (a NotFound)."""
    found = many([code]).get(code)
    if found is None:
        raise DivisionUnknown(division=code[:20])
    return found


def exists(code: str) -> bool:
    """Whether there is a division with this code."""
    return bool(many([code]))


def children(code: str | None, *, on: date | None = None) -> list[DivisionValue]:
    """What lies right below a division (None: the provinces), by pinyin; those existing now, or on a day."""
    below = Division.objects.filter(parent=normal_code(code) if code else None)
    if on is None:
        below = below.filter(valid_to__isnull=True)
    else:
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
        below = below.filter(begun, Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return [_value(row) for row in below.order_by("pinyin", "code")]


def search(text: str, within: str = "", limit: int = 20) -> list[DivisionValue]:
    """Existing divisions whose name contains `text`, or whose pinyin or initials begin with it; best first.

    `within` keeps to a division and what lies in it. An exact name or code comes first, then beginnings, then the rest.
    """
    query = unicodedata.normalize("NFKC", text).replace("\x00", "").strip()[:_MAX_QUERY]
    words = [word for word in query.lower().split() if word not in _GENERIC_WORDS]
    letters = "".join(c for c in "".join(words) if c.isascii() and c.isalnum())
    if not query:
        return []
    starts = Q(name__startswith=query)
    matches = Q(name__contains=query) | Q(code=normal_code(query))
    if letters and query.isascii():
        starts |= Q(pinyin__startswith=letters)
        matches |= Q(pinyin__startswith=letters) | Q(initials__startswith=letters)
    rows = Division.objects.filter(matches, valid_to__isnull=True)
    area = prefix(within)
    if area:
        rows = rows.filter(code__gte=area, code__lte=area.ljust(12, "9"))
    exact = Q(code=normal_code(query)) | Q(name__in=[query + end for end in _ENDINGS])
    if letters:
        exact |= Q(pinyin__in=[letters + end for end in _ENDINGS.values()])
    rank = Case(When(exact, then=Value(0)), When(starts, then=Value(1)), default=Value(2), output_field=IntegerField())
    depth = Case(
        *(When(level=level.value, then=Value(at)) for at, level in enumerate(Level)), output_field=IntegerField()
    )
    ordered = rows.annotate(rank=rank, depth=depth).order_by("rank", "depth", "pinyin", "code")
    return [_value(row) for row in ordered[: max(0, min(limit, 200))]]


def _chain(code: str) -> list[DivisionValue]:
    chain = [get(code)]
    while (parent := chain[-1].parent) is not None:
        chain.append(get(parent))
    return chain


def ancestors(code: str) -> list[str]:
    """The code itself, then its parents up to the province. Raises DivisionUnknown."""
    return [division.code for division in _chain(code)]


def name(code: str, language: str) -> str:
    """A division's own name (`language` begins with zh or en). Raises DivisionUnknown."""
    return get(code).named(language)


def full_name(code: str, language: str) -> str:
    """四川省成都市武侯区, or Wuhou District, Chengdu City, Sichuan Province. Raises DivisionUnknown."""
    chain = _chain(code)
    if language.lower().startswith("en"):
        return ", ".join(division.name_en for division in chain)
    return "".join(division.name for division in reversed(chain))


def current_code(code: str) -> str:
    """The code that stands for the place now: follows what superseded an abolished division, as far as is known."""
    seen, division = {normal_code(code)}, get(code)
    while division.superseded_by and division.superseded_by not in seen:
        seen.add(division.superseded_by)
        following = many([division.superseded_by]).get(division.superseded_by)
        if following is None:
            break
        division = following
    return division.code
