"""Rows of the room as the frozen values it hands out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fawang.base.organisations.models import ApiKey, Institution, Membership, Practitioner, Window
from fawang.base.organisations.values import (
    INSTITUTION_TYPES,
    PRACTITIONER_KINDS,
    ROLES,
    STATUS_NAMES,
    InstitutionValue,
    KeyValue,
    MembershipValue,
    OpenHours,
    PractitionerValue,
    WindowValue,
)
from fawang.kernel import clock


def hours_value(stored: Iterable[Mapping[str, object]]) -> tuple[OpenHours, ...]:
    """Stored opening hours."""
    return tuple(
        OpenHours(weekdays=tuple(h["weekdays"]), begin=str(h["begin"]), end=str(h["end"]))  # type: ignore[arg-type]
        for h in stored
    )


def institution_value(row: Institution) -> InstitutionValue:
    """An institution as everybody may see it."""
    return InstitutionValue(
        id=row.pk,
        token=row.token,
        type=row.type,
        type_name=str(INSTITUTION_TYPES[row.type][0]),
        name=row.name,
        short_name=row.short_name,
        level=row.level,
        division_code=row.division_code,
        parent_id=row.parent_id,
        uscc=row.uscc or "",
        licence_no=row.licence_no,
        licence_valid_to=row.licence_valid_to,
        status=row.status,
        status_name=str(STATUS_NAMES[row.status]),
        status_reason=row.status_reason,
        address=row.address,
        lng=row.lng,
        lat=row.lat,
        phones=tuple(row.phones),
        hours=hours_value(row.hours),
        lines=tuple(row.lines),
        domains=tuple(row.domains),
        languages=tuple(row.languages),
        capacity=row.capacity,
        accepts_legal_aid=row.accepts_legal_aid,
        annual_assessment=row.annual_assessment,
        penalties=tuple(row.penalties),
        is_demonstration=row.is_demonstration,
        scope=tuple(row.scope),
        source_crs=row.source_crs,
    )


def practitioner_value(row: Practitioner) -> PractitionerValue:
    """A person of an institution (loaded with it) as the public look-up shows them."""
    return PractitionerValue(
        id=row.pk,
        token=row.token,
        institution_id=row.institution_id,
        institution_name=row.institution.name,
        name=row.name,
        kind=row.kind,
        kind_name=str(PRACTITIONER_KINDS[row.kind]),
        licence_no=row.licence_no,
        is_legacy_licence=row.is_legacy_licence,
        licence_valid_to=row.licence_valid_to,
        domains=tuple(row.domains),
        languages=tuple(row.languages),
        is_active=row.left_on is None or row.left_on > clock.today(),
        penalties=tuple(row.penalties),
        is_demonstration=row.is_demonstration,
        institution_token=row.institution.token,
        institution_status=row.institution.status,
        institution_division=row.institution.division_code,
    )


def window_value(row: Window) -> WindowValue:
    """A window of a centre."""
    return WindowValue(
        row.pk, row.token, row.institution_id, row.name, row.kind, tuple(row.lines), row.is_accessible, row.is_open
    )


def membership_value(row: Membership) -> MembershipValue:
    """A role of an account in an institution, both loaded with it."""
    today = clock.today()
    in_time = row.valid_from <= today and (row.valid_to is None or today <= row.valid_to)
    return MembershipValue(
        id=row.pk,
        account_id=row.account_id,
        account_name=row.account.display_name,
        institution_id=row.institution_id,
        institution_name=row.institution.name,
        role=row.role,
        role_name=str(ROLES[row.role]),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_active=row.ended_at is None and in_time,
        username=row.account.username or "",
        account_token=row.account.token,
        account_is_active=row.account.is_active,
        is_ended=row.ended_at is not None,
        ended_reason=row.ended_reason,
    )


def key_value(row: ApiKey) -> KeyValue:
    """A key (loaded with its institution) without its secret."""
    is_over = row.valid_to is not None and row.valid_to < clock.today()
    return KeyValue(
        id=row.pk,
        institution_id=row.institution_id,
        name=row.name,
        prefix=row.prefix,
        roles=tuple(row.roles),
        valid_to=row.valid_to,
        revoked_at=row.revoked_at,
        institution_name=row.institution.name,
        created_at=row.created_at,
        is_active=row.revoked_at is None and not is_over,
    )
