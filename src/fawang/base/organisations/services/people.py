"""Practitioners and their leave."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.identity import selectors as identity
from fawang.base.identity.values import check_name, clean_text, pinyin_key
from fawang.base.organisations.errors import AlreadyRegistered
from fawang.base.organisations.licences import check_licence
from fawang.base.organisations.models import Leave, Practitioner
from fawang.base.organisations.services.rights import PEOPLE, locked
from fawang.base.organisations.values import PRACTITIONER_KINDS, PractitionerData
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor


class Said(TypedDict, total=False):
    """The fields of `PractitionerData`, as keywords."""

    name: str
    kind: str
    licence_no: str
    licensed_on: date | None
    licence_valid_to: date | None
    account_id: int | None
    domains: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int


def _columns(data: PractitionerData) -> dict[str, Any]:
    """What is stored of a person, checked. Raises Invalid with a sentence for each wrong field."""
    wrong: dict[str, str | Promise] = {}
    number, is_legacy, shown = "", False, ""
    if data.kind not in PRACTITIONER_KINDS:
        wrong["kind"] = _("请从列表中选择。")
    else:
        try:
            number, is_legacy = check_licence(data.kind, data.licence_no)
        except ValueError as error:
            wrong["licence_no"] = str(error)
    try:
        shown = check_name(data.name)
    except ValueError as error:
        wrong["name"] = str(error)
    if data.account_id is not None and identity.account(data.account_id) is None:
        wrong["account"] = _("没有找到这个账号，或已停用。")
    if data.capacity < 0:
        wrong["capacity"] = _("承接上限不能小于 0。")
    if data.licensed_on and data.licence_valid_to and data.licence_valid_to < data.licensed_on:
        wrong["licence_valid_to"] = _("有效期不能早于首次执业日期。")
    if wrong:
        raise Invalid(wrong)
    return {
        "account_id": data.account_id,
        "name": shown,
        "pinyin": pinyin_key(shown),
        "kind": data.kind,
        "licence_no": number,
        "is_legacy_licence": is_legacy,
        "licensed_on": data.licensed_on,
        "licence_valid_to": data.licence_valid_to,
        "domains": list(dict.fromkeys(data.domains)),
        "languages": list(dict.fromkeys(data.languages)),
        "capacity": data.capacity,
    }


def register_practitioner(
    actor: Actor, *, institution_id: int, is_demonstration: bool = False, **said: Unpack[Said]
) -> int:
    """Put a person on an institution's roll; their id. What is said of them are the fields of `PractitionerData`.

    Raises Invalid, NotFound, AlreadyRegistered when the licence is in use elsewhere (律师法 art. 10).
    """
    columns = _columns(PractitionerData(**said))
    try:
        with transaction.atomic():
            place = locked(actor, PEOPLE, institution_id)
            row = Practitioner.objects.create(
                institution=place, is_demonstration=is_demonstration, created_at=clock.now(), **columns
            )
            fact = Fact("organisations.practitioner_registered.v1", {"practitioner": row.pk, "kind": row.kind})
            append(actor=actor, stream=f"institution:{place.pk}", facts=[fact])
    except IntegrityError:
        raise AlreadyRegistered from None
    return row.pk


def change_practitioner(actor: Actor, practitioner_id: int, data: PractitionerData) -> list[str]:
    """Put a person's record right; the names of what changed (`organisations.practitioner_changed.v1`).

    Raises Invalid, NotFound, AlreadyRegistered, RefusedByState for somebody who left.
    """
    columns = _columns(data)
    try:
        with transaction.atomic():
            row = _practitioner(actor, practitioner_id)
            if row.left_on is not None:
                raise RefusedByState
            changed = sorted(name for name, value in columns.items() if getattr(row, name) != value)
            if not changed:
                return []
            for name in changed:
                setattr(row, name, columns[name])
            row.save(update_fields=changed)
            told = [name for name in changed if name != "pinyin"]
            fact = Fact("organisations.practitioner_changed.v1", {"practitioner": row.pk, "fields": told})
            append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])
    except IntegrityError:
        raise AlreadyRegistered from None
    return told


def _practitioner(actor: Actor, practitioner_id: int) -> Practitioner:
    """The person, their institution locked. Raises NotFound out of reach."""
    row = Practitioner.objects.filter(pk=practitioner_id).first()
    if row is None:
        raise NotFound
    locked(actor, PEOPLE, row.institution_id)
    return row


def end_practice(actor: Actor, practitioner_id: int, *, on: date | None = None) -> None:
    """The person leaves the institution; from `on` (today) they get no more work, and the licence is free again."""
    with transaction.atomic():
        row = _practitioner(actor, practitioner_id)
        if row.left_on is not None:
            raise RefusedByState
        row.left_on = on or clock.today()
        row.save(update_fields=["left_on"])
        fact = Fact("organisations.practitioner_left.v1", {"practitioner": row.pk, "on": row.left_on})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])


def record_leave(actor: Actor, *, practitioner_id: int, begin: date, end: date, reason: str = "") -> int:
    """Days (both included) on which the person is given no work; the leave's id. Work already held is not moved.

    Announces `organisations.leave_recorded.v1`. Raises Invalid.
    """
    if end < begin:
        raise Invalid({"end": _("结束日期不能早于开始日期。")})
    try:
        why = clean_text(reason, max_characters=100)
    except ValueError as error:
        raise Invalid({"reason": str(error)}) from None
    with transaction.atomic():
        row = _practitioner(actor, practitioner_id)
        leave = Leave.objects.create(practitioner=row, begin=begin, end=end, reason=why, created_at=clock.now())
        fact = Fact("organisations.leave_recorded.v1", {"practitioner": row.pk, "begin": begin, "end": end})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])
    return leave.pk


def cancel_leave(actor: Actor, leave_id: int) -> None:
    """Take a leave back. Raises RefusedByState when it is cancelled already."""
    with transaction.atomic():
        leave = Leave.objects.filter(pk=leave_id).first()
        if leave is None:
            raise NotFound
        row = _practitioner(actor, leave.practitioner_id)
        if not Leave.objects.filter(pk=leave_id, cancelled_at__isnull=True).update(cancelled_at=clock.now()):
            raise RefusedByState
        fact = Fact("organisations.leave_cancelled.v1", {"practitioner": row.pk, "leave": leave_id})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])
