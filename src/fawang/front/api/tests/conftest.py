import pytest

from fawang.base.workorders.tests import factories as orders
from fawang.front.api import auth, limits
from fawang.front.api.tests import factories
from fawang.kernel import clock


@pytest.fixture(autouse=True)
def _fresh():
    auth.ring.forget()
    limits.buckets.forget()


@pytest.fixture
def world(db, tmp_path):
    """The small world on a Monday morning."""
    with clock.at(orders.NOON):
        yield orders.build(tmp_path)


@pytest.fixture
def partner(world):
    """The 12345 hotline's system, with the key of the centre."""
    return factories.partner(world.centre)


@pytest.fixture
def other(world):
    """Another partner, of another place."""
    return factories.partner(world.far_centre)
