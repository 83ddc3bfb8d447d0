import pytest

from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders.tests.conftest import noon, world  # noqa: F401 - fixtures


@pytest.fixture
def staff(world):  # noqa: F811 - the fixture above
    """The small world, and the three administrators and a provincial one in it."""
    for name, role in (("sysadmin", "SYS_ADMIN"), ("secadmin", "SEC_ADMIN"), ("department", "JUSTICE_ADMIN_PROV")):
        _account, world.people[name] = institutions.make_staff(role, world.units["province"])
    return world
