import pytest

from fawang.base.identity import services as identities
from fawang.base.identity.tests.factories import Collected
from fawang.base.knowledge.tests import factories as laws
from fawang.base.workorders.tests import factories
from fawang.front.portal.tests.factories import Person
from fawang.kernel import clock


@pytest.fixture
def world(db, tmp_path, settings):
    """The small world of orders, on a Monday morning."""
    with clock.at(factories.NOON):
        yield factories.build(tmp_path)


@pytest.fixture
def person(world):
    """A citizen with a browser, logged in."""
    return Person(world.citizen)


@pytest.fixture
def other(world):
    """Another citizen."""
    return Person(world.other_citizen)


@pytest.fixture
def sent(settings):
    """Texts to phones, newest last, instead of on the console."""
    texts = Collected()
    identities.register_sender("collected", texts)
    settings.FAWANG_SMS_SENDER = "collected"
    return texts


@pytest.fixture
def library(db, tmp_path, settings):
    settings.HOME = tmp_path
    laws.forget()
    with clock.at(laws.TODAY):
        yield laws.load(tmp_path / "source")
    laws.forget()
