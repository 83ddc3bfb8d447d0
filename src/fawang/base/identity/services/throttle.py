"""How often something may be tried: counted in one row a subject by compare-and-set, alike on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from fawang.base.identity.models import LoginCode, Throttle
from fawang.kernel import clock, crypto
from fawang.kernel.errors import TooMany

CONTEXT = "identity.throttle"
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """At most `limit` tries within `window`; then nothing for `lock`."""

    name: str
    limit: int
    window: timedelta
    lock: timedelta


QUARTER = timedelta(minutes=15)
CODE_AGAIN = Rule("code_again", 1, timedelta(seconds=60), timedelta(seconds=60))
CODES_TO_PHONE = Rule("codes_to_phone", 5, timedelta(hours=1), QUARTER)
# a hall or a village shares one address
CODES_FROM_IP = Rule("codes_from_ip", 60, timedelta(hours=1), QUARTER)
CODE_TRIES = Rule("code_tries", 10, QUARTER, QUARTER)
PASSWORD_TRIES = Rule("password_tries", 5, QUARTER, QUARTER)
TOTP_TRIES = Rule("totp_tries", 5, QUARTER, QUARTER)
TRIES_FROM_IP = Rule("tries_from_ip", 100, QUARTER, QUARTER)
VERIFICATIONS = Rule("verifications", 5, timedelta(hours=24), timedelta(hours=1))


def _key(rule: Rule, subject: str) -> str:
    return f"{rule.name}:{crypto.index(subject, context=CONTEXT)}"


def _refuse(until: datetime) -> TooMany:
    seconds = max(1, int((until - clock.now()).total_seconds()))
    return TooMany(wait_seconds=seconds, wait_minutes=-(-seconds // 60))


def spend(rule: Rule, subject: str) -> bool:
    """Count one try of `subject` (never stored in clear). Raises TooMany, with the wait, when none is left; the
    first refusal of a window starts the lock. Call outside a transaction, or the count is lost when it fails."""
    if not subject:
        return True
    moment = clock.now()
    row, _created = Throttle.objects.get_or_create(
        key=_key(rule, subject), defaults={"window_started_at": moment, "count": 0}
    )
    mine = Throttle.objects.filter(pk=row.pk)
    if row.locked_until and row.locked_until > moment:
        raise _refuse(row.locked_until)
    if row.locked_until or moment - row.window_started_at >= rule.window:
        mine.filter(window_started_at=row.window_started_at).update(
            window_started_at=moment, count=0, locked_until=None
        )
    if not mine.filter(count__lt=rule.limit).update(count=F("count") + 1):
        until = moment + rule.lock
        mine.update(locked_until=until)
        raise _refuse(until)
    return True


def locked_until(*tried: tuple[Rule, str]) -> datetime | None:
    """Until when the first of these is locked now; None when none is."""
    keys = [_key(rule, subject) for rule, subject in tried if subject]
    found = Throttle.objects.filter(key__in=keys, locked_until__gt=clock.now()).order_by("-locked_until")
    return found.values_list("locked_until", flat=True).first()


def forgive(rule: Rule, subject: str) -> None:
    """Forget the tries of `subject`: it has shown who it is. The row stays: one that vanished between another's look
    and count would read as a refusal."""
    Throttle.objects.filter(key=_key(rule, subject)).update(count=0, locked_until=None)


def forget_old() -> int:
    """Delete windows and codes that have been over for a day; how many."""
    before = clock.now() - KEPT_FOR
    windows = Throttle.objects.filter(window_started_at__lt=before).delete()[0]
    return windows + LoginCode.objects.filter(expires_at__lt=before).delete()[0]
