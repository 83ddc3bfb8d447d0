"""The register as a table, in the columns in which it can be read in again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from fawang.base.divisions.values import prefix
from fawang.base.organisations.exchange import columns, tables
from fawang.base.organisations.models import Institution, Practitioner
from fawang.base.organisations.services.institutions import MANAGE
from fawang.base.organisations.services.rights import PEOPLE
from fawang.base.organisations.showing import institution_value
from fawang.base.organisations.values import (
    INSTITUTION_TYPES,
    LANGUAGE_NAMES,
    LEVEL_NAMES,
    PRACTITIONER_KINDS,
    OpenHours,
)
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor, Scope, require

TABLES = {"institutions": columns.INSTITUTIONS, "people": columns.PEOPLE}
FORMATS = {
    "csv": (tables.to_csv, "text/csv; charset=utf-8"),
    "xlsx": (tables.to_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_DAYS = " 一二三四五六日"


def _reach(actor: Actor, permission: str, at: str) -> Q:
    """The condition that an institution is within the actor's reach; `at` is the way to it."""
    scopes = require(actor, permission)
    if Scope.ALL in scopes:
        return Q()
    found = Q(pk__in=[])
    if Scope.AREA in scopes and actor.unit_id is not None:
        found |= Q(**{f"{at}division_code__startswith": prefix(actor.area)})
    if Scope.UNIT in scopes and actor.unit_id is not None:
        found |= Q(**{f"{at}pk": actor.unit_id})
    return found


def hours_text(hours: tuple[OpenHours, ...]) -> str:
    """周一至周五 09:00-12:00，13:00-17:00."""
    told: list[str] = []
    days: tuple[int, ...] = ()
    for one in hours:
        times = f"{one.begin}-{one.end}"
        if one.weekdays == days:
            told.append(times)
            continue
        days = one.weekdays
        is_row = len(days) > 2 and days == tuple(range(days[0], days[-1] + 1))
        names = f"周{_DAYS[days[0]]}至周{_DAYS[days[-1]]}" if is_row else "、".join(f"周{_DAYS[day]}" for day in days)
        told.append(f"{names} {times}")
    return "，".join(told)


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def institution_rows(actor: Actor) -> Iterator[list[str]]:
    """The institutions that the actor keeps, by pinyin."""
    rows = Institution.objects.filter(_reach(actor, MANAGE, "")).select_related("parent").order_by("pinyin", "pk")
    for row in rows.iterator(chunk_size=500):
        one = institution_value(row)
        yield [
            one.name, str(INSTITUTION_TYPES[one.type][0]), one.short_name, one.division_code,
            str(LEVEL_NAMES[one.level]), one.address, "，".join(one.phones), hours_text(one.hours), one.uscc,
            one.licence_no, one.licence_valid_to.isoformat() if one.licence_valid_to else "", _degrees(one.lng),
            _degrees(one.lat), "CGCS2000" if one.lng is not None else "", "，".join(one.lines), "，".join(one.domains),
            "，".join(str(LANGUAGE_NAMES.get(code, code)) for code in one.languages), "，".join(one.scope),
            row.parent.name if row.parent else "", str(one.capacity), "是" if one.accepts_legal_aid else "否",
        ]  # fmt: skip


def people_rows(actor: Actor) -> Iterator[list[str]]:
    """The people whom the actor keeps, by pinyin; those who left are not among them."""
    there = Q(left_on__isnull=True) | Q(left_on__gt=clock.today())
    rows = Practitioner.objects.filter(there, _reach(actor, PEOPLE, "institution__")).select_related("institution")
    for row in rows.order_by("pinyin", "pk").iterator(chunk_size=500):
        yield [
            row.name, str(PRACTITIONER_KINDS[row.kind]), row.institution.name, row.institution.division_code,
            row.licence_no, row.licensed_on.isoformat() if row.licensed_on else "",
            row.licence_valid_to.isoformat() if row.licence_valid_to else "", "，".join(row.domains),
            "，".join(str(LANGUAGE_NAMES.get(code, code)) for code in row.languages), str(row.capacity),
        ]  # fmt: skip


def export_table(actor: Actor, what: str, kind: str, *, is_template: bool = False) -> tuple[bytes, str]:
    """`institutions` or `people` as `csv` or `xlsx`: (bytes, content type); a template has one made-up row. Raises
    NotFound for another table or format, NotPermitted."""
    if what not in TABLES or kind not in FORMATS:
        raise NotFound
    make, content_type = FORMATS[kind]
    if is_template:
        return make(TABLES[what].heads, [TABLES[what].example]), content_type
    rows = institution_rows(actor) if what == "institutions" else people_rows(actor)
    return make(TABLES[what].heads, rows), content_type
