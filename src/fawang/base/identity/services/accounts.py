"""Staff accounts: create, close, reset; and everybody's own preferences."""

from __future__ import annotations

import re
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fawang.base.identity import sealing
from fawang.base.identity.errors import NameTaken, WrongLogin
from fawang.base.identity.identifiers import check_mobile, check_phone
from fawang.base.identity.models import Account, Party
from fawang.base.identity.names import check_name, narrow
from fawang.base.identity.services.parties import take_party
from fawang.base.identity.values import PartyData
from fawang.kernel import clock, crypto
from fawang.kernel.errors import Invalid, NotFound, NotLoggedIn
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,63}", re.ASCII)


def _password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise Invalid({"password": " ".join(str(message) for message in error.messages)}) from None


def create_account(
    actor: Actor,
    *,
    username: str,
    display_name: str,
    password: str,
    phone: str = "",
    is_staff: bool = True,
    party_id: int | None = None,
    totp_secret: str = "",
    is_demonstration: bool = False,
) -> int:
    """Create an account with a password; its id. Staff set up their authenticator at the first log-in; a secret given
    here (base 32; for demonstrations) counts at once. With an empty password nobody logs in until one is set.
    Raises Invalid, NameTaken."""
    require(actor, "identity.manage_accounts")
    wrong: dict[str, str] = {}
    name = narrow(username).strip().lower()
    if not _USERNAME.fullmatch(name):
        wrong["username"] = _("用户名由小写字母开头，可用小写字母、数字和 . _ -,2 到 64 位。")
    try:
        shown = check_name(display_name)
    except ValueError as error:
        wrong["display_name"] = str(error)
    try:
        number = check_phone(phone) if phone else ""
    except ValueError as error:
        wrong["phone"] = str(error)
    if wrong:
        raise Invalid(dict(wrong))
    if password:
        _password(password)
    moment = clock.now()
    account = Account(
        username=name,
        display_name=shown,
        phone_sealed=sealing.seal(number, sealing.PHONE),
        phone_index=crypto.index(number, context=sealing.PHONE) if number else None,
        is_staff=is_staff,
        party_id=party_id,
        totp_sealed=sealing.seal(totp_secret, sealing.TOTP),
        totp_confirmed_at=moment if totp_secret else None,
        is_demonstration=is_demonstration,
        created_at=moment,
    )
    account.set_password(password or None)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            fact = Fact("identity.account_created.v1", {"username": name, "is_staff": is_staff})
            append(actor=actor, stream=account.ref, facts=[fact])
    except IntegrityError:
        raise NameTaken from None
    return account.pk


def create_citizen(actor: Actor, *, phone: str, data: PartyData, level: int = 1) -> int:
    """An account without a user name for a person who logs in by phone code, with their party; the account's id.

    For imports and demonstrations: on the web the first log-in does this. Finds the account again by the phone. A
    level above 1 is taken on the word of the caller and recorded. Raises Invalid.
    """
    require(actor, "identity.manage_accounts")
    try:
        number = check_mobile(phone)
    except ValueError as error:
        raise Invalid({"phone": str(error)}) from None
    known = Account.objects.filter(phone_index__in=sealing.phone_indexes(number)).values_list("pk", flat=True).first()
    if known is not None:
        return known
    with transaction.atomic():
        party_id = take_party(actor, replace(data, phone=number)).id
        Party.objects.filter(pk=party_id, level__lt=level).update(level=level)
        account = Account(
            display_name=data.name,
            phone_sealed=sealing.seal(number, sealing.PHONE),
            phone_index=crypto.index(number, context=sealing.PHONE),
            party_id=party_id,
            is_demonstration=data.is_demonstration,
            created_at=clock.now(),
        )
        account.set_unusable_password()
        account.save(force_insert=True)
        fact = Fact("identity.account_created.v1", {"is_staff": False, "level": level})
        append(actor=actor, stream=account.ref, facts=[fact])
    return account.pk


def _managed(actor: Actor, account_id: int) -> Account:
    require(actor, "identity.manage_accounts")
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def close_account(actor: Actor, account_id: int, *, reason: str) -> None:
    """No log-in any more; sessions end at their next request. The record stays (`identity.account_closed.v1`)."""
    if not reason.strip():
        raise Invalid({"reason": _("请写明停用的原因。")})
    with transaction.atomic():
        account = _managed(actor, account_id)
        account.is_active = False
        account.save(update_fields=["is_active"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.account_closed.v1", {"reason": reason.strip()})])


def reopen_account(actor: Actor, account_id: int) -> None:
    """Let a closed account log in again (`identity.account_reopened.v1`)."""
    with transaction.atomic():
        account = _managed(actor, account_id)
        account.is_active = True
        account.save(update_fields=["is_active"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.account_reopened.v1")])


def reset_password(actor: Actor, account_id: int, *, password: str) -> None:
    """Set another's password; they should change it. Raises Invalid when it is weak."""
    with transaction.atomic():
        account = _managed(actor, account_id)
        _password(password)
        account.set_password(password)
        account.save(update_fields=["password"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.password_reset.v1")])


def reset_totp(actor: Actor, account_id: int) -> None:
    """Take away an authenticator (lost phone); the next log-in sets up a new one."""
    with transaction.atomic():
        account = _managed(actor, account_id)
        account.totp_sealed, account.totp_confirmed_at, account.totp_last_step = "", None, 0
        account.save(update_fields=["totp_sealed", "totp_confirmed_at", "totp_last_step"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.totp_reset.v1")])


def change_password(actor: Actor, *, old: str, new: str) -> None:
    """Change one's own password. Raises WrongLogin for a wrong old one, Invalid for a weak new one."""
    if actor.account_id is None:
        raise NotLoggedIn
    _password(new)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=actor.account_id)
        if not account.check_password(old):
            raise WrongLogin(_("原密码不对。请重新输入。"))
        account.set_password(new)
        account.save(update_fields=["password"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.password_changed.v1")])


def set_preferences(actor: Actor, *, language: str | None = None, elder_mode: bool | None = None) -> None:
    """Remember one's own language (a code of `settings.LANGUAGES`) and elder mode, on every device."""
    if actor.account_id is None:
        raise NotLoggedIn
    changes: dict[str, str | bool] = {}
    if language is not None:
        if language not in dict(settings.LANGUAGES):
            raise Invalid({"language": _("请从列表中选择。")})
        changes["language"] = language
    if elder_mode is not None:
        changes["elder_mode"] = elder_mode
    if changes:
        Account.objects.filter(pk=actor.account_id).update(**changes)
