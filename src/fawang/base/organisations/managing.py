"""Questions of those who administer institutions, people, roles and keys."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from fawang.base.identity import selectors as identity
from fawang.base.organisations.models import ApiKey, Institution, Leave, Membership, Practitioner
from fawang.base.organisations.services.rights import PEOPLE, is_within
from fawang.base.organisations.showing import key_value, membership_value, practitioner_value
from fawang.base.organisations.values import (
    InstitutionValue,
    KeyPage,
    KeyValue,
    LeaveValue,
    MembershipValue,
    PractitionerRecord,
)
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor, Scope, require, scopes

MEMBERS = "organisations.see_members"
KEYS = "organisations.manage_keys"


def reaches(actor: Actor, permission: str, place: InstitutionValue) -> bool:
    """Whether the actor's permission reaches an institution, for showing what may be done there. Never raises."""
    return bool(scopes(actor, permission)) and is_within(actor, permission, place.id, place.division_code)


def _place(actor: Actor, permission: str, institution_id: int) -> Institution:
    row = Institution.objects.filter(pk=institution_id).first()
    if row is None or not is_within(actor, permission, row.pk, row.division_code):
        raise NotFound
    return row


def leaves(actor: Actor, institution_id: int) -> list[LeaveValue]:
    """The present and coming leave of an institution's people, soonest first. Raises NotFound out of reach."""
    _place(actor, PEOPLE, institution_id)
    rows = Leave.objects.filter(
        practitioner__institution_id=institution_id, cancelled_at__isnull=True, end__gte=clock.today()
    )
    return [
        LeaveValue(row.pk, row.practitioner_id, row.practitioner.name, row.begin, row.end, row.reason)
        for row in rows.select_related("practitioner").order_by("begin", "pk")
    ]


def _records(rows: Iterable[Practitioner]) -> list[PractitionerRecord]:
    return [
        PractitionerRecord(
            person=practitioner_value(row),
            licensed_on=row.licensed_on,
            capacity=row.capacity,
            account_id=row.account_id,
            account_name=row.account.display_name if row.account else "",
            username=(row.account.username or "") if row.account else "",
            left_on=row.left_on,
        )
        for row in rows
    ]


def _people() -> QuerySet[Practitioner]:
    return Practitioner.objects.select_related("institution", "account")


def roll(actor: Actor, institution_id: int) -> list[PractitionerRecord]:
    """Everybody on an institution's roll by pinyin, those who left last. Raises NotFound out of reach."""
    _place(actor, PEOPLE, institution_id)
    rows = _records(_people().filter(institution_id=institution_id).order_by("pinyin", "pk"))
    return sorted(rows, key=lambda row: not row.person.is_active)


def practitioner_record(actor: Actor, token: str) -> PractitionerRecord:
    """One person of an institution. Raises NotFound out of reach."""
    row = _people().filter(token=token).first()
    if row is None:
        require(actor, PEOPLE)
        raise NotFound
    _place(actor, PEOPLE, row.institution_id)
    return _records([row])[0]


def members(actor: Actor, institution_id: int) -> list[MembershipValue]:
    """Which accounts have or had which roles in an institution. Raises NotFound out of the actor's reach."""
    _place(actor, MEMBERS, institution_id)
    rows = Membership.objects.filter(institution_id=institution_id).select_related("account", "institution")
    return [membership_value(row) for row in rows.order_by("pk")]


def memberships(actor: Actor, account_id: int) -> list[MembershipValue]:
    """Which roles an account has or had anywhere, newest first: one's own, or anybody's for those who see all."""
    if account_id != actor.account_id and Scope.ALL not in require(actor, MEMBERS):
        raise NotFound
    rows = Membership.objects.filter(account_id=account_id).select_related("account", "institution")
    return [membership_value(row) for row in rows.order_by("-pk")]


def membership(actor: Actor, membership_id: int) -> MembershipValue:
    """One role of an account. Raises NotFound out of reach."""
    row = Membership.objects.filter(pk=membership_id).select_related("account", "institution").first()
    if row is None:
        require(actor, MEMBERS)
        raise NotFound
    _place(actor, MEMBERS, row.institution_id)
    return membership_value(row)


def account_in(actor: Actor, institution_id: int, username: str) -> int | None:
    """The id of an account by its user name: any for those who see accounts, else one of the institution's own."""
    if scopes(actor, "identity.see_accounts"):
        found = identity.account_by_username(actor, username)
        return found.pk if found is not None else None
    return next((row.account_id for row in members(actor, institution_id) if row.username == username.strip()), None)


def keys(actor: Actor, institution_id: int) -> list[KeyValue]:
    """The keys of an institution, without their secrets, newest first."""
    _place(actor, KEYS, institution_id)
    rows = ApiKey.objects.filter(institution_id=institution_id).select_related("institution").order_by("-pk")
    return [key_value(row) for row in rows]


def all_keys(actor: Actor, *, before: int = 0, limit: int = 30) -> KeyPage:
    """The keys of all institutions, newest first. Raises NotPermitted."""
    require(actor, KEYS)
    rows = ApiKey.objects.select_related("institution").order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: limit + 1])
    return KeyPage(tuple(key_value(row) for row in found[:limit]), found[limit - 1].pk if len(found) > limit else 0)
