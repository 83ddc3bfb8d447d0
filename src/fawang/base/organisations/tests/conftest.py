import pytest

from fawang.base.divisions import selectors as division_selectors
from fawang.base.divisions.tests import factories as divisions


@pytest.fixture(autouse=True)
def _places(db, tmp_path):
    """The small invented country: 510000, 510100, 510107 and a few more."""
    division_selectors.forget()
    divisions.load(tmp_path)
    yield
    division_selectors.forget()
