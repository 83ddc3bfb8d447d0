"""Opening hours as people fill them in: stretches, each with its weekdays and its times. Back and forth to what the
rooms of institutions (`OpenHours`) and of bookings (a pattern by weekday) keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fawang.base.organisations.values import OpenHours

MAKE_UP = "makeup"
DAYS: tuple[tuple[str, str | Promise], ...] = (
    ("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四")), ("5", _("周五")), ("6", _("周六")),
    ("7", _("周日")),
)  # fmt: skip
MAKE_UP_DAY: tuple[str, str | Promise] = (MAKE_UP, _("调休上班日"))
MOST_STRETCHES = 14
_NARROW = str.maketrans("０１２３４５６７８９：．。", "0123456789:..")
_TIME = re.compile(r"(\d{1,2})[:.]?(\d{2})?", re.ASCII)


@dataclass(frozen=True)
class Row:
    """One stretch: codes of its days, and its times as typed or as `09:00`."""

    days: tuple[str, ...] = ()
    begin: str = ""
    end: str = ""

    @property
    def is_given(self) -> bool:
        """Whether anything was filled in."""
        return bool(self.days or self.begin or self.end)

    @property
    def is_whole(self) -> bool:
        """Whether days and both times were filled in."""
        return bool(self.days and self.begin and self.end)


@dataclass(frozen=True)
class Shown:
    """The field ready for `workbench/hours.html`."""

    id: str
    label: str | Promise
    hint: str | Promise
    error: str
    rows: tuple[Row, ...]
    days: tuple[tuple[str, str | Promise], ...]
    type: str = "hours"
    widget: str = "hours"


def shown(
    name: str, label: str | Promise, hint: str | Promise, error: str, rows: Iterable[Row], *, is_longer: bool
) -> Shown:
    """The stretches with one to spare, or three when more were asked for. Bookings know make-up days as well."""
    given = tuple(row for row in rows if row.is_given)
    spare = (Row(),) * (3 if is_longer else 1 if given else 2)
    days = (*DAYS, MAKE_UP_DAY) if name == "opening" else DAYS
    return Shown(name, label, hint, error, (*given, *spare)[:MOST_STRETCHES], days)


def time_of(text: str) -> str:
    """A time as people type it (9, 9:00, 0900, 9：00) as `09:00`; anything else as it is."""
    plain = text.translate(_NARROW).replace(" ", "")
    found = _TIME.fullmatch(plain)
    if found is None:
        return plain[:8]
    if len(plain) == 3 and plain.isdigit():
        return f"0{plain[0]}:{plain[1:]}"
    return f"{found[1].zfill(2)}:{found[2] or '00'}"


def read(name: str, post: QueryDict) -> tuple[Row, ...]:
    """The stretches that were sent."""
    known = {code for code, _words in (*DAYS, MAKE_UP_DAY)}
    return tuple(
        Row(
            tuple(day for day in post.getlist(f"{name}-{number}-day") if day in known),
            time_of(post.get(f"{name}-{number}-begin", "")),
            time_of(post.get(f"{name}-{number}-end", "")),
        )
        for number in range(MOST_STRETCHES)
    )


def as_open_hours(rows: Iterable[Row]) -> tuple[OpenHours, ...]:
    """What an institution keeps."""
    return tuple(OpenHours(tuple(int(day) for day in row.days if day != MAKE_UP), row.begin, row.end) for row in rows)


def of_open_hours(stored: Iterable[OpenHours]) -> tuple[Row, ...]:
    """An institution's hours as stretches to fill in."""
    return tuple(Row(tuple(str(day) for day in one.weekdays), one.begin, one.end) for one in stored)


def as_pattern(rows: Iterable[Row]) -> dict[str, list[list[str]]]:
    """What a bookable keeps: the stretches of each day, early to late."""
    pattern: dict[str, list[list[str]]] = {}
    for row in sorted(rows, key=lambda row: (row.begin, row.end)):
        for day in row.days:
            pattern.setdefault(day, []).append([row.begin, row.end])
    return pattern


def of_pattern(pattern: Mapping[str, Sequence[Sequence[str]]]) -> tuple[Row, ...]:
    """A bookable's pattern as stretches: days with the same times together."""
    days: dict[tuple[str, str], list[str]] = {}
    for day in (code for code, _words in (*DAYS, MAKE_UP_DAY)):
        for begin, end in pattern.get(day, ()):
            days.setdefault((begin, end), []).append(day)
    return tuple(Row(tuple(codes), begin, end) for (begin, end), codes in sorted(days.items()))


def words(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Stretches in words, for showing: (days, times)."""
    names = {code: str(name) for code, name in (*DAYS, MAKE_UP_DAY)}
    return [(_days(row.days, names), f"{row.begin}–{row.end}") for row in rows]


def _days(codes: Sequence[str], names: Mapping[str, str]) -> str:
    weekdays = [int(code) for code in codes if code.isdigit()]
    parts = []
    if len(weekdays) > 2 and weekdays == list(range(weekdays[0], weekdays[-1] + 1)):
        first, last = names[str(weekdays[0])], names[str(weekdays[-1])]
        parts.append(f"{first}–{last}")
    else:
        parts += [names[str(day)] for day in weekdays]
    parts += [names[MAKE_UP]] if MAKE_UP in codes else []
    return gettext("、").join(parts)
