"""Practitioners, their leave, and the roles of accounts."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.identity import selectors as identity
from fawang.base.identity.values import check_name, clean_text, pinyin_key
from fawang.base.organisations.errors import AdministratorsSeparate, AlreadyMember, AlreadyRegistered
from fawang.base.organisations.licences import check_licence
from fawang.base.organisations.models import Leave, Membership, Practitioner
from fawang.base.organisations.services.rights import is_within, locked
from fawang.base.organisations.values import ADMINISTRATORS, MEMBER_ROLES, PRACTITIONER_KINDS, UNIT_ROLES
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotPermitted, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, scopes

PEOPLE = "organisations.manage_people"
ROLES = "organisations.manage_roles"


def register_practitioner(
    actor: Actor,
    *,
    institution_id: int,
    name: str,
    kind: str,
    licence_no: str = "",
    licensed_on: date | None = None,
    licence_valid_to: date | None = None,
    account_id: int | None = None,
    domains: tuple[str, ...] = (),
    languages: tuple[str, ...] = ("zh",),
    capacity: int = 0,
    is_demonstration: bool = False,
) -> int:
    """Put a person on an institution's roll; their id. `capacity` counts open orders, 0 = no limit.

    Raises Invalid, NotFound, AlreadyRegistered when the licence is in use elsewhere (律师法 art. 10).
    """
    wrong: dict[str, str | Promise] = {}
    number, is_legacy, shown = "", False, ""
    if kind not in PRACTITIONER_KINDS:
        wrong["kind"] = _("请从列表中选择。")
    else:
        try:
            number, is_legacy = check_licence(kind, licence_no)
        except ValueError as error:
            wrong["licence_no"] = str(error)
    try:
        shown = check_name(name)
    except ValueError as error:
        wrong["name"] = str(error)
    if account_id is not None and identity.account(account_id) is None:
        wrong["account"] = _("没有找到这个账号，或已停用。")
    if capacity < 0:
        wrong["capacity"] = _("承接上限不能小于 0。")
    if wrong:
        raise Invalid(wrong)
    try:
        with transaction.atomic():
            place = locked(actor, PEOPLE, institution_id)
            row = Practitioner.objects.create(
                institution=place,
                account_id=account_id,
                name=shown,
                pinyin=pinyin_key(shown),
                kind=kind,
                licence_no=number,
                is_legacy_licence=is_legacy,
                licensed_on=licensed_on,
                licence_valid_to=licence_valid_to,
                domains=list(dict.fromkeys(domains)),
                languages=list(dict.fromkeys(languages)),
                capacity=capacity,
                is_demonstration=is_demonstration,
                created_at=clock.now(),
            )
            fact = Fact("organisations.practitioner_registered.v1", {"practitioner": row.pk, "kind": kind})
            append(actor=actor, stream=f"institution:{place.pk}", facts=[fact])
    except IntegrityError:
        raise AlreadyRegistered from None
    return row.pk


def _practitioner(actor: Actor, practitioner_id: int) -> Practitioner:
    """The person, their institution locked. One may record one's own leave; the rest is for who manages people."""
    row = Practitioner.objects.filter(pk=practitioner_id).first()
    if row is None:
        raise NotFound
    locked(actor, PEOPLE, row.institution_id)
    return row


def end_practice(actor: Actor, practitioner_id: int, *, on: date | None = None) -> None:
    """The person leaves the institution; from `on` (today) they get no more work, and the licence is free again."""
    with transaction.atomic():
        row = _practitioner(actor, practitioner_id)
        if row.left_on is not None:
            raise RefusedByState
        row.left_on = on or clock.today()
        row.save(update_fields=["left_on"])
        fact = Fact("organisations.practitioner_left.v1", {"practitioner": row.pk, "on": row.left_on})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])


def record_leave(actor: Actor, *, practitioner_id: int, begin: date, end: date, reason: str = "") -> int:
    """Days (both included) on which the person is given no work; the leave's id. Work already held is not moved.

    Announces `organisations.leave_recorded.v1`. Raises Invalid.
    """
    if end < begin:
        raise Invalid({"end": _("结束日期不能早于开始日期。")})
    try:
        why = clean_text(reason, max_characters=100)
    except ValueError as error:
        raise Invalid({"reason": str(error)}) from None
    with transaction.atomic():
        row = _practitioner(actor, practitioner_id)
        leave = Leave.objects.create(practitioner=row, begin=begin, end=end, reason=why, created_at=clock.now())
        fact = Fact("organisations.leave_recorded.v1", {"practitioner": row.pk, "begin": begin, "end": end})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])
    return leave.pk


def cancel_leave(actor: Actor, leave_id: int) -> None:
    """Take a leave back. Raises RefusedByState when it is cancelled already."""
    with transaction.atomic():
        leave = Leave.objects.filter(pk=leave_id).first()
        if leave is None:
            raise NotFound
        row = _practitioner(actor, leave.practitioner_id)
        if not Leave.objects.filter(pk=leave_id, cancelled_at__isnull=True).update(cancelled_at=clock.now()):
            raise RefusedByState
        fact = Fact("organisations.leave_cancelled.v1", {"practitioner": row.pk, "leave": leave_id})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])


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

    Raises Invalid, AlreadyMember, AdministratorsSeparate (the three administrators are three people), NotPermitted.
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
    """End a role now: the next request of the account is refused it. Raises RefusedByState when it is over."""
    with transaction.atomic():
        row = Membership.objects.select_related("institution").filter(pk=membership_id).first()
        if row is None:
            raise NotFound
        locked(actor, ROLES if scopes(actor, ROLES) else PEOPLE, row.institution_id)
        _may_give(actor, row.role, row.institution_id, row.institution.division_code)
        ended = Membership.objects.filter(pk=row.pk, ended_at__isnull=True)
        if not ended.update(ended_at=clock.now(), ended_reason=reason.strip()[:200]):
            raise RefusedByState
        fact = Fact("organisations.membership_ended.v1", {"account": row.account_id, "role": row.role})
        append(actor=actor, stream=f"institution:{row.institution_id}", facts=[fact])
