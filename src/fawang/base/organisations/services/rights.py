"""Whether an actor may change something of an institution: by unit, by area, or everywhere."""

from __future__ import annotations

from django.db.models import Q

from fawang.base.divisions.values import covers
from fawang.base.organisations.models import Institution, Membership
from fawang.base.organisations.values import UNIT_ROLES
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor, Scope, require

PEOPLE = "organisations.manage_people"


def is_within(actor: Actor, permission: str, institution_id: int | None, division_code: str) -> bool:
    """Whether the permission reaches an institution (or a division where one is to be)."""
    scopes = require(actor, permission)
    if Scope.ALL in scopes:
        return True
    if Scope.UNIT in scopes and institution_id is not None and institution_id == actor.unit_id:
        return True
    return Scope.AREA in scopes and actor.unit_id is not None and covers(actor.area, division_code)


def locked(actor: Actor, permission: str, institution_id: int) -> Institution:
    """The institution, locked for this transaction. Raises NotFound when it is not there or out of reach."""
    row = Institution.objects.select_for_update(of=("self",)).filter(pk=institution_id).first()
    if row is None or not is_within(actor, permission, row.pk, row.division_code):
        raise NotFound
    return row


def reaches_account(actor: Actor, account_id: int) -> bool:
    """Whether an account belongs to the people whom the actor administers: it has roles, all of them ordinary ones in
    institutions within reach. Who also serves elsewhere, or holds more, is a system administrator's to look after."""
    current = Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())
    rows = list(
        Membership.objects.filter(current, account_id=account_id, ended_at__isnull=True).select_related("institution")
    )
    return bool(rows) and all(
        row.role in UNIT_ROLES and is_within(actor, PEOPLE, row.institution_id, row.institution.division_code)
        for row in rows
    )
