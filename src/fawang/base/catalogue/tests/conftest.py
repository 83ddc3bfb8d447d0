import pytest

from fawang.base.workorders.tests import factories
from fawang.kernel import clock


@pytest.fixture
def world(db, tmp_path):
    """The small world of the work orders."""
    with clock.at(factories.NOON):
        yield factories.build(tmp_path)
