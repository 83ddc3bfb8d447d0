"""As whom an account or a key acts: one thing at a time, and only while it may."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils.translation import gettext as _

from fawang.base.divisions.values import prefix
from fawang.base.identity import selectors as identity
from fawang.base.identity.values import RepresentationValue
from fawang.base.organisations.errors import (
    InstitutionCannotAct,
    KeyRefused,
    MembershipOver,
    RepresentationOver,
)
from fawang.base.organisations.models import ApiKey, Membership
from fawang.base.organisations.services.keys import CONTEXT, ROLES_OF_KEYS
from fawang.base.organisations.values import ROLES, STATUS_NAMES, Status
from fawang.kernel import clock, crypto, ids
from fawang.kernel.errors import NotPermitted
from fawang.kernel.policy import Actor

SELF = "self"


def _memberships(account_id: int) -> list[Membership]:
    """All memberships in force today, in one statement."""
    today = clock.today()
    ends = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    rows = Membership.objects.filter(ends, account_id=account_id, ended_at__isnull=True, valid_from__lte=today)
    return list(rows.select_related("institution").order_by("pk"))


def ways_to_act(account: AbstractBaseUser) -> list[tuple[str, str]]:
    """How an account may act now, as (key, label): a member of each institution that may work, oneself, and for each
    represented party. The key is what `actor_for` takes."""
    who = _Who(account)
    ways: dict[int, tuple[str, list[str], str]] = {}
    for row in _memberships(who.account_id):
        if row.institution.status != Status.ACTIVE:
            continue
        _key, roles, _name = ways.setdefault(row.institution_id, (f"member:{row.pk}", [], row.institution.name))
        roles.append(str(ROLES[row.role]))
    listed = [(key, f"{name}({'、'.join(roles)})") for key, roles, name in ways.values()]
    if who.party_id is not None:
        listed.append((SELF, _("本人")))
        for representation in identity.acts_for(who.party_id):
            listed.append((f"for:{representation.id}", _("代理 %(name)s") % {"name": representation.principal_name}))
    return listed


class _Who:
    """The parts of an account that an actor is made of."""

    def __init__(self, account: AbstractBaseUser) -> None:
        self.account_id: int = account.pk
        self.ref = f"account:{account.pk}"
        self.party_id: int | None = getattr(account, "party_id", None)
        party = getattr(account, "party", None) if self.party_id is not None else None
        self.level: int = party.level if party is not None else 0
        self.name: str = getattr(account, "display_name", "") or (party.name if party is not None else "")


def actor_for(account: AbstractBaseUser, acting: str = "") -> Actor:
    """The actor that an account is now. `acting` is a key of `ways_to_act`: `self`, `member:<id>` or `for:<id>`;
    without one, the first institution that may work, or oneself.

    Raises MembershipOver, InstitutionCannotAct, RepresentationOver, NotPermitted; never falls back to another way.
    """
    who = _Who(account)
    if not account.is_active:
        raise NotPermitted
    kind, _colon, number = acting.partition(":")
    wanted = ids.row_number(number)
    if kind == "member" and wanted is not None:
        return _as_member(who, _memberships(who.account_id), wanted)
    if kind == "for" and wanted is not None:
        return _for_another(who, wanted)
    if acting == SELF:
        return _as_oneself(who)
    if acting:
        raise NotPermitted
    memberships = _memberships(who.account_id) if getattr(account, "is_staff", False) else []
    for row in memberships:
        if row.institution.status == Status.ACTIVE:
            return _as_member(who, memberships, row.pk)
    if memberships and who.party_id is None:
        return _as_member(who, memberships, memberships[0].pk)
    return _as_oneself(who)


def _as_oneself(who: _Who) -> Actor:
    if who.party_id is None:
        raise MembershipOver
    return Actor(
        ref=who.ref,
        roles=frozenset({"CITIZEN"}),
        account_id=who.account_id,
        party_id=who.party_id,
        level=who.level,
        name=who.name,
    )


def _as_member(who: _Who, memberships: list[Membership], membership_id: int) -> Actor:
    """All roles in the one institution, and nothing of any other."""
    chosen = next((row for row in memberships if row.pk == membership_id), None)
    if chosen is None:
        raise MembershipOver
    place = chosen.institution
    if place.status != Status.ACTIVE:
        raise InstitutionCannotAct(name=place.name, status=str(STATUS_NAMES[place.status]))
    mine = [row for row in memberships if row.institution_id == place.pk]
    return Actor(
        ref=who.ref,
        roles=frozenset(row.role for row in mine),
        account_id=who.account_id,
        member_id=mine[0].pk,
        unit_id=place.pk,
        area=prefix(place.division_code),
        level=who.level,
        name=who.name,
    )


def _for_another(who: _Who, representation_id: int) -> Actor:
    """The represented party's actor, in the agent's own identity level."""
    held: list[RepresentationValue] = identity.acts_for(who.party_id) if who.party_id is not None else []
    chosen = next((row for row in held if row.id == representation_id), None)
    if chosen is None:
        raise RepresentationOver
    return Actor(
        ref=who.ref,
        roles=frozenset({chosen.kind.role}),
        account_id=who.account_id,
        party_id=chosen.principal_id,
        represents_id=chosen.principal_id,
        level=who.level,
        name=who.name,
    )


def actor_for_key(plain: str) -> Actor:
    """The partner that a key speaks for, in one statement. Raises KeyRefused for any key that does not work (any
    more): unknown, revoked, past its day, or its institution not active."""
    if not plain.startswith("fwk_") or len(plain) > 120 or not plain.isascii():
        raise KeyRefused
    digests = crypto.indexes(plain, context=CONTEXT)
    row = ApiKey.objects.select_related("institution").filter(digest__in=digests).first()
    if row is None or row.revoked_at is not None or (row.valid_to is not None and row.valid_to < clock.today()):
        raise KeyRefused
    if row.institution.status != Status.ACTIVE:
        raise KeyRefused
    return Actor(
        ref=f"partner:{row.pk}",
        roles=frozenset(row.roles) & ROLES_OF_KEYS,
        unit_id=row.institution_id,
        area=prefix(row.institution.division_code),
        name=row.institution.name,
        channel="PARTNER",
    )
