"""Keys with which partner systems act for an institution."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.identity.values import clean_text
from fawang.base.organisations.models import ApiKey
from fawang.base.organisations.services.rights import locked
from fawang.base.organisations.values import ADMINISTRATORS, MEMBER_ROLES, PARTNER_ROLES
from fawang.kernel import clock, crypto, ids
from fawang.kernel.errors import Invalid, NotFound, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor

CONTEXT = "organisations.api_key"
KEYS = "organisations.manage_keys"
# no system administers: a stolen key must not give roles
ROLES_OF_KEYS = (PARTNER_ROLES | MEMBER_ROLES) - ADMINISTRATORS


def create_key(
    actor: Actor, *, institution_id: int, name: str, roles: tuple[str, ...], valid_to: date | None = None
) -> str:
    """A new key, in clear, this once: only a keyed digest is kept. Raises Invalid, NotFound."""
    if not roles or not set(roles) <= ROLES_OF_KEYS:
        raise Invalid({"roles": _("请至少选择一个角色；管理员角色不能给接口使用。")})
    if valid_to is not None and valid_to < clock.today():
        raise Invalid({"valid_to": _("截止日期不能早于今天。")})
    try:
        shown = clean_text(name, max_characters=60)
    except ValueError as error:
        raise Invalid({"name": str(error)}) from None
    if not shown:
        raise Invalid({"name": _("请填写密钥的用途。")})
    prefix = ids.token(8)
    plain = f"fwk_{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        place = locked(actor, KEYS, institution_id)
        row = ApiKey.objects.create(
            institution=place,
            name=shown,
            prefix=prefix,
            digest=crypto.index(plain, context=CONTEXT),
            roles=sorted(set(roles)),
            valid_to=valid_to,
            created_at=clock.now(),
        )
        fact = Fact("organisations.key_created.v1", {"key": row.pk, "prefix": prefix, "roles": row.roles})
        append(actor=actor, stream=f"institution:{place.pk}", facts=[fact])
    return plain


def revoke_key(actor: Actor, key_id: int, *, reason: str) -> None:
    """The key works no more, from the next request on. Raises RefusedByState when it was revoked before."""
    if not reason.strip():
        raise Invalid({"reason": _("请写明吊销的原因。")})
    with transaction.atomic():
        row = ApiKey.objects.filter(pk=key_id).first()
        if row is None:
            raise NotFound
        locked(actor, KEYS, row.institution_id)
        if not ApiKey.objects.filter(pk=key_id, revoked_at__isnull=True).update(revoked_at=clock.now()):
            raise RefusedByState
        fact = Fact("organisations.key_revoked.v1", {"key": key_id, "reason": reason.strip()[:200]})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])
