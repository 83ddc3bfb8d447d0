"""What people do to their own account: password, authenticator, preferences."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.identity import sealing
from fawang.base.identity.errors import ChallengeOver, WrongLogin, WrongTotp
from fawang.base.identity.models import Account
from fawang.base.identity.names import narrow
from fawang.base.identity.services import attempts, throttle, totp
from fawang.base.identity.services.accounts import check_password_strength
from fawang.base.identity.services.login import check_totp, spend
from fawang.kernel import clock, crypto
from fawang.kernel.errors import Invalid, NotLoggedIn
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor

_TICKET = "identity.new_authenticator"
TICKET_LIVES = timedelta(minutes=10)


def _own(actor: Actor) -> Account:
    """The account of whoever is logged in. Raises NotLoggedIn."""
    found = Account.objects.filter(pk=actor.account_id, is_active=True).first() if actor.account_id else None
    if found is None:
        raise NotLoggedIn
    return found


def change_password(actor: Actor, *, old: str, new: str, ip: str = "") -> None:
    """Change one's own password; every other session ends. Raises WrongLogin for a wrong old one, Invalid for a weak
    or unchanged new one, TooMany. Call outside a transaction: failures are kept."""
    account = _own(actor)
    spend(throttle.PASSWORD_TRIES, account.username or account.ref, method="password", stream=account.ref, ip=ip)
    if not account.check_password(old):
        attempts.record("identity.log_in_failed.v1", stream=account.ref, ip=ip, method="password", reason="wrong_old")
        raise WrongLogin(_("原密码不对。请重新输入。"))
    throttle.forgive(throttle.PASSWORD_TRIES, account.username or account.ref)
    if new == old:
        raise Invalid({"password": _("新密码和原密码一样。请换一个新的。")})
    check_password_strength(new)
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if locked.password != account.password:
            raise WrongLogin(_("原密码不对。请重新输入。"))
        locked.set_password(new)
        locked.one_time_until = None
        locked.save(update_fields=["password", "one_time_until"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.password_changed.v1")])


def begin_new_authenticator(actor: Actor, *, code: str, ip: str = "") -> tuple[str, str]:
    """With the present code: the `otpauth://` address of a new secret, and the sealed ticket that goes to
    `finish_new_authenticator`. Until that, the old one counts. Raises WrongTotp, TooMany."""
    account = _own(actor)
    check_totp(account, code, ip)
    secret = pyotp.random_base32()
    said = {"account": account.pk, "secret": secret, "at": clock.now().isoformat()}
    return totp.address_of(account, secret), crypto.seal(json.dumps(said), context=_TICKET)


def finish_new_authenticator(actor: Actor, *, ticket: str, code: str, ip: str = "") -> None:
    """The first code of the new secret puts it in the old one's place (`identity.totp_changed.v1`).

    Raises WrongTotp, TooMany, ChallengeOver when the ticket is old or another's.
    """
    account = _own(actor)
    secret = _secret_in(ticket, account)
    spend(throttle.TOTP_TRIES, account.ref, method="totp", stream=account.ref, ip=ip)
    step = totp.matching_step(secret, narrow(code).strip().replace(" ", ""))
    if step is None:
        attempts.record("identity.log_in_failed.v1", stream=account.ref, ip=ip, method="totp", reason="wrong_totp")
        raise WrongTotp
    throttle.forgive(throttle.TOTP_TRIES, account.ref)
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        locked.totp_sealed = sealing.seal(secret, sealing.TOTP)
        locked.totp_confirmed_at, locked.totp_last_step = clock.now(), step
        locked.save(update_fields=["totp_sealed", "totp_confirmed_at", "totp_last_step"])
        append(actor=actor, stream=account.ref, facts=[Fact("identity.totp_changed.v1")])


def _secret_in(ticket: str, account: Account) -> str:
    try:
        said = json.loads(crypto.unseal(ticket, context=_TICKET))
    except crypto.CannotOpen:
        raise ChallengeOver from None
    if said["account"] != account.pk or clock.now() - datetime.fromisoformat(said["at"]) > TICKET_LIVES:
        raise ChallengeOver
    return str(said["secret"])


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
