"""Institutions, people and their actors for tests, of this room and others. Divisions must be loaded."""

from __future__ import annotations

from itertools import count

from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import selectors, services
from fawang.base.organisations.values import InstitutionData
from fawang.kernel.policy import system

SYSTEM = system("test")
_number = count(1)


def institution_data(**changes):
    """What is said about an institution."""
    data = {
        "type": "MEDIATION_COMMITTEE",
        "name": f"示例调解委员会{next(_number)}",
        "level": "COUNTY",
        "division_code": "510107",
        "lines": ("mediation",),
        "capacity": 10,
        **changes,
    }
    return InstitutionData(**data)


def make_institution(**changes):
    """A registered institution's id."""
    return services.register_institution(SYSTEM, institution_data(**changes))


def make_practitioner(institution_id, **changes):
    """A registered mediator's id."""
    data = {"name": "李调解", "kind": "MEDIATOR", "capacity": 5, **changes}
    return services.register_practitioner(SYSTEM, institution_id=institution_id, **data)


def make_staff(role, institution_id, *, account=None, **dates):
    """An account with a role in an institution, and its actor there: (account, actor)."""
    account = account or identities.make_staff_account()
    member = services.add_membership(SYSTEM, account_id=account.pk, institution_id=institution_id, role=role, **dates)
    return account, selectors.actor_for(account, f"member:{member}") if not dates else None


def licence(number=None, *, province="51", city="01"):
    """A lawyer's licence number in the present form."""
    return f"1{province}{city}201510{(number or next(_number)) % 1_000_000:06d}"
