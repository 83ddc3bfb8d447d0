"""A hotline, an operator with a session, and everything that orders need."""

import pytest
from django.test import Client

from fawang.base.divisions import selectors as division_selectors
from fawang.base.divisions.tests import factories as divisions
from fawang.front.frame.session import BACKEND
from fawang.middle.intake.tests import factories


@pytest.fixture
def unit(db, tmp_path):
    """A hotline in the small invented country, with calendar and catalogue."""
    division_selectors.forget()
    divisions.load(tmp_path)
    yield factories.hotline()
    division_selectors.forget()


@pytest.fixture
def orders_possible(unit):
    """Calendar and catalogue are there."""
    factories.ready_for_orders()


@pytest.fixture
def operator(unit):
    """(account, actor) of a receptionist who sits ready."""
    return factories.agent(unit)


@pytest.fixture
def client_of():
    """A browser in which an account is logged in."""

    def of(account):
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(account, backend=BACKEND)
        return client

    return of


@pytest.fixture
def client(client_of, operator):
    """The operator's browser."""
    return client_of(operator[0])
