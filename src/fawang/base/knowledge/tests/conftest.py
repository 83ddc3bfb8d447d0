import pytest

from fawang.base.knowledge.tests import factories
from fawang.kernel import clock


@pytest.fixture(autouse=True)
def _alone(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    factories.forget()
    with clock.at(factories.TODAY):
        yield
    factories.forget()


@pytest.fixture
def library(db, tmp_path):
    return factories.load(tmp_path / "source")
