"""The roles of accounts in institutions, and new colleagues."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.identity.errors import OwnAccount
from fawang.base.identity.values import Issued, clean_text
from fawang.base.organisations.errors import AdministratorsSeparate, AlreadyMember
from fawang.base.organisations.models import Membership
from fawang.base.organisations.services.rights import PEOPLE, is_within, locked
from fawang.base.organisations.values import ADMINISTRATORS, MEMBER_ROLES, UNIT_ROLES
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotPermitted, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, scopes

ROLES = "organisations.manage_roles"


def _may_give(actor: Actor, role: str, institution_id: int, division_code: str) -> None:
    """A security administrator gives any role; an institution's administrator the ordinary ones of its own people."""
    if scopes(actor, ROLES):
        return
    if not is_within(actor, PEOPLE, institution_id, division_code):
        raise NotFound
    if role not in UNIT_ROLES:
        raise NotPermitted(_("这个角色要由安全管理员授予。请提交申请。"))


def add_membership(
    actor: Actor,
    *,
    account_id: int,
    institution_id: int,
    role: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> int:
    """Give an account a role in an institution; the membership's id. Announces `organisations.membership_added.v1`.

    Raises Invalid, AlreadyMember, AdministratorsSeparate (the three administrators are three people), NotPermitted,
    OwnAccount when a security administrator would give a role to themselves.
    """
    begin = valid_from or clock.today()
    if role not in MEMBER_ROLES:
        raise Invalid({"role": _("请从列表中选择。")})
    if valid_to is not None and valid_to < begin:
        raise Invalid({"valid_to": _("结束日期不能早于开始日期。")})
    account = identity.account(account_id)
    if account is None or not account.is_staff:
        raise Invalid({"account": _("没有找到这个工作人员账号，或已停用。")})
    permission = ROLES if scopes(actor, ROLES) else PEOPLE
    if permission == ROLES and account_id == actor.account_id:
        raise OwnAccount
    try:
        with transaction.atomic():
            place = locked(actor, permission, institution_id)
            _may_give(actor, role, place.pk, place.division_code)
            current = Membership.objects.filter(account_id=account_id, ended_at__isnull=True)
            if current.filter(institution_id=place.pk, role=role).exists():
                raise AlreadyMember
            if role in ADMINISTRATORS and current.filter(role__in=ADMINISTRATORS).exists():
                raise AdministratorsSeparate
            row = Membership.objects.create(
                account_id=account_id,
                institution=place,
                role=role,
                valid_from=begin,
                valid_to=valid_to,
                created_at=clock.now(),
            )
            fact = Fact("organisations.membership_added.v1", {"account": account_id, "role": role})
            append(actor=actor, stream=f"institution:{place.pk}", facts=[fact])
    except IntegrityError:
        # the database holds both rules as well: two grants at once cannot pass the check above
        held = Q(account_id=account_id, ended_at__isnull=True, institution_id=institution_id, role=role)
        if role in ADMINISTRATORS and not Membership.objects.filter(held).exists():
            raise AdministratorsSeparate from None
        raise AlreadyMember from None
    return row.pk


def end_membership(actor: Actor, membership_id: int, *, reason: str = "") -> None:
    """End a role now: the next request of the account is refused it. Raises Invalid, RefusedByState when it is over."""
    try:
        why = clean_text(reason, max_characters=200)
    except ValueError as error:
        raise Invalid({"reason": str(error)}) from None
    with transaction.atomic():
        row = Membership.objects.select_related("institution").filter(pk=membership_id).first()
        if row is None:
            raise NotFound
        locked(actor, ROLES if scopes(actor, ROLES) else PEOPLE, row.institution_id)
        _may_give(actor, row.role, row.institution_id, row.institution.division_code)
        ended = Membership.objects.filter(pk=row.pk, ended_at__isnull=True)
        if not ended.update(ended_at=clock.now(), ended_reason=why):
            raise RefusedByState
        fact = Fact("organisations.membership_ended.v1", {"account": row.account_id, "role": row.role, "reason": why})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])


def add_colleague(
    actor: Actor,
    *,
    institution_id: int,
    username: str,
    display_name: str,
    role: str,
    phone: str = "",
    valid_to: date | None = None,
) -> Issued:
    """A new account with its first role in an institution, or neither; the one-time password is shown this once.

    Raises what `open_account` and `add_membership` raise.
    """
    with transaction.atomic():
        issued = identities.open_account(actor, username=username, display_name=display_name, phone=phone)
        add_membership(actor, account_id=issued.account_id, institution_id=institution_id, role=role, valid_to=valid_to)
    return issued
