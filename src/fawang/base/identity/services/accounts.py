"""Staff accounts: create, issue a password, close, reset. What one does to the own account is in `own`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fawang.base.identity import sealing
from fawang.base.identity.errors import NameTaken, OwnAccount
from fawang.base.identity.identifiers import check_mobile, check_phone
from fawang.base.identity.models import Account, Party
from fawang.base.identity.names import check_name, narrow
from fawang.base.identity.reach import reaches_account
from fawang.base.identity.services import throttle
from fawang.base.identity.services.parties import take_party
from fawang.base.identity.values import Issued, PartyData
from fawang.kernel import clock, crypto, ids
from fawang.kernel.errors import Invalid, NotFound, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, Scope, require

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,63}", re.ASCII)
# long enough to hand over a letter or wait for a Monday, short enough not to lie about
ONE_TIME_LIVES = timedelta(days=3)


def new_one_time_password() -> str:
    """A password to be read out and typed once: three groups of five, 72 bits."""
    return "-".join(ids.readable_code(5) for _group in range(3))


def check_password_strength(password: str) -> None:
    """Raises Invalid, with what is wrong, for a weak password."""
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
    is_one_time: bool = False,
) -> int:
    """Create an account with a password; its id. Staff set up their authenticator at the first log-in; a secret given
    here (base 32; for demonstrations) counts at once. With an empty password nobody logs in until one is set; a
    password that `is_one_time` must be changed at the first log-in, within `ONE_TIME_LIVES`. Raises Invalid, NameTaken.
    """
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
        if number and Account.objects.filter(phone_index__in=sealing.phone_indexes(number)).exists():
            wrong["phone"] = _("这个手机号已经用在另一个账号上。请换一个，或先不填。")
    except ValueError as error:
        wrong["phone"] = str(error)
    if wrong:
        raise Invalid(dict(wrong))
    if password:
        check_password_strength(password)
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
        one_time_until=moment + ONE_TIME_LIVES if is_one_time else None,
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


def open_account(actor: Actor, *, username: str, display_name: str, phone: str = "") -> Issued:
    """Create a staff account and issue its first password, shown this once. Raises Invalid, NameTaken."""
    password = new_one_time_password()
    account_id = create_account(
        actor, username=username, display_name=display_name, password=password, phone=phone, is_one_time=True
    )
    return _issued(Account.objects.get(pk=account_id), password)


def _issued(account: Account, password: str) -> Issued:
    return Issued(
        account_id=account.pk,
        token=account.token,
        username=account.username or "",
        name=account.display_name,
        password=password,
        until=account.one_time_until or clock.now(),
    )


def _managed(actor: Actor, permission: str, account_id: int) -> Account:
    """The account, locked. Raises NotFound out of reach, OwnAccount for the actor's own."""
    scopes = require(actor, permission)
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None or not (Scope.ALL in scopes or reaches_account(actor, account_id)):
        raise NotFound
    if account.pk == actor.account_id:
        raise OwnAccount
    return account


def reset_password(actor: Actor, account_id: int) -> Issued:
    """Issue a new password that is good once and must be changed at the next log-in; open sessions end.

    The second factor stays: whoever issues a password cannot log in with it alone. Raises NotFound, OwnAccount.
    """
    password = new_one_time_password()
    with transaction.atomic():
        account = _managed(actor, "identity.manage_accounts", account_id)
        if not account.is_staff:
            raise NotFound
        account.set_password(password)
        account.one_time_until = clock.now() + ONE_TIME_LIVES
        account.save(update_fields=["password", "one_time_until"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.password_reset.v1")])
    return _issued(account, password)


def reset_totp(actor: Actor, account_id: int, *, reason: str = "") -> None:
    """Take away an authenticator (lost phone); the next log-in sets up a new one. Raises NotFound, OwnAccount."""
    with transaction.atomic():
        account = _managed(actor, "identity.guard_accounts", account_id)
        account.totp_sealed, account.totp_confirmed_at, account.totp_last_step = "", None, 0
        account.save(update_fields=["totp_sealed", "totp_confirmed_at", "totp_last_step"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.totp_reset.v1", {"reason": _why(reason)})])


def unlock_account(actor: Actor, account_id: int) -> None:
    """Forget the failed tries that locked an account (`identity.account_unlocked.v1`). Raises NotFound, OwnAccount."""
    with transaction.atomic():
        account = _managed(actor, "identity.guard_accounts", account_id)
        throttle.forgive(throttle.PASSWORD_TRIES, account.username or "")
        throttle.forgive(throttle.TOTP_TRIES, account.ref)
        append(actor=actor, stream=account.ref, facts=[Fact("identity.account_unlocked.v1")])


def _why(reason: str) -> str:
    return reason.strip()[:200]


def close_account(actor: Actor, account_id: int, *, reason: str) -> None:
    """No log-in any more; sessions end at their next request. The record stays (`identity.account_closed.v1`)."""
    if not reason.strip():
        raise Invalid({"reason": _("请写明停用的原因。")})
    with transaction.atomic():
        account = _managed(actor, "identity.close_accounts", account_id)
        if not account.is_active:
            raise RefusedByState
        account.is_active = False
        account.save(update_fields=["is_active"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.account_closed.v1", {"reason": _why(reason)})])


def reopen_account(actor: Actor, account_id: int) -> None:
    """Let a closed account log in again (`identity.account_reopened.v1`)."""
    with transaction.atomic():
        account = _managed(actor, "identity.close_accounts", account_id)
        if account.is_active:
            raise RefusedByState
        account.is_active = True
        account.save(update_fields=["is_active"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.account_reopened.v1")])
