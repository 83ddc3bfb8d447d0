"""Both databases, as real servers, for tests that kill them."""

import pytest

from tests.servers import WHEELS, Postgresql, Sqlite


@pytest.fixture(scope="session")
def makers(tmp_path_factory):
    """A maker of installations by database, made when first asked for."""
    made = {}

    def make(name):
        if not WHEELS.exists():
            pytest.skip("reference data is fetched by script/setup")
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            made[name] = Sqlite(folder) if name == "sqlite" else Postgresql(folder)
        return made[name]

    yield make
    for maker in made.values():
        maker.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def maker(request, makers):
    return makers(request.param)


@pytest.fixture
def installation(maker):
    made = maker.installation()
    yield made
    made.stop()
