"""Consents: given by purpose and version, withdrawn as easily (PIPL art. 14–17)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fawang.base.identity import selectors
from fawang.base.identity.models import Consent
from fawang.base.identity.values import ConsentChannel
from fawang.kernel import clock, crypto
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require


def _in_force(party_id: int, purpose: str, version: str) -> int | None:
    rows = Consent.objects.filter(party_id=party_id, purpose=purpose, version=version, withdrawn_at__isnull=True)
    return rows.values_list("pk", flat=True).first()


def give_consent(
    actor: Actor, *, party_id: int, purpose: str, version: str, text: str, channel: ConsentChannel | str
) -> int:
    """Record a consent to exactly this text; its id. A second one to the same version is the first one: nobody is
    asked twice (网络数据安全管理条例 art. 22)."""
    scopes = require(actor, "identity.change_details")
    if not selectors.is_within(actor, party_id, scopes):
        raise NotFound
    if not purpose or not version or not text:
        raise Invalid({"purpose": _("同意书缺少目的、版本或正文，不能记录。")})
    try:
        through = ConsentChannel(channel)
    except ValueError:
        raise Invalid({"channel": _("请从列表中选择。")}) from None
    known = _in_force(party_id, purpose, version)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            consent = Consent.objects.create(
                party_id=party_id,
                purpose=purpose,
                version=version,
                text_digest=crypto.digest(text.encode()),
                channel=through,
                at=clock.now(),
            )
            fact = Fact("identity.consent_given.v1", {"party": party_id, "purpose": purpose, "version": version})
            append(actor=actor, stream=f"consent:{consent.pk}", facts=[fact])
        return consent.pk
    except IntegrityError:
        known = _in_force(party_id, purpose, version)
        if known is None:
            raise
        return known


def withdraw_consent(actor: Actor, *, party_id: int, purpose: str) -> int:
    """Withdraw every consent to a purpose, from now on; how many were in force."""
    scopes = require(actor, "identity.change_details")
    if not selectors.is_within(actor, party_id, scopes):
        raise NotFound
    with transaction.atomic():
        rows = list(
            Consent.objects.select_for_update().filter(party_id=party_id, purpose=purpose, withdrawn_at__isnull=True)
        )
        for row in rows:
            row.withdrawn_at = clock.now()
            row.save(update_fields=["withdrawn_at"])
            fact = Fact("identity.consent_withdrawn.v1", {"party": party_id, "purpose": purpose})
            append(actor=actor, stream=f"consent:{row.pk}", facts=[fact])
    return len(rows)
