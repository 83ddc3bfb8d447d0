"""The very first administrators of an installation, before anybody can log in to make the next ones."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.identity import services as identity
from fawang.base.organisations.errors import AlreadyBegun
from fawang.base.organisations.models import Institution, Membership
from fawang.base.organisations.services.institutions import register_institution
from fawang.base.organisations.services.roles import add_membership
from fawang.base.organisations.values import ADMINISTRATORS, ROLES, InstitutionData
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.policy import system

ACTOR = system("beginning")
BUREAU = "JUSTICE_OFFICE"


@transaction.atomic
def first_administrator(
    *, username: str, display_name: str, role: str, bureau: str, division_code: str, password: str
) -> tuple[int, str]:
    """Make the first holder of one of the three administrators' roles in the bureau, which is registered if it is not
    there; (the account's id, the bureau's name). The password is good once.

    Raises AlreadyBegun when somebody holds the role: from then on the browser is the way. Raises Invalid, NameTaken.
    """
    if role not in ADMINISTRATORS:
        raise Invalid({"role": _("请从列表中选择。")})
    if Membership.objects.filter(role=role, ended_at__isnull=True).exists():
        raise AlreadyBegun(role=str(ROLES[role]))
    place = Institution.objects.filter(type=BUREAU, name=bureau).values_list("pk", flat=True).first()
    if place is None:
        try:
            level = divisions.get(division_code).level.value
        except NotFound:
            raise Invalid({"division_code": _("没有这个地区。请从列表中选择。")}) from None
        data = InstitutionData(type=BUREAU, name=bureau, level=level, division_code=division_code)
        place = register_institution(ACTOR, data)
    account_id = identity.create_account(
        ACTOR, username=username, display_name=display_name, password=password, is_one_time=True
    )
    add_membership(ACTOR, account_id=account_id, institution_id=place, role=role)
    return account_id, bureau
