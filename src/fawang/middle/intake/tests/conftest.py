import pytest

from fawang.base.divisions import selectors as division_selectors
from fawang.base.divisions.tests import factories as divisions
from fawang.middle.intake.tests import factories


@pytest.fixture
def places(db, tmp_path):
    """The small invented country."""
    division_selectors.forget()
    divisions.load(tmp_path)
    yield
    division_selectors.forget()


@pytest.fixture
def unit(places):
    """A hotline."""
    return factories.hotline()


@pytest.fixture
def operator(unit):
    """A receptionist of the hotline."""
    return factories.agent(unit)[1]


@pytest.fixture
def orders_possible(unit):
    """Calendar and catalogue are there."""
    factories.ready_for_orders()
