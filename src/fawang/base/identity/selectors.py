"""Questions about parties, accounts, representations and consents. Sealed values never leave through here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from fawang.base.identity import sealing
from fawang.base.identity.identifiers import check_phone
from fawang.base.identity.models import Account, Consent, Party, Representation
from fawang.base.identity.names import mask_address, mask_email, mask_id_no, mask_name, mask_phone, narrow
from fawang.base.identity.reach import reaches
from fawang.base.identity.services import throttle
from fawang.base.identity.values import (
    AccountPage,
    AccountValue,
    Capacity,
    ConsentValue,
    PartyCard,
    PartyKind,
    PartyValue,
    RepresentationKind,
    RepresentationStatus,
    RepresentationValue,
)
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotLoggedIn
from fawang.kernel.events import selectors as events
from fawang.kernel.events.values import Recorded
from fawang.kernel.policy import Actor, Scope, require

ELDERLY_FROM = 60  # years, 老年人权益保障法 art. 2
ADULT_FROM = 18  # 民法典 art. 17
LIMITED_FROM = 8  # 民法典 art. 19-20
COUNTED_TO = 1_000
# how a list of accounts can be narrowed
ACCOUNT_STATES: dict[str, dict[str, Any]] = {
    "active": {"is_active": True},
    "closed": {"is_active": False},
    "one_time": {"is_active": True, "one_time_until__isnull": False},
    "no_authenticator": {"is_active": True, "totp_confirmed_at__isnull": True},
}


def is_within(actor: Actor, party_id: int, scopes: Collection[Scope]) -> bool:
    """Whether a party is within scopes that the actor holds: everybody's, the actor's own (or the represented one),
    or one that the actor's work names (`reach`)."""
    if Scope.ALL in scopes:
        return True
    if Scope.OWN in scopes and actor.party_id is not None:
        if party_id == actor.party_id or Party.objects.filter(pk=party_id, merged_into_id=actor.party_id).exists():
            return True
    wider = {Scope.UNIT, Scope.AREA, Scope.SELF} & set(scopes)
    return bool(wider) and reaches(actor, party_id)


def age_on(born: date, on: date) -> int:
    """Full years, as the law counts: the birthday completes the year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def capacity_of(born: date | None) -> Capacity:
    """Capacity for civil acts by age alone (民法典 art. 17–20): those of 16 on own labour are unknown."""
    if born is None:
        return Capacity.UNKNOWN
    age = age_on(born, clock.today())
    if age >= ADULT_FROM:
        return Capacity.FULL
    return Capacity.LIMITED if age >= LIMITED_FROM else Capacity.NONE


def _is_minor(party: Party) -> bool:
    return capacity_of(party.birth_date) in (Capacity.LIMITED, Capacity.NONE)


def _is_elderly(party: Party) -> bool:
    return party.birth_date is not None and age_on(party.birth_date, clock.today()) >= ELDERLY_FROM


def _card(party: Party) -> PartyCard:
    number = sealing.unseal(party.id_no_sealed, sealing.ID_NO) or sealing.unseal(party.uscc_sealed, sealing.USCC)
    kind = PartyKind(party.kind)
    return PartyCard(
        id=party.pk,
        token=party.token,
        kind=kind,
        # the names of organisations are public
        name_masked=mask_name(party.name) if kind in (PartyKind.PERSON, PartyKind.ANONYMOUS) else party.name,
        id_type=party.id_type,
        id_masked=mask_id_no(number),
        phone_masked=mask_phone(sealing.unseal(party.phone_sealed, sealing.PHONE)),
        email_masked=mask_email(sealing.unseal(party.email_sealed, sealing.EMAIL)),
        address_masked=mask_address(party.address_sealed),
        division_code=party.division_code,
        level=party.level,
        special_groups=tuple(party.special_groups),
        is_minor=_is_minor(party),
        is_elderly=_is_elderly(party),
        is_demonstration=party.is_demonstration,
    )


def _visible(actor: Actor, party_id: int) -> Party:
    scopes = require(actor, "identity.see_parties")
    found = Party.objects.select_related("account").filter(pk=party_id).first()
    if found is None or not is_within(actor, party_id, scopes):
        raise NotFound
    return found


def party(actor: Actor, party_id: int) -> PartyValue:
    """A party with its name. Raises NotFound when it is not there or out of the actor's reach: they look the same."""
    found = _visible(actor, party_id)
    return PartyValue(
        id=found.pk,
        token=found.token,
        kind=PartyKind(found.kind),
        name=found.name,
        id_type=found.id_type,
        birth_date=found.birth_date,
        sex=found.sex,
        nationality=found.nationality,
        division_code=found.division_code,
        level=found.level,
        special_groups=tuple(found.special_groups),
        capacity=capacity_of(found.birth_date),
        is_minor=_is_minor(found),
        is_elderly=_is_elderly(found),
        has_account=hasattr(found, "account"),
        is_demonstration=found.is_demonstration,
    )


def party_card(actor: Actor, party_id: int) -> PartyCard:
    """A party with everything masked. Raises NotFound as `party` does."""
    return _card(_visible(actor, party_id))


def party_cards(actor: Actor, party_ids: Iterable[int]) -> dict[int, PartyCard]:
    """The cards of those parties that the actor may see, by id, in one statement for an actor who sees all (a room
    that has already checked the order asks as `policy.system(...)`)."""
    scopes = require(actor, "identity.see_parties")
    found = Party.objects.filter(pk__in=set(party_ids))
    return {row.pk: _card(row) for row in found if is_within(actor, row.pk, scopes)}


def party_id_by_token(actor: Actor, token: str) -> int:
    """The id behind a public token. Raises NotFound."""
    found = Party.objects.filter(token=token).values_list("pk", flat=True).first()
    if found is None or not is_within(actor, found, require(actor, "identity.see_parties")):
        raise NotFound
    return found


def same_party_ids(party_id: int) -> list[int]:
    """The party's id and those of records that were merged into it: whose things are the party's own."""
    merged = Party.objects.filter(merged_into_id=party_id).order_by("pk").values_list("pk", flat=True)
    return [party_id, *merged]


def parties_by_phone(actor: Actor, phone: str) -> list[PartyCard]:
    """Who is known under a telephone number, masked, oldest first, at most 20: a caller is recognised by the number.
    Raises Invalid for what cannot be a number."""
    require(actor, "identity.find_parties")
    try:
        number = check_phone(phone)
    except ValueError as error:
        raise Invalid({"phone": str(error)}) from None
    found = Party.objects.filter(phone_index__in=sealing.phone_indexes(number), merged_into__isnull=True)
    return [_card(row) for row in found.order_by("pk")[:20]]


def account(account_id: int) -> Account | None:
    """The active account with this id, party loaded, for the session; None when there is none (any more)."""
    return Account.objects.select_related("party").filter(pk=account_id, is_active=True).first()


def account_by_username(actor: Actor, username: str) -> Account | None:
    """An account by its user name, for those who see accounts."""
    require(actor, "identity.see_accounts")
    return Account.objects.filter(username=narrow(username).strip()).first() if "\x00" not in username else None


def _account(row: Account) -> AccountValue:
    return AccountValue(
        id=row.pk,
        token=row.token,
        username=row.username or "",
        name=row.display_name,
        phone_masked=mask_phone(sealing.unseal(row.phone_sealed, sealing.PHONE)),
        is_active=row.is_active,
        has_authenticator=row.totp_confirmed_at is not None,
        one_time_until=row.one_time_until,
        last_login_at=row.last_login_at,
        created_at=row.created_at,
        is_demonstration=row.is_demonstration,
    )


def accounts(actor: Actor, *, text: str = "", state: str = "", after: str = "", limit: int = 30) -> AccountPage:
    """A page of staff accounts by user name; `text` looks into user names and shown names, `state` is one of
    `ACCOUNT_STATES` or empty. Raises NotPermitted."""
    require(actor, "identity.see_accounts")
    rows = Account.objects.filter(is_staff=True, username__isnull=False)
    if state in ACCOUNT_STATES:
        rows = rows.filter(**ACCOUNT_STATES[state])
    for word in narrow(text).replace("\x00", "").lower().split()[:5]:
        rows = rows.annotate(shown=Lower("display_name")).filter(Q(username__contains=word) | Q(shown__contains=word))
    count = rows.order_by().values("pk")[:COUNTED_TO].count()
    if after and "\x00" not in after:
        rows = rows.filter(username__gt=after)
    limit = max(1, min(limit, 100))
    found = list(rows.order_by("username")[: limit + 1])
    following = (found[limit - 1].username or "") if len(found) > limit else ""
    return AccountPage(tuple(_account(row) for row in found[:limit]), count, COUNTED_TO, following)


def account_of_token(actor: Actor, token: str) -> AccountValue:
    """A staff account by the token in its address: one's own, or anybody's for those who see accounts."""
    row = Account.objects.filter(token=token, is_staff=True).first()
    if row is None or row.pk != actor.account_id:
        require(actor, "identity.see_accounts")
    if row is None:
        raise NotFound
    return _account(row)


def own_account(actor: Actor) -> AccountValue:
    """The account of whoever is logged in. Raises NotLoggedIn."""
    row = Account.objects.filter(pk=actor.account_id).first() if actor.account_id is not None else None
    if row is None:
        raise NotLoggedIn
    return _account(row)


def locked_until(actor: Actor, account_id: int) -> datetime | None:
    """Until when too many failed tries lock an account out; None when they do not."""
    require(actor, "identity.see_accounts")
    row = Account.objects.filter(pk=account_id).first()
    if row is None:
        return None
    return throttle.locked_until((throttle.PASSWORD_TRIES, row.username or ""), (throttle.TOTP_TRIES, row.ref))


def _representation(row: Representation) -> RepresentationValue:
    return RepresentationValue(
        id=row.pk,
        token=row.token,
        principal_id=row.principal_id,
        principal_name=row.principal.name,
        agent_id=row.agent_id,
        agent_name=row.agent.name,
        kind=RepresentationKind(row.kind),
        scope=tuple(row.scope),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        status=RepresentationStatus(row.status),
    )


def representations(actor: Actor, party_id: int, *, only_in_force: bool = False) -> list[RepresentationValue]:
    """For whom the party may act and who may act for it, newest first. Raises NotFound out of the actor's reach."""
    _visible(actor, party_id)
    rows = Representation.objects.filter(Q(principal_id=party_id) | Q(agent_id=party_id))
    if only_in_force:
        rows = rows.filter(in_force())
    return [_representation(row) for row in rows.select_related("principal", "agent").order_by("-pk")]


def in_force(prefix: str = "") -> Q:
    """The condition that a representation is in force today; `prefix` leads to it from another table."""
    today = clock.today()
    named = {
        f"{prefix}status": RepresentationStatus.ACTIVE,
        f"{prefix}valid_from__lte": today,
    }
    return Q(**named) & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": today}))


def acts_for(agent_party_id: int) -> list[RepresentationValue]:
    """The representations in force in which this party is the agent: the ways it may act for others."""
    rows = Representation.objects.filter(in_force(), agent_id=agent_party_id)
    return [_representation(row) for row in rows.select_related("principal", "agent").order_by("pk")]


def consents(actor: Actor, party_id: int) -> list[ConsentValue]:
    """All consents of a party, newest first, withdrawn ones included."""
    _visible(actor, party_id)
    return [
        ConsentValue(c.pk, c.purpose, c.version, c.text_digest, c.channel, c.at, c.withdrawn_at)
        for c in Consent.objects.filter(party_id=party_id).order_by("-pk")
    ]


def has_consented(party_id: int, purpose: str, version: str = "") -> bool:
    """Whether a consent for the purpose (in that version, if given) is in force."""
    rows = Consent.objects.filter(party_id=party_id, purpose=purpose, withdrawn_at__isnull=True)
    return (rows.filter(version=version) if version else rows).exists()


def log_ins(actor: Actor, account_id: int) -> list[Recorded]:
    """An account's log-ins, failures and lock-outs: one's own, or anybody's for those who audit."""
    if account_id != actor.account_id:
        require(actor, "identity.read_log_ins")
    return events.stream(f"account:{account_id}")


def unmaskings(actor: Actor, party_id: int) -> list[Recorded]:
    """Who opened a masked field of the party, and why: the person's own to see, and those who audit."""
    if party_id != actor.party_id:
        require(actor, "identity.read_log_ins")
    return events.stream(f"party:{party_id}", names=["identity.field_unmasked.v1"])


def masked_names(party_ids: Iterable[int]) -> dict[int, str]:
    """Masked names by party, in one statement, for lists whose rows the caller has already chosen for the reader."""
    wanted = set(party_ids)
    rows = Party.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else []
    return {pk: mask_name(name) for pk, name in rows}


def account_names(account_ids: Iterable[int]) -> dict[int, str]:
    """The names under which members of staff are shown, by account."""
    wanted = set(account_ids)
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "display_name")) if wanted else {}


def parties_of_accounts(account_ids: Iterable[int]) -> dict[int, int]:
    """The party of each account that has one."""
    wanted = set(account_ids)
    rows = Account.objects.filter(pk__in=wanted, party__isnull=False).values_list("pk", "party_id") if wanted else []
    return {pk: party_id for pk, party_id in rows if party_id is not None}


def phone_ends_with(party_id: int, last_four: str) -> bool:
    """Whether the party's phone ends with these four digits (a second factor for the query code)."""
    row = Party.objects.filter(pk=party_id).values_list("phone_sealed", flat=True).first()
    return bool(row) and len(last_four) == 4 and sealing.unseal(row or "", sealing.PHONE).endswith(last_four)
