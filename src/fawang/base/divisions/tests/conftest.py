import pytest

from fawang.base.divisions import selectors


@pytest.fixture(autouse=True)
def _forget():
    """A rolled-back test leaves nothing in the process's memory."""
    selectors.forget()
    yield
    selectors.forget()
