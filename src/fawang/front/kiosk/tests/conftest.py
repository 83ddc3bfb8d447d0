import pytest

from fawang.base.workorders.tests import factories
from fawang.front.kiosk.tests.factories import client_of


@pytest.fixture
def world(db, tmp_path):
    return factories.build(tmp_path)


@pytest.fixture
def kiosk(world):
    """A browser in the hall of the centre, enrolled by the clerk."""
    client = client_of(world.clerk)
    page = client.post("/kiosk/enrol/", {"name": "一楼大厅1号"})
    assert page.status_code == 302
    return client
