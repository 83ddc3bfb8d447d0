"""Joining (资源进驻): an institution asks to be registered, or to have its record changed; the justice administrator of
the area decides. What concerns nobody's licence, an institution changes at once."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.identity.values import Issued, check_name, clean_text
from fawang.base.organisations.errors import AlreadyAsked, TooManyWaiting
from fawang.base.organisations.models import Application, Institution
from fawang.base.organisations.services import institutions as registering
from fawang.base.organisations.services.rights import is_within, locked
from fawang.base.organisations.services.roles import add_membership
from fawang.base.organisations.showing import institution_value
from fawang.base.organisations.values import (
    JOINABLE,
    OWN_FIELDS,
    ApplicationKind,
    ApplicationStatus,
    InstitutionData,
    InstitutionValue,
    OpenHours,
)
from fawang.kernel import clock
from fawang.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require, system

JOIN = "organisations.apply_to_join"
OWN = "organisations.keep_own_record"
_SYSTEM = system("joining")

# of one person at a time
MOST_WAITING = 3


def _stored(data: InstitutionData) -> dict[str, Any]:
    """A record as JSON."""
    told = {name: value for name, value in asdict(data).items() if name in {*registering.FIELDS, "crs"}}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


def data_of(told: dict[str, Any]) -> InstitutionData:
    """A record from JSON."""
    rows = dict(told)
    rows["hours"] = tuple(OpenHours(tuple(h["weekdays"]), h["begin"], h["end"]) for h in told.get("hours", ()))
    until = told.get("licence_valid_to")
    rows["licence_valid_to"] = date.fromisoformat(until) if until else None
    plain: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in rows.items()}
    return InstitutionData(**plain)


def _announce(actor: Actor, row: Application, name: str, **data: Any) -> None:
    said = {"kind": row.kind, "division_code": row.division_code, **data}
    append(actor=actor, stream=f"application:{row.pk}", facts=[Fact(f"organisations.{name}.v1", said)])


def apply_to_join(actor: Actor, data: InstitutionData, *, contact: str) -> str:
    """Ask for an institution to be registered; the application's token. Announces `organisations.join_asked.v1`.

    Raises Invalid with a sentence for each wrong field, AlreadyAsked while the same is waiting.
    """
    require(actor, JOIN)
    if actor.account_id is None:
        raise NotFound
    if data.type not in JOINABLE:
        raise Invalid({"type": _("请从列表中选择。")})
    registering.check_record(data)
    if data.uscc and Institution.objects.filter(uscc=data.uscc.strip().upper()).exists():
        raise Invalid({"uscc": _("这个统一社会信用代码已经登记。请联系该机构的管理员，或拨打 12348。")})
    try:
        who = check_name(contact)
    except ValueError as error:
        raise Invalid({"contact": str(error)}) from None
    if (
        Application.objects.filter(account_id=actor.account_id, status=ApplicationStatus.WAITING).count()
        >= MOST_WAITING
    ):
        raise TooManyWaiting
    try:
        with transaction.atomic():
            row = Application.objects.create(
                kind=ApplicationKind.JOIN, account_id=actor.account_id, name=data.name.strip(), contact=who,
                division_code=data.division_code, said=_stored(data), created_at=clock.now(),
            )  # fmt: skip
            _announce(actor, row, "join_asked", type=data.type)
    except IntegrityError:
        raise AlreadyAsked from None
    return row.token


def _own(actor: Actor, token: str) -> Application:
    row = Application.objects.select_for_update(of=("self",)).filter(token=token).first() if token.isalnum() else None
    if row is None or row.account_id != actor.account_id:
        raise NotFound
    return row


def withdraw_application(actor: Actor, token: str) -> None:
    """Take one's own application back while it waits. Raises NotFound, RefusedByState."""
    with transaction.atomic():
        row = _own(actor, token)
        _decide(row, ApplicationStatus.WITHDRAWN, "")
        _announce(actor, row, "application_withdrawn")


def _decide(row: Application, status: ApplicationStatus, reason: str) -> None:
    if row.status != ApplicationStatus.WAITING:
        raise RefusedByState(old=row.status, new=status.value)
    row.status, row.reason, row.decided_at = status, reason, clock.now()
    row.save(update_fields=["status", "reason", "decided_at", "institution"])


def _waiting(actor: Actor, token: str) -> Application:
    row = Application.objects.select_for_update(of=("self",)).filter(token=token).first()
    if row is None or not is_within(actor, registering.MANAGE, None, row.division_code):
        raise NotFound
    return row


def refuse_application(actor: Actor, token: str, *, reason: str) -> None:
    """Refuse with a reason that the applicant reads. Raises Invalid, NotFound, RefusedByState."""
    try:
        why = clean_text(reason, max_characters=200)
    except ValueError as error:
        raise Invalid({"reason": str(error)}) from None
    if not why:
        raise Invalid({"reason": _("请写明为什么不通过，申请人会看到。")})
    with transaction.atomic():
        row = _waiting(actor, token)
        _decide(row, ApplicationStatus.REFUSED, why)
        _announce(actor, row, "application_refused", reason=why)


def approve_application(actor: Actor, token: str, *, username: str = "") -> Issued | None:
    """Do what was asked for. A new institution is registered and its applicant becomes its administrator: with the
    account they work with already, or a new one named `username`, whose one-time password is returned this once.

    Raises Invalid, NotFound, RefusedByState, Conflict when the record was changed meanwhile, AlreadyRegistered.
    """
    with transaction.atomic():
        row = _waiting(actor, token)
        if row.status != ApplicationStatus.WAITING:
            raise RefusedByState(old=row.status, new=ApplicationStatus.APPROVED.value)
        if row.account_id == actor.account_id:
            raise NotPermitted(_("自己的申请要由别人审核。"))
        issued = None
        if row.kind == ApplicationKind.JOIN:
            issued = _join(actor, row, username)
        else:
            _change(actor, row)
        _decide(row, ApplicationStatus.APPROVED, "")
        _announce(actor, row, "application_approved", institution=row.institution_id)
    return issued


def _join(actor: Actor, row: Application, username: str) -> Issued | None:
    row.institution_id = registering.register_institution(actor, data_of(row.said))
    account, issued = identity.account(row.account_id), None
    account_id = row.account_id
    if account is None or not account.is_staff:
        issued = identities.open_account(actor, username=username, display_name=row.contact)
        account_id = issued.account_id
    add_membership(_SYSTEM, account_id=account_id, institution_id=row.institution_id, role="INSTITUTION_ADMIN")
    return issued


def _change(actor: Actor, row: Application) -> None:
    place = locked(actor, registering.MANAGE, row.institution_id or 0)
    now = record_of(institution_value(place))
    stored = _stored(now)
    if any(_plain(stored[name]) != _plain(row.before.get(name)) for name in row.said):
        raise Conflict
    said = data_of({**stored, **row.said})
    registering.change_institution(actor, place.pk, said)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def record_of(place: InstitutionValue) -> InstitutionData:
    """The record of an institution as `change_institution` takes it."""
    return InstitutionData(**{name: getattr(place, name) for name in registering.FIELDS})


def propose_change(actor: Actor, institution_id: int, data: InstitutionData) -> tuple[list[str], list[str]]:
    """An institution's administrator puts its record right: (what changed at once, what waits for approval).

    Raises Invalid, NotFound for another institution, AlreadyAsked while an earlier proposal waits.
    """
    with transaction.atomic():
        row = locked(actor, OWN, institution_id)
        now = record_of(institution_value(row))
        registering.check_record(data)
        old, new = _stored(now), _stored(data)
        differing = [name for name in registering.FIELDS if _plain(old[name]) != _plain(new[name])]
        at_once = [name for name in differing if name in OWN_FIELDS]
        asked = [name for name in differing if name not in OWN_FIELDS]
        if at_once:
            said = replace(now, **{name: getattr(data, name) for name in at_once}, crs=data.crs)
            registering.store_record(actor, row, said)
        if asked:
            _ask(actor, row, {name: new[name] for name in asked}, {name: old[name] for name in asked})
    return at_once, asked


def _ask(actor: Actor, place: Institution, said: dict[str, Any], before: dict[str, Any]) -> None:
    if actor.account_id is None:
        raise NotFound
    try:
        with transaction.atomic():
            row = Application.objects.create(
                kind=ApplicationKind.CHANGE, account_id=actor.account_id, institution=place, name=place.name,
                contact=actor.name, division_code=place.division_code, said=said, before=before, created_at=clock.now(),
            )  # fmt: skip
            _announce(actor, row, "change_asked", fields=sorted(said))
    except IntegrityError:
        raise AlreadyAsked from None
