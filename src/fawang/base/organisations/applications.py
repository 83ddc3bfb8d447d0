"""Questions about applications: one's own, and those that wait in one's area."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.divisions.values import prefix
from fawang.base.organisations.exchange.exporting import hours_text
from fawang.base.organisations.models import Application
from fawang.base.organisations.services.institutions import MANAGE
from fawang.base.organisations.services.joining import data_of
from fawang.base.organisations.services.rights import is_within
from fawang.base.organisations.values import (
    APPLICATION_NAMES,
    INSTITUTION_TYPES,
    LANGUAGE_NAMES,
    LEVEL_NAMES,
    ApplicationStatus,
    ApplicationValue,
)
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor, Scope, require


def _words(name: str, value: Any) -> str:
    if name == "accepts_legal_aid":
        return str(_("是") if value else _("否")) if value is not None else ""
    if value in (None, "", [], (), 0):
        return ""
    if name == "type":
        return str(INSTITUTION_TYPES[value][0])
    if name == "level":
        return str(LEVEL_NAMES[value])
    if name == "division_code":
        return divisions.full_name(value, get_language() or "") if divisions.exists(value) else str(value)
    if name == "languages":
        return "，".join(str(LANGUAGE_NAMES.get(code, code)) for code in value)
    if name == "hours":
        return hours_text(data_of({"type": "", "name": "", "level": "", "division_code": "", "hours": value}).hours)
    return "，".join(map(str, value)) if isinstance(value, list) else str(value)


def _value(row: Application) -> ApplicationValue:
    shown = {name: value for name, value in row.said.items() if name not in {"crs", "parent_id"}}
    pairs = ((name, _words(name, row.before.get(name)), _words(name, value)) for name, value in shown.items())
    return ApplicationValue(
        token=row.token,
        kind=row.kind,
        name=row.name,
        contact=row.contact,
        division_code=row.division_code,
        status=row.status,
        status_name=str(APPLICATION_NAMES[row.status]),
        reason=row.reason,
        created_at=row.created_at,
        decided_at=row.decided_at,
        institution_id=row.institution_id,
        institution_name=row.institution.name if row.institution else "",
        rows=tuple((name, old, new) for name, old, new in pairs if old or new),
    )


def my_applications(actor: Actor, *, institution_id: int | None = None) -> list[ApplicationValue]:
    """One's own applications (or those of one's institution), newest first, at most fifty."""
    if actor.account_id is None:
        return []
    rows = Application.objects.select_related("institution").order_by("-pk")
    if institution_id is not None and institution_id == actor.unit_id:
        return [_value(row) for row in rows.filter(institution_id=institution_id)[:50]]
    return [_value(row) for row in rows.filter(account_id=actor.account_id)[:50]]


def waiting_applications(actor: Actor) -> list[ApplicationValue]:
    """What waits for a decision in the actor's area, oldest first, at most a hundred."""
    scopes = require(actor, MANAGE)
    rows = Application.objects.filter(status=ApplicationStatus.WAITING).select_related("institution").order_by("pk")
    if Scope.ALL not in scopes:
        rows = rows.filter(division_code__startswith=prefix(actor.area)) if actor.unit_id is not None else rows.none()
    return [_value(row) for row in rows[:100]]


def application(actor: Actor, token: str) -> ApplicationValue:
    """One application of the actor's area. Raises NotFound."""
    row = Application.objects.filter(token=token).select_related("institution").first()
    if row is None or not is_within(actor, MANAGE, None, row.division_code):
        raise NotFound
    return _value(row)
