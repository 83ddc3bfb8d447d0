"""Every route × every role × own and other organisation: what the table does not grant is refused, everywhere.

Not yours looks like not there. The routes are found, not listed: a new page is walked the day it is written.
"""

import re

import pytest
from django.test import Client

from fawang.base.organisations import values as organisations
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders.tests.factories import drive, file
from fawang.front.frame.tests.factories import client_of
from fawang.kernel import policy
from fawang.kernel.policy import VISITOR, Actor, Scope
from fawang.site import routes

ARGUMENT = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
REFUSED = {302, 401, 403, 404}
# pages that poll or stream, and static files, are walked like the others: a GET answers at once


def url_of(route, number):
    """The route with a real order's number, and values that name nothing for the rest."""

    def value(match):
        if match["name"] in {"number", "reference", "order"}:
            return number
        return "1" if match["kind"] == "int" else "nothing"

    path = ARGUMENT.sub(value, route.path)
    return None if re.search(r"[\^$?(]", path) else path


def allowed(roles, permission):
    """What the table says for an actor with these roles; what a visitor may see, everybody may see."""
    table = {(row.permission, row.role): row.scope for row in policy.table()}
    if table.get((permission, "VISITOR")) == Scope.ANYONE:
        return True
    return any((permission, role) in table for role in roles)


def walk(client, roles, number, is_own):
    wrong = []
    for route in routes.all_routes():
        url = url_of(route, number)
        if url is None or route.path.startswith("/api/"):
            continue
        response = client.get(url)
        if response.status_code >= 500:
            wrong.append(f"{roles} GET {url}: {response.status_code}")
        elif not allowed(roles, route.permission) and response.status_code not in REFUSED:
            wrong.append(f"{roles} GET {url}: {response.status_code} though {route.permission} is not granted")
        elif number in url and not is_own and response.status_code == 200:
            wrong.append(f"{roles} GET {url}: shows another's order")
    return wrong


@pytest.fixture
def number(world):
    """An order that another organisation holds, for somebody else."""
    return drive(world, file(world), "HANDLING")


def test_a_visitor_reaches_only_what_anyone_may_see(world, number):
    assert walk(Client(), frozenset({"VISITOR"}), number, is_own=False) == []


def test_another_citizen_never_sees_the_order(world, number):
    from fawang.base.identity.models import Account

    account = Account.objects.get(pk=world.other_citizen.account_id)
    assert walk(client_of(account, "self"), frozenset({"CITIZEN"}), number, is_own=False) == []


@pytest.mark.parametrize("role", sorted(organisations.MEMBER_ROLES))
def test_members_of_another_organisation_get_what_the_table_grants_and_no_order(world, number, role):
    from fawang.base.organisations import selectors

    account, _actor = institutions.make_staff(role, world.far_centre)
    key = next(key for key, _label in selectors.ways_to_act(account) if key.startswith("member:"))
    assert walk(client_of(account, key), frozenset({role}), number, is_own=False) == []


@pytest.mark.parametrize("role", ["INSTITUTION_ADMIN", "HANDLER", "REVIEWER"])
def test_members_of_the_holder_reach_its_order_and_nothing_breaks(world, number, role):
    from fawang.base.organisations import selectors

    account, _actor = institutions.make_staff(role, world.committee)
    key = next(key for key, _label in selectors.ways_to_act(account) if key.startswith("member:"))
    assert walk(client_of(account, key), frozenset({role}), number, is_own=True) == []


def test_every_permission_is_held_by_somebody_and_every_route_is_bound():
    assert routes.problems() == []


def test_a_visitor_holds_nothing_beyond_what_anyone_may_see_and_coming_to_be_known():
    beyond = {row.permission for row in policy.table() if row.role == "VISITOR" and row.scope != Scope.ANYONE}
    assert beyond <= {"identity.take_party"}
    assert isinstance(VISITOR, Actor)
