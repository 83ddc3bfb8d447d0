import pytest

from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders.tests.conftest import noon, world  # noqa: F401 - fixtures


@pytest.fixture
def aid(world):  # noqa: F811 - the world, with a legal aid centre and its people
    """The small world with the county's legal aid centre: liaison, officer, leader, and an authority's key."""
    world.units["aid_centre"] = institutions.make_institution(
        name="武侯法援中心", type="LEGAL_AID_CENTER", lines=("legal_aid",), capacity=50
    )
    for name, role in (("aid_liaison", "INSTITUTION_ADMIN"), ("officer", "HANDLER"), ("leader", "REVIEWER")):
        account, actor = institutions.make_staff(role, world.units["aid_centre"])
        world.people[name] = actor
        if role == "HANDLER":
            institutions.make_practitioner(
                world.units["aid_centre"], account_id=account.pk, name="援助人员", kind="AID_OFFICER"
            )
    return world
