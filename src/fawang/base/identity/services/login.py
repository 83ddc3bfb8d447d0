"""Log-in: a code by telephone, a password, and the second factor of staff.

None of these may run inside a transaction: attempts and counts must stay when the log-in fails.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from fawang.base.identity import sealing
from fawang.base.identity.errors import (
    AccountClosed,
    ChallengeOver,
    NeedsNewPassword,
    NeedsTotp,
    WrongCode,
    WrongLogin,
    WrongTotp,
)
from fawang.base.identity.identifiers import check_mobile
from fawang.base.identity.models import Account, LoginCode, Party
from fawang.base.identity.names import narrow
from fawang.base.identity.senders import sender
from fawang.base.identity.services import attempts, throttle, totp
from fawang.base.identity.services.accounts import check_password_strength
from fawang.base.identity.values import PartyKind
from fawang.kernel import clock, crypto
from fawang.kernel.errors import Invalid, TooMany
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor

CODE_LIVES = timedelta(minutes=5)
CODE_DIGITS = 6
MAX_TRIES_OF_A_CODE = 5
CHALLENGE_LIVES = timedelta(minutes=10)
_CHALLENGE = "identity.second_factor"
_OWN_PASSWORD = "identity.new_password"  # noqa: S105 - the name of a purpose
_CODE = "identity.login_code"
MAX_USERNAME_CHARACTERS = 64
MAX_PASSWORD_CHARACTERS = 256


def _phone(text: str) -> str:
    try:
        return check_mobile(text)
    except ValueError as error:
        raise Invalid({"phone": str(error)}) from None


def spend(rule: throttle.Rule, subject: str, *, method: str, stream: str, ip: str) -> None:
    """Count a try; a lock-out is an event as well."""
    try:
        throttle.spend(rule, subject)
    except TooMany as refusal:
        data = {"method": method, "rule": rule.name, "wait_seconds": refusal.data["wait_seconds"]}
        attempts.record("identity.log_in_locked.v1", stream=stream, ip=ip, **data)
        raise


def request_phone_code(phone: str, ip: str) -> None:
    """Send a six-digit code that works once within five minutes. The answer is the same whether an account exists.

    Raises Invalid for a number that cannot receive one, TooMany (one a minute, five an hour), PartnerUnavailable
    when it cannot be sent.
    """
    phone = _phone(phone)
    stream = attempts.stream_of(None, phone)
    for rule, subject in (
        (throttle.CODE_AGAIN, phone),
        (throttle.CODES_TO_PHONE, phone),
        (throttle.CODES_FROM_IP, ip),
    ):
        spend(rule, subject, method="phone_code", stream=stream, ip=ip)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    moment = clock.now()
    with transaction.atomic(durable=True):
        earlier = LoginCode.objects.filter(phone_index__in=sealing.phone_indexes(phone), used_at__isnull=True)
        earlier.update(used_at=moment)
        LoginCode.objects.create(
            phone_index=crypto.index(phone, context=sealing.PHONE),
            digest=crypto.index(f"{phone}:{code}", context=_CODE),
            expires_at=moment + CODE_LIVES,
        )
    attempts.record("identity.code_requested.v1", stream=stream, ip=ip, method="phone_code")
    text = _("验证码 %(code)s,5 分钟内有效，只能用一次。工作人员不会向您索要验证码。") % {"code": code}
    sender().send(phone, text)


def _use_code(phone: str, code: str) -> bool:
    """Take one of the code's tries, then the code itself: each by compare-and-set, so that two at once cannot both."""
    moment = clock.now()
    row = (
        LoginCode.objects.filter(
            phone_index__in=sealing.phone_indexes(phone), used_at__isnull=True, expires_at__gt=moment
        )
        .order_by("-id")
        .first()
    )
    if row is None:
        return False
    mine = LoginCode.objects.filter(pk=row.pk, used_at__isnull=True)
    if not mine.filter(tries__lt=MAX_TRIES_OF_A_CODE).update(tries=F("tries") + 1):
        return False
    said = crypto.indexes(f"{phone}:{code}", context=_CODE)
    if not any(constant_time_compare(row.digest, digest) for digest in said):
        return False
    return bool(mine.update(used_at=moment))


def login_by_phone_code(phone: str, code: str, ip: str) -> Account:
    """Log in with a code, and open an account (level 1) the first time.

    Raises WrongCode, TooMany, AccountClosed; NeedsTotp for a staff account.
    """
    phone = _phone(phone)
    account = Account.objects.filter(phone_index__in=sealing.phone_indexes(phone)).select_related("party").first()
    stream = attempts.stream_of(account.pk if account else None, phone)
    spend(throttle.TRIES_FROM_IP, ip, method="phone_code", stream=stream, ip=ip)
    spend(throttle.CODE_TRIES, phone, method="phone_code", stream=stream, ip=ip)
    if not _use_code(phone, narrow(code).strip()):
        attempts.record("identity.log_in_failed.v1", stream=stream, ip=ip, method="phone_code", reason="wrong_code")
        raise WrongCode
    throttle.forgive(throttle.CODE_TRIES, phone)
    throttle.forgive(throttle.CODES_TO_PHONE, phone)
    if account is None:
        account = _open_account(phone)
        stream = attempts.stream_of(account.pk, phone)
    if not account.is_active:
        attempts.record("identity.log_in_failed.v1", stream=stream, ip=ip, method="phone_code", reason="closed")
        raise AccountClosed
    return _finish(account, method="phone_code", ip=ip)


def _open_account(phone: str) -> Account:
    moment = clock.now()
    try:
        with transaction.atomic():
            party = Party.objects.create(
                kind=PartyKind.PERSON,
                phone_sealed=sealing.seal(phone, sealing.PHONE),
                phone_index=crypto.index(phone, context=sealing.PHONE),
                level=1,
                created_at=moment,
            )
            account = Account(
                phone_sealed=sealing.seal(phone, sealing.PHONE),
                phone_index=crypto.index(phone, context=sealing.PHONE),
                party=party,
                created_at=moment,
            )
            account.set_unusable_password()
            account.save(force_insert=True)
            actor = Actor(ref=account.ref, account_id=account.pk, party_id=party.pk, level=1)
            fact = Fact("identity.account_opened.v1", {"method": "phone_code"})
            append(actor=actor, stream=account.ref, facts=[fact])
        return account
    except IntegrityError:
        # the same person in two tabs: the first one's account is the account
        return Account.objects.select_related("party").get(phone_index__in=sealing.phone_indexes(phone))


def login_by_password(username: str, password: str, ip: str, totp_code: str = "") -> Account:
    """Log in by name and password. Raises WrongLogin (the same for a wrong name, a wrong password and a closed
    account), TooMany, and NeedsTotp for a staff account unless the second factor comes along."""
    name = narrow(username).strip()
    if not name or len(name) > MAX_USERNAME_CHARACTERS or "\x00" in name or len(password) > MAX_PASSWORD_CHARACTERS:
        raise WrongLogin
    account = Account.objects.select_related("party").filter(username=name).first()
    stream = attempts.stream_of(account.pk if account else None, name)
    spend(throttle.TRIES_FROM_IP, ip, method="password", stream=stream, ip=ip)
    spend(throttle.PASSWORD_TRIES, name, method="password", stream=stream, ip=ip)
    if account is None:
        make_password(password)  # the same work as a check, so that the time does not tell
        is_right = False
    else:
        is_over = account.one_time_until is not None and account.one_time_until <= clock.now()
        is_right = account.check_password(password) and account.is_active and not is_over
    if account is None or not is_right:
        attempts.record("identity.log_in_failed.v1", stream=stream, ip=ip, method="password", reason="wrong_login")
        raise WrongLogin
    throttle.forgive(throttle.PASSWORD_TRIES, name)
    if account.is_staff and totp_code:
        return finish_with_totp(_challenge(account, "password"), totp_code, ip)
    return _finish(account, method="password", ip=ip)


def _challenge(account: Account, method: str, *, salt: str = _CHALLENGE) -> str:
    return signing.dumps({"account": account.pk, "method": method}, salt=salt)


def _challenged(challenge: str, *, salt: str = _CHALLENGE) -> tuple[Account, str]:
    try:
        said = signing.loads(challenge, salt=salt, max_age=CHALLENGE_LIVES)
    except signing.BadSignature:
        raise ChallengeOver from None
    account = Account.objects.select_related("party").filter(pk=said["account"], is_active=True).first()
    if account is None:
        raise ChallengeOver
    return account, str(said["method"])


def begin_enrolment(challenge: str) -> str:
    """The `otpauth://` address to show as a QR code, for a staff account without an authenticator that has shown its
    first factor. Raises ChallengeOver, AlreadyEnrolled."""
    return totp.enrol_totp(_challenged(challenge)[0])


def finish_with_totp(challenge: str, code: str, ip: str) -> Account:
    """The second half of a staff log-in: `challenge` comes from NeedsTotp. Raises WrongTotp, TooMany, ChallengeOver,
    and NeedsNewPassword when the password was issued by an administrator."""
    account, method = _challenged(challenge)
    check_totp(account, code, ip)
    return _known(account, method=f"{method}+totp", ip=ip)


def finish_with_new_password(challenge: str, password: str, ip: str) -> Account:
    """The end of a first log-in: `challenge` comes from NeedsNewPassword. Raises Invalid for a weak password or the
    issued one again, ChallengeOver."""
    account, method = _challenged(challenge, salt=_OWN_PASSWORD)
    check_password_strength(password)
    if account.check_password(password):
        raise Invalid({"password": _("请换成您自己的密码，不能继续用一次性密码。")})
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        if account.one_time_until is None or account.one_time_until <= clock.now() or not account.is_active:
            raise ChallengeOver
        account.set_password(password)
        account.one_time_until = None
        account.save(update_fields=["password", "one_time_until"])
        actor = Actor(ref=account.ref, account_id=account.pk)
        append(actor=actor, stream=account.ref, facts=[Fact("identity.password_changed.v1")])
    return _logged_in(account, method=method, ip=ip)


def check_totp(account: Account, code: str, ip: str = "") -> Account:
    """Accept the present time-based code of an account, one step early or late, once. Also for a second look before
    a weighty act. Raises WrongTotp, TooMany."""
    spend(throttle.TOTP_TRIES, account.ref, method="totp", stream=account.ref, ip=ip)
    if not totp.accept(account, narrow(code).strip().replace(" ", "")):
        attempts.record("identity.log_in_failed.v1", stream=account.ref, ip=ip, method="totp", reason="wrong_totp")
        raise WrongTotp
    throttle.forgive(throttle.TOTP_TRIES, account.ref)
    return account


def _finish(account: Account, *, method: str, ip: str) -> Account:
    if account.is_staff:
        raise NeedsTotp(
            challenge=_challenge(account, method),
            account_id=account.pk,
            is_enrolled=account.totp_confirmed_at is not None,
        )
    return _known(account, method=method, ip=ip)


def _known(account: Account, *, method: str, ip: str) -> Account:
    """Every factor is right: log in, or first have the issued password changed."""
    if account.one_time_until is not None:
        raise NeedsNewPassword(challenge=_challenge(account, method, salt=_OWN_PASSWORD), account_id=account.pk)
    return _logged_in(account, method=method, ip=ip)


def _logged_in(account: Account, *, method: str, ip: str) -> Account:
    account.last_login_at = clock.now()
    Account.objects.filter(pk=account.pk).update(last_login_at=account.last_login_at)
    actor = Actor(ref=account.ref, account_id=account.pk)
    attempts.record("identity.logged_in.v1", stream=account.ref, ip=ip, actor=actor, method=method)
    return account


def record_log_out(account: Account, ip: str) -> None:
    """Write that somebody logged out. The session is the door's to end."""
    actor = Actor(ref=account.ref, account_id=account.pk)
    attempts.record("identity.logged_out.v1", stream=account.ref, ip=ip, actor=actor)
