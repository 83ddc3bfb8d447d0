"""The second factor: time-based codes (RFC 6238), thirty seconds a step."""

from __future__ import annotations

import hmac

import pyotp
from django.db.models import F
from django.db.models.functions import Coalesce

from fawang.base.identity import sealing
from fawang.base.identity.errors import AlreadyEnrolled
from fawang.base.identity.models import Account
from fawang.kernel import clock

STEP_SECONDS = 30
STEPS_EARLY_OR_LATE = 1
ISSUER = "Open Fawang"


def address_of(account: Account, secret: str) -> str:
    """The `otpauth://` address of a secret, to show as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.username or account.token, issuer_name=ISSUER)


def matching_step(secret: str, code: str) -> int | None:
    """The step whose code this is: now, one early or one late; None for a wrong code."""
    generator, now_step = pyotp.TOTP(secret), int(clock.now().timestamp()) // STEP_SECONDS
    for step in range(now_step - STEPS_EARLY_OR_LATE, now_step + STEPS_EARLY_OR_LATE + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode()):
            return step
    return None


def enrol_totp(account: Account) -> str:
    """Give the account a new secret and return the `otpauth://` address to show as a QR code, once. It counts from the
    first right code on. Raises AlreadyEnrolled when one counts already: `reset_totp` is an administrator's act."""
    secret = pyotp.random_base32()
    changed = Account.objects.filter(pk=account.pk, totp_confirmed_at__isnull=True).update(
        totp_sealed=sealing.seal(secret, sealing.TOTP), totp_last_step=0
    )
    if not changed:
        raise AlreadyEnrolled
    account.refresh_from_db()
    return address_of(account, secret)


def accept(account: Account, code: str) -> bool:
    """Whether the code is right now, a step early or a step late, and later than the last accepted one."""
    secret = sealing.unseal(
        Account.objects.filter(pk=account.pk).values_list("totp_sealed", flat=True).first() or "", sealing.TOTP
    )
    if not secret:
        return False
    step = matching_step(secret, code)
    if step is None:
        return False
    # compare-and-set: the same code twice at once is accepted once
    accepted = Account.objects.filter(pk=account.pk, totp_last_step__lt=step).update(
        totp_last_step=step, totp_confirmed_at=Coalesce(F("totp_confirmed_at"), clock.now())
    )
    return bool(accepted)
