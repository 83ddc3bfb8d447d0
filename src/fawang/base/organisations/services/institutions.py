"""Register institutions, and change their status, lines, windows and record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.identity.values import check_name, check_phone, check_uscc, clean_text, pinyin_key
from fawang.base.organisations.errors import AlreadyRegistered
from fawang.base.organisations.models import Institution, Register, ServedLine
from fawang.base.organisations.services.rights import is_within, locked
from fawang.base.organisations.showing import institution_value
from fawang.base.organisations.values import (
    INSTITUTION_TYPES,
    STATUS_MOVES,
    Crs,
    InstitutionData,
    Level,
    OpenHours,
    Status,
    to_wgs84,
)
from fawang.kernel import clock
from fawang.kernel.errors import Conflict, Invalid, NotFound, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor

MANAGE = "organisations.manage_institutions"
# what `change_institution` is told, as `InstitutionValue` has it
FIELDS = tuple(one.name for one in fields(InstitutionData) if one.name not in {"crs", "is_demonstration"})
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,40}", re.ASCII)


def next_change() -> int:
    """The number of a change of the register, in the caller's transaction: copies of it read what has a newer one."""
    if not Register.objects.filter(pk=1).update(number=F("number") + 1):
        Register.objects.get_or_create(pk=1)
        Register.objects.filter(pk=1).update(number=F("number") + 1)
    return int(Register.objects.values_list("number", flat=True).get(pk=1))


def search_text(name: str, short_name: str, pinyin: str) -> str:
    """What look-ups by text run over."""
    return f"{name} {short_name} {pinyin}".lower()[:500]


def check_hours(hours: Iterable[OpenHours]) -> list[dict[str, Any]]:
    """Opening hours as stored. Raises ValueError for an impossible time or day."""
    stored = []
    for stretch in hours:
        is_fine = _TIME.fullmatch(stretch.begin) and _TIME.fullmatch(stretch.end) and stretch.begin < stretch.end
        if not is_fine or not stretch.weekdays or not set(stretch.weekdays) <= set(range(1, 8)):
            raise ValueError(_("开放时间应写成 09:00 到 17:00 的样子，星期用 1 到 7。"))
        stored.append({**asdict(stretch), "weekdays": sorted(set(stretch.weekdays))})
    return stored


def check_codes(codes: Iterable[str]) -> list[str]:
    """Codes once each, as stored. Raises ValueError for what can be no code."""
    unique = list(dict.fromkeys(codes))
    if not all(_CODE.fullmatch(code) for code in unique):
        raise ValueError(_("代码只能用字母、数字和 . _ -。请从列表中选择。"))
    return unique


def _credit_code(type_code: str, text: str) -> str | None:
    if not text:
        return None
    code = check_uscc(text)
    prefixes = INSTITUTION_TYPES[type_code][1]
    if prefixes and not code.startswith(prefixes):
        raise ValueError(
            _("这类机构的统一社会信用代码应以 %(text)s 开头。请核对机构类型。") % {"text": " / ".join(prefixes)}
        )
    return code


def _cleaned(data: InstitutionData) -> dict[str, Any]:
    wrong: dict[str, str | Promise] = {}
    if data.type not in INSTITUTION_TYPES:
        raise Invalid({"type": _("不认识这种机构类型。请从列表中选择。")})
    checks: dict[str, Any] = {
        "name": lambda: check_name(data.name),
        "short_name": lambda: clean_text(data.short_name, max_characters=40),
        "level": lambda: Level(data.level).value,
        "uscc": lambda: _credit_code(data.type, data.uscc),
        "licence_no": lambda: clean_text(data.licence_no, max_characters=60),
        "address": lambda: clean_text(data.address, max_characters=200),
        "phones": lambda: [check_phone(phone) for phone in data.phones],
        "hours": lambda: check_hours(data.hours),
        "lines": lambda: check_codes(data.lines),
        "domains": lambda: check_codes(data.domains),
        "languages": lambda: check_codes(data.languages),
    }
    right: dict[str, Any] = {}
    for field, check in checks.items():
        try:
            right[field] = check()
        except ValueError as error:
            wrong[field] = _("请从列表中选择。") if field == "level" else str(error)
    if not divisions.exists(data.division_code):
        wrong["division_code"] = _("没有这个地区。请从列表中选择。")
    if (data.lng is None) != (data.lat is None) or not (
        data.lng is None or data.lat is None or (-180 <= data.lng <= 180 and -90 <= data.lat <= 90)
    ):
        wrong["lng"] = _("经纬度要一起填写，经度在 -180 到 180，纬度在 -90 到 90。")
    if data.crs not in set(Crs):
        wrong["crs"] = _("请从列表中选择。")
    if data.capacity < 0:
        wrong["capacity"] = _("承接上限不能小于 0。")
    if data.parent_id is not None and not Institution.objects.filter(pk=data.parent_id).exists():
        wrong["parent"] = _("没有找到上级机构。")
    if wrong:
        raise Invalid(wrong)
    return right


def _point(data: InstitutionData) -> dict[str, Any]:
    """Coordinates as stored, and in what they were given."""
    if data.lng is None or data.lat is None:
        return {"lng": None, "lat": None, "source_crs": ""}
    lng, lat = to_wgs84(data.lng, data.lat, data.crs)
    return {"lng": round(lng, 6), "lat": round(lat, 6), "source_crs": str(data.crs)}


def _columns(data: InstitutionData) -> dict[str, Any]:
    """What is stored of it, checked. Raises Invalid with a sentence for each wrong field."""
    right = _cleaned(data)
    pinyin = pinyin_key(right["name"])
    return {
        "type": data.type,
        "division_code": data.division_code,
        "parent_id": data.parent_id,
        "pinyin": pinyin,
        "search": search_text(right["name"], right["short_name"], pinyin),
        "licence_valid_to": data.licence_valid_to,
        **_point(data),
        "scope": list(data.scope),
        "capacity": data.capacity,
        "accepts_legal_aid": data.accepts_legal_aid,
        **right,
    }


def register_institution(actor: Actor, data: InstitutionData) -> int:
    """Put an institution on the roll; its id. Announces `organisations.institution_registered.v1`.

    Raises Invalid with a sentence for each wrong field, NotFound outside the actor's area, AlreadyRegistered.
    """
    if not is_within(actor, MANAGE, None, data.division_code):
        raise NotFound
    columns = _columns(data)
    row = Institution(is_demonstration=data.is_demonstration, created_at=clock.now(), **columns)
    try:
        with transaction.atomic():
            row.changed_as = next_change()
            row.save(force_insert=True)
            _serve(row)
            fact = Fact(
                "organisations.institution_registered.v1",
                {"type": row.type, "division_code": row.division_code, "lines": row.lines},
            )
            append(actor=actor, stream=f"institution:{row.pk}", facts=[fact], first_sequence=1)
    except IntegrityError:
        raise AlreadyRegistered from None
    return row.pk


def change_institution(actor: Actor, institution_id: int, data: InstitutionData, *, mark: str = "") -> list[str]:
    """Put an institution's record right; the names of what changed. Status, penalties and windows have verbs of their
    own. `mark` is `InstitutionValue.mark` of the page that was filled in.

    Announces `organisations.institution_changed.v1`. Raises Invalid, NotFound outside the actor's area (the old one
    and the new one), Conflict when somebody changed it meanwhile, AlreadyRegistered.
    """
    if not is_within(actor, MANAGE, None, data.division_code):
        raise Invalid({"division_code": _("这个地区不在您的管辖范围内。请从列表中选择。")})
    with transaction.atomic():
        row = locked(actor, MANAGE, institution_id)
        if mark and mark != institution_value(row).mark:
            raise Conflict
        return store_record(actor, row, data)


def check_record(data: InstitutionData) -> None:
    """Raise Invalid with a sentence for each wrong field."""
    _columns(data)


def store_record(actor: Actor, row: Institution, data: InstitutionData) -> list[str]:
    """Store what is said of a locked institution; the names of what changed. Who may is the caller's to ask."""
    columns = _columns(data)
    if data.parent_id == row.pk:
        raise Invalid({"parent": _("上级机构不能是它自己。")})
    if (row.lng, row.lat) == (columns["lng"], columns["lat"]):
        columns["source_crs"] = row.source_crs
    changed = sorted(name for name, value in columns.items() if getattr(row, name) != value)
    if not changed:
        return []
    for name in changed:
        setattr(row, name, columns[name])
    told = [name for name in changed if name not in {"pinyin", "search"}]
    try:
        with transaction.atomic():
            row.changed_as = next_change()
            row.save(update_fields=[*changed, "changed_as"])
            _serve(row)
            fact = Fact("organisations.institution_changed.v1", {"fields": told})
            append(actor=actor, stream=f"institution:{row.pk}", facts=[fact])
    except IntegrityError:
        raise AlreadyRegistered from None
    return told


def _serve(row: Institution) -> None:
    """Make the indexed copy of the lines follow the row."""
    ServedLine.objects.filter(institution=row).delete()
    ServedLine.objects.bulk_create(
        ServedLine(institution=row, line=line, division_code=row.division_code) for line in row.lines
    )


def change_status(actor: Actor, institution_id: int, *, status: Status | str, reason: str) -> None:
    """Suspend, resume, revoke or close. From this moment nobody acts for it unless it is active.

    Announces `organisations.status_changed.v1`. Raises Invalid, RefusedByState for a way that does not exist.
    """
    try:
        new = Status(status)
        why = clean_text(reason, max_characters=200)
    except ValueError as error:
        raise Invalid({"status": str(error)}) from None
    if not why:
        raise Invalid({"reason": _("请写明变更的原因，会向社会公开。")})
    with transaction.atomic():
        row = locked(actor, MANAGE, institution_id)
        old = Status(row.status)
        if new not in STATUS_MOVES[old]:
            raise RefusedByState(old=old.value, new=new.value)
        row.status, row.status_reason = new, why
        row.changed_as = next_change()
        row.save(update_fields=["status", "status_reason", "changed_as"])
        fact = Fact("organisations.status_changed.v1", {"from": old.value, "to": new.value, "reason": why})
        append(actor=actor, stream=f"institution:{row.pk}", facts=[fact])


def set_lines(actor: Actor, institution_id: int, *, lines: tuple[str, ...], capacity: int | None = None) -> None:
    """Which lines it serves from now on, and how many open orders it can hold. Work it has stays with it."""
    try:
        codes = check_codes(lines)
    except ValueError as error:
        raise Invalid({"lines": str(error)}) from None
    if capacity is not None and capacity < 0:
        raise Invalid({"capacity": _("承接上限不能小于 0。")})
    with transaction.atomic():
        row = locked(actor, MANAGE, institution_id)
        row.lines = codes
        row.capacity = row.capacity if capacity is None else capacity
        row.changed_as = next_change()
        row.save(update_fields=["lines", "capacity", "changed_as"])
        _serve(row)
        fact = Fact("organisations.lines_changed.v1", {"lines": codes, "capacity": row.capacity})
        append(actor=actor, stream=f"institution:{row.pk}", facts=[fact])


def record_penalty(actor: Actor, institution_id: int, *, body: str, kind: str, text: str) -> None:
    """Add a penalty to the public record, dated today (法律服务机构信用信息)."""
    try:
        entry = {
            "date": clock.today().isoformat(),
            "body": check_name(body),
            "kind": clean_text(kind, max_characters=40),
            "text": clean_text(text, max_characters=500, is_multiline=True),
        }
    except ValueError as error:
        raise Invalid({"text": str(error)}) from None
    with transaction.atomic():
        row = locked(actor, MANAGE, institution_id)
        row.penalties = [*row.penalties, entry]
        row.save(update_fields=["penalties"])
        append(
            actor=actor, stream=f"institution:{row.pk}", facts=[Fact("organisations.penalty_recorded.v1", dict(entry))]
        )
