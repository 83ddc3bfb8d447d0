"""Institutions and people from a table: every row is checked and reported; only good rows are written, when told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.organisations.exchange import columns, reading
from fawang.base.organisations.exchange.tables import Line
from fawang.base.organisations.models import Institution, Practitioner
from fawang.base.organisations.services import institutions as registering
from fawang.base.organisations.services import people as practising
from fawang.base.organisations.services.rights import PEOPLE, is_within
from fawang.base.organisations.showing import institution_value
from fawang.base.organisations.values import (
    INSTITUTION_TYPES,
    LANGUAGE_NAMES,
    LEVEL_NAMES,
    PRACTITIONER_KINDS,
    Checked,
    Crs,
    InstitutionData,
    Outcome,
    Problem,
    Report,
)
from fawang.kernel.errors import FawangError, Invalid, NotFound
from fawang.kernel.policy import Actor, require

# names that cells are given for codes: `line` and `domain` belong to higher rooms, so the door says them
Names = Mapping[str, Mapping[str, str]]
_TYPES = {code: str(names[0]) for code, names in INSTITUTION_TYPES.items()}


@dataclass
class _Cells:
    """The cells of a row by field, and what is wrong with them."""

    cells: dict[str, str]
    wrong: dict[str, str | Promise]

    def get(self, field: str, read: Callable[..., Any], *more: Any, default: Any = None) -> Any:
        """A cell understood; a sentence is kept for one that is not."""
        try:
            return read(self.cells.get(field, ""), *more)
        except ValueError as error:
            self.wrong[field] = str(error)
            return default


def _cells_of(line: Line, table: columns.Table) -> _Cells:
    found: dict[str, str] = {}
    for head, cell in line.cells.items():
        field = table.field_of(head)
        if field and cell and field not in found:
            found[field] = cell
    return _Cells(found, {})


def _languages(text: str) -> tuple[str, ...]:
    return tuple(reading.code_of(one, LANGUAGE_NAMES) for one in reading.words(text))


def _codes(text: str, by_name: Mapping[str, str]) -> tuple[str, ...]:
    """Codes of a table that a higher room has: codes are taken as they are, names only where the door says them."""
    return tuple(one if one.isascii() else reading.code_of(one, {}, by_name) for one in reading.words(text))


def _institution(row: _Cells, names: Names) -> InstitutionData:
    """What a row says of an institution."""
    get, division = row.get, ""
    division = get("division", reading.division, row.cells.get("city", ""), row.cells.get("district", ""), default="")
    kind = get("type", reading.code_of, _TYPES, columns.TYPES_BY_OTHER_NAMES, default="")
    level = get("level", lambda text: reading.code_of(text, LEVEL_NAMES) if text else "")
    if not level and divisions.exists(division):
        level = divisions.get(division).level.value
    parent = row.cells.get("parent", "")
    parent_id = None
    if parent:
        found = list(Institution.objects.filter(name=parent).values_list("pk", flat=True)[:2])
        parent_id = found[0] if len(found) == 1 else None
        if parent_id is None:
            row.wrong["parent"] = _("没有叫这个名称的机构，或不止一个。请先登记上级机构，或留空。")
    return InstitutionData(
        type=kind or "",
        name=row.cells.get("name", ""),
        short_name=row.cells.get("short_name", ""),
        level=level or "COUNTY",
        division_code=division,
        parent_id=parent_id,
        uscc=row.cells.get("uscc", ""),
        licence_no=row.cells.get("licence_no", ""),
        licence_valid_to=get("licence_valid_to", reading.day),
        address=row.cells.get("address", ""),
        lng=get("lng", reading.degrees),
        lat=get("lat", reading.degrees),
        crs=get("crs", lambda text: Crs(text.upper().replace("-", "")) if text else Crs.CGCS2000, default=Crs.CGCS2000),
        phones=get("phones", reading.phones, division, default=()),
        hours=get("hours", reading.hours, default=()),
        lines=get("lines", _codes, names.get("line", {}), default=()),
        scope=reading.words(row.cells.get("scope", "")),
        domains=get("domains", _codes, names.get("domain", {}), default=()),
        languages=get("languages", _languages, default=()) or ("zh",),
        capacity=get("capacity", reading.number, default=0),
        accepts_legal_aid=get("accepts_legal_aid", reading.is_yes, default=False),
    )


def _known(data: InstitutionData) -> Institution | None:
    """The institution that a row is about, where it is on the register already."""
    if data.uscc and (found := Institution.objects.filter(uscc=data.uscc.upper()).first()):
        return found
    return Institution.objects.filter(name=data.name, division_code=data.division_code).first()


def _kept(old: Institution, data: InstitutionData, told: set[str]) -> InstitutionData:
    """The record with what the row says; empty cells change nothing."""
    value = institution_value(old)
    now = InstitutionData(**{name: getattr(value, name) for name in registering.FIELDS})
    said = {
        name: getattr(data, name)
        for name in registering.FIELDS
        if name in told or (name == "division_code" and {"division", "city"} & told)
    }
    if {"lng", "lat"} & told:
        said["crs"] = data.crs
    return replace(now, **said)


def _one_institution(actor: Actor, line: Line, names: Names, seen: dict[Any, int], write: bool) -> Checked:
    row = _cells_of(line, columns.INSTITUTIONS)
    data, name = _institution(row, names), row.cells.get("name", "")
    if row.wrong:
        return _refused(line, name, row.wrong, columns.INSTITUTIONS)
    key = (data.name, data.division_code)
    if key in seen:
        wrong = {"name": _("和第 %(n)d 行是同一家。请删掉一行。") % {"n": seen[key]}}
        return _refused(line, name, wrong, columns.INSTITUTIONS)
    seen[key] = line.number
    old = _known(data)
    try:
        with transaction.atomic():
            if old is None:
                outcome = Outcome.NEW
                registering.register_institution(actor, data)
            else:
                changed = registering.change_institution(actor, old.pk, _kept(old, data, set(row.cells)))
                outcome = Outcome.CHANGED if changed else Outcome.SAME
            if not write:
                transaction.set_rollback(True)
    except FawangError as refusal:
        return _refused(line, name, _sentences(refusal), columns.INSTITUTIONS)
    return Checked(line.number, name, outcome)


def _sentences(refusal: FawangError) -> dict[str, str | Promise]:
    if isinstance(refusal, NotFound):
        return {"division_code": _("这个地区不在您的管辖范围内。")}
    return dict(refusal.fields) if isinstance(refusal, Invalid) else {"": refusal.text}


def _refused(line: Line, name: str, wrong: Mapping[str, str | Promise], table: columns.Table) -> Checked:
    problems = tuple(Problem(table.head_of(field), str(sentence)) for field, sentence in wrong.items())
    return Checked(line.number, name, Outcome.WRONG, problems)


def import_institutions(
    actor: Actor, lines: Sequence[Line], *, write: bool = False, names: Names | None = None
) -> Report:
    """Check every row, and with `write` store the good ones, each by itself. A row about an institution that is there
    (same credit code, or same name and area) puts its record right; empty cells change nothing. A dry run does all of
    it and takes it back."""
    require(actor, registering.MANAGE)
    seen: dict[Any, int] = {}
    return _reported(lambda line: _one_institution(actor, line, names or {}, seen, write), lines, columns.INSTITUTIONS)


def _reported(check: Callable[[Line], Checked], lines: Sequence[Line], table: columns.Table) -> Report:
    heads = list(dict.fromkeys(head for line in lines for head in line.cells))
    unknown = tuple(head for head in heads if not table.field_of(head))
    missing = tuple(
        table.head_of(field)
        for field in table.required
        if lines and not any(table.field_of(head) == field for head in heads)
    )
    return Report(tuple(check(line) for line in lines), unknown, missing)


def _place(row: _Cells) -> Institution | None:
    name = row.cells.get("institution", "")
    places = Institution.objects.filter(name=name)
    if row.cells.get("division"):
        places = places.filter(division_code=row.get("division", reading.division, "", "", default=""))
    found = list(places[:2])
    if len(found) != 1:
        row.wrong["institution"] = (
            _("没有叫这个名称的机构。请先登记机构。") if not found else _("叫这个名称的机构不止一个。请填写地区代码。")
        )
        return None
    return found[0]


def _one_person(actor: Actor, line: Line, names: Names, seen: dict[Any, int], write: bool) -> Checked:
    row = _cells_of(line, columns.PEOPLE)
    place, name = _place(row), row.cells.get("name", "")
    kind = row.get("kind", reading.code_of, PRACTITIONER_KINDS, default="")
    said: dict[str, Any] = {
        "name": name, "kind": kind, "licence_no": row.cells.get("licence_no", ""),
        "licensed_on": row.get("licensed_on", reading.day),
        "licence_valid_to": row.get("licence_valid_to", reading.day),
        "domains": row.get("domains", _codes, names.get("domain", {}), default=()),
        "languages": row.get("languages", _languages, default=()) or ("zh",),
        "capacity": row.get("capacity", reading.number, default=0),
    }  # fmt: skip
    if place is not None and not is_within(actor, PEOPLE, place.pk, place.division_code):
        row.wrong["institution"] = _("这家机构不在您的管辖范围内。")
    key = (place.pk if place else 0, name, said["licence_no"])
    if key in seen:
        row.wrong["name"] = _("和第 %(n)d 行是同一人。请删掉一行。") % {"n": seen[key]}
    seen[key] = line.number
    if row.wrong or place is None:
        return _refused(line, name, row.wrong, columns.PEOPLE)
    there = Practitioner.objects.filter(institution=place, name=name, left_on__isnull=True)
    if there.exists():
        return Checked(line.number, name, Outcome.SAME)
    try:
        with transaction.atomic():
            practising.register_practitioner(actor, institution_id=place.pk, **said)
            if not write:
                transaction.set_rollback(True)
    except FawangError as refusal:
        return _refused(line, name, _sentences(refusal), columns.PEOPLE)
    return Checked(line.number, name, Outcome.NEW)


def import_people(actor: Actor, lines: Sequence[Line], *, write: bool = False, names: Names | None = None) -> Report:
    """As `import_institutions`, for people; who is on the institution's roll under this name is left as is."""
    require(actor, PEOPLE)
    seen: dict[Any, int] = {}
    return _reported(lambda line: _one_person(actor, line, names or {}, seen, write), lines, columns.PEOPLE)
