import pytest

from fawang.base.workorders.tests import factories
from fawang.kernel import clock


@pytest.fixture
def noon():
    """Time stands at a Monday morning."""
    with clock.at(factories.NOON):
        yield factories.NOON


@pytest.fixture
def world(db, tmp_path, noon):
    """The small world, at that moment."""
    return factories.build(tmp_path)
