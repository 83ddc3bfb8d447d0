import pytest

from fawang.base.divisions import selectors as division_selectors
from fawang.base.divisions.tests import factories as divisions
from fawang.base.identity import services
from fawang.base.identity.tests import factories


@pytest.fixture
def places(db, tmp_path):
    """The small invented country."""
    division_selectors.forget()
    divisions.load(tmp_path)
    yield
    division_selectors.forget()


@pytest.fixture
def sent(settings):
    """Texts that were sent, newest last, instead of on the console."""
    outbox = factories.Collected()
    services.register_sender("collected", outbox)
    settings.FAWANG_SMS_SENDER = "collected"
    return outbox
