"""Find or record parties, change their details, and open masked fields one by one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.identity import sealing, selectors
from fawang.base.identity.models import Account, Party
from fawang.base.identity.names import clean_text, pinyin_key
from fawang.base.identity.services.cleaning import check_address, check_email, clean
from fawang.base.identity.values import Contact, PartyData, PartyKind, PartyRef, SealedField, check_name
from fawang.kernel import clock, crypto
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require

MAX_REASON_CHARACTERS = 200
_COLUMN: dict[SealedField, tuple[str, str]] = {
    SealedField.ID_NO: ("id_no_sealed", sealing.ID_NO),
    SealedField.USCC: ("uscc_sealed", sealing.USCC),
    SealedField.PHONE: ("phone_sealed", sealing.PHONE),
    SealedField.EMAIL: ("email_sealed", sealing.EMAIL),
    SealedField.ADDRESS: ("address_sealed", sealing.ADDRESS),
}


def _row(data: PartyData) -> tuple[Party, str]:
    """An unsaved row of cleaned data, and the unique column that decides who is who (empty: nothing does)."""
    party = Party(
        kind=data.kind,
        name=data.name,
        pinyin=pinyin_key(data.name),
        id_type=data.id_type,
        id_no_sealed=sealing.seal(data.id_no, sealing.ID_NO),
        uscc_sealed=sealing.seal(data.uscc, sealing.USCC),
        phone_sealed=sealing.seal(data.phone, sealing.PHONE),
        phone_index=crypto.index(data.phone, context=sealing.PHONE) if data.phone else "",
        email_sealed=sealing.seal(data.email, sealing.EMAIL),
        address_sealed=sealing.seal(data.address, sealing.ADDRESS),
        birth_date=data.birth_date,
        sex=data.sex,
        nationality=data.nationality,
        division_code=data.division_code,
        special_groups=list(data.special_groups),
        is_demonstration=data.is_demonstration,
        created_at=clock.now(),
    )
    if data.id_no:
        party.id_no_index = sealing.id_index(data.id_type, data.id_no)
        return party, "id_no_index"
    if data.uscc:
        party.uscc_index = crypto.index(data.uscc, context=sealing.USCC)
        return party, "uscc_index"
    if data.phone and data.name:
        contact = sealing.contact_text(data.phone, data.name)
        party.contact_index = crypto.index(contact, context=sealing.CONTACT)
        return party, "contact_index"
    return party, ""


def _same(data: PartyData) -> Q | None:
    if data.id_no:
        return Q(id_no_index__in=sealing.id_indexes(data.id_type, data.id_no))
    if data.uscc:
        return Q(uscc_index__in=crypto.indexes(data.uscc, context=sealing.USCC))
    if data.phone and data.name:
        return Q(phone_index__in=sealing.phone_indexes(data.phone), name=data.name)
    return None


def _find(data: PartyData) -> int | None:
    same = _same(data)
    if same is None:
        return None
    found = list(
        Party.objects.filter(same, kind=data.kind)
        .order_by("id")
        .values_list("id", "merged_into_id", "contact_index")[:20]
    )
    survivors = {merged or pk for pk, merged, _contact in found}
    if len(survivors) == 1:
        return survivors.pop()
    # two people of one name on one telephone: take the one that was recorded by just these two, else a new one
    return next((merged or pk for pk, merged, contact in found if contact), None)


def take_party(actor: Actor, data: PartyData) -> PartyRef:
    """The party that the data names, found by document number, credit code or telephone and name, or else recorded.

    At most two statements. What is known of a found party is not changed. The database keeps one party a number, so
    two calls at once return the same id. Raises Invalid with a sentence for each wrong field.
    """
    require(actor, "identity.take_party")
    data = clean(data)
    found = _find(data)
    if found is not None:
        return PartyRef(found, is_new=False)
    party, unique = _row(data)
    if unique:
        # a twin that committed in between is returned instead: its own index is written over itself
        Party.objects.bulk_create([party], update_conflicts=True, unique_fields=[unique], update_fields=[unique])
    else:
        party.save(force_insert=True)
    return PartyRef(party.pk, is_new=True)


def _mine_to_change(actor: Actor, party_id: int, permission: str) -> Party:
    scopes = require(actor, permission)
    party = Party.objects.filter(pk=party_id, merged_into__isnull=True).select_for_update().first()
    if party is None or not selectors.is_within(actor, party_id, scopes):
        raise NotFound
    return party


def change_details(
    actor: Actor,
    *,
    party_id: int,
    name: str | None = None,
    email: str | None = None,
    division_code: str | None = None,
    address: str | None = None,
    special_groups: tuple[str, ...] | None = None,
) -> None:
    """Change what is given (None = leave). A verified name cannot be changed here: `verify_identity` does that.

    Announces `identity.details_changed.v1` with the names of the fields, not the values. Raises Invalid.
    """
    wrong: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    checks: dict[str, tuple[str | None, Any]] = {
        "name": (name, check_name),
        "email": (email, check_email),
        "address": (address, check_address),
    }
    for field, (value, check) in checks.items():
        if value is not None:
            try:
                changes[field] = check(value) if value or field == "name" else ""
            except ValueError as error:
                wrong[field] = str(error)
    if division_code:
        try:
            divisions.get(division_code)
        except NotFound:
            wrong["division_code"] = _("没有这个地区。请从列表中选择。")
    if division_code is not None:
        changes["division_code"] = division_code
    if special_groups is not None:
        changes["special_groups"] = list(dict.fromkeys(special_groups))
    if wrong:
        raise Invalid(wrong)
    with transaction.atomic():
        party = _mine_to_change(actor, party_id, "identity.change_details")
        if "name" in changes and party.level >= 2 and changes["name"] != party.name:
            raise Invalid({"name": _("已经实名的姓名不能直接修改。请重新做一次实名核验。")})
        _apply(party, changes)
        party.save()
        fact = Fact("identity.details_changed.v1", {"fields": sorted(changes)})
        append(actor=actor, stream=f"party:{party_id}", facts=[fact])


def _apply(party: Party, changes: dict[str, Any]) -> None:
    for field, value in changes.items():
        if field == "email":
            party.email_sealed = sealing.seal(value, sealing.EMAIL)
        elif field == "address":
            party.address_sealed = sealing.seal(value, sealing.ADDRESS)
        else:
            setattr(party, field, value)
    if "name" in changes:
        party.pinyin = pinyin_key(party.name)
        if party.contact_index:
            # found by telephone and name from now on; the old pair may be somebody else's
            party.contact_index = None


def unmask(actor: Actor, party_id: int, field: SealedField | str, reason: str) -> str:
    """One masked field in clear. The reason is kept, with who and when, as `identity.field_unmasked.v1`; the value
    is not. Empty when nothing is recorded. Raises NotFound for a party out of the actor's reach, Invalid without a
    reason (PIPL art. 6; compliance §2.16)."""
    try:
        wanted = SealedField(field)
    except ValueError:
        raise Invalid({"field": _("这一项不能查看。")}) from None
    try:
        why = clean_text(reason, max_characters=MAX_REASON_CHARACTERS)
    except ValueError as error:
        raise Invalid({"reason": str(error)}) from None
    if len(why) < 2:
        raise Invalid({"reason": _("请写明为什么需要查看，例如“核对来电人身份”。")})
    scopes = require(actor, "identity.unmask")
    with transaction.atomic():
        party = Party.objects.filter(pk=party_id).select_for_update().first()
        if party is None or not selectors.is_within(actor, party_id, scopes):
            raise NotFound
        column, context = _COLUMN[wanted]
        fact = Fact("identity.field_unmasked.v1", {"field": wanted.value, "reason": why})
        append(actor=actor, stream=f"party:{party_id}", facts=[fact])
        return sealing.unseal(getattr(party, column), context)


def own_values(actor: Actor) -> PartyData:
    """What is recorded of the actor's own party (or the represented one), in clear, to prefill a form with: nobody
    types twice. Raises NotFound when the actor has no party."""
    if actor.party_id is None or actor.is_system:
        raise NotFound
    party = Party.objects.filter(pk=actor.party_id).first()
    if party is None:
        raise NotFound
    opened = {field: sealing.unseal(getattr(party, column), ctx) for field, (column, ctx) in _COLUMN.items()}
    return PartyData(
        name=party.name,
        kind=PartyKind(party.kind),
        id_type=party.id_type,
        birth_date=party.birth_date,
        sex=party.sex,
        nationality=party.nationality,
        division_code=party.division_code,
        special_groups=tuple(party.special_groups),
        id_no=opened[SealedField.ID_NO],
        uscc=opened[SealedField.USCC],
        phone=opened[SealedField.PHONE],
        email=opened[SealedField.EMAIL],
        address=opened[SealedField.ADDRESS],
    )


def contact_for_delivery(actor: Actor, *, party_id: int | None = None, account_id: int | None = None) -> Contact | None:
    """Where a message reaches a party or an account; None when there is none. For the system's own senders only."""
    require(actor, "identity.deliver")
    account: Account | None = None
    party: Party | None = None
    if account_id is not None:
        account = Account.objects.select_related("party").filter(pk=account_id, is_active=True).first()
        party = account.party if account else None
    elif party_id is not None:
        party = Party.objects.select_related("account", "merged_into__account").filter(pk=party_id).first()
        party = party.merged_into or party if party else None
        account = getattr(party, "account", None)
    if party is None and account is None:
        return None
    phone = sealing.unseal(account.phone_sealed, sealing.PHONE) if account else ""
    email = sealing.unseal(account.email_sealed, sealing.EMAIL) if account else ""
    if party is not None:
        phone = phone or sealing.unseal(party.phone_sealed, sealing.PHONE)
        email = email or sealing.unseal(party.email_sealed, sealing.EMAIL)
    return Contact(
        name=(party.name if party else "") or (account.display_name if account else ""),
        phone=phone,
        email=email,
        language=account.language if account else "zh-hans",
        account_id=account.pk if account else None,
    )
