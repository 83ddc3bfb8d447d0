import pytest

from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders.tests.conftest import noon, world  # noqa: F401 - fixtures


@pytest.fixture
def bar(world):  # noqa: F811 - the world, with a law firm and a detention house of the line
    """The small world with a law firm that takes mandates, and a detention house that arranges meetings."""
    for unit, kind in (("law_firm", "LAW_FIRM"), ("detention", "PARTNER_BODY")):
        world.units[unit] = institutions.make_institution(
            name=f"示例{unit}", type=kind, lines=("lawyers",), capacity=50
        )
        for name, role in (("head", "INSTITUTION_ADMIN"), ("desk", "HANDLER"), ("second", "REVIEWER")):
            account, actor = institutions.make_staff(role, world.units[unit])
            world.people[f"{unit}_{name}"] = actor
            if role == "HANDLER":
                more = {"licence_no": institutions.licence()} if kind == "LAW_FIRM" else {}
                kind_of = "LAWYER_FT" if kind == "LAW_FIRM" else "VOLUNTEER"
                institutions.make_practitioner(
                    world.units[unit], account_id=account.pk, name="承办人", kind=kind_of, **more
                )
    return world
