"""The county of the conformance tests, with a service that asks every kind of question, and somebody else's file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fawang.base.catalogue import services as catalogue
from fawang.base.documents import services as documents
from fawang.base.identity.tests import factories as people
from tests.conformance.conftest import county

__all__ = ["county", "foreign", "ground"]
DEFINITIONS = Path(__file__).parent / "definitions"


@pytest.fixture
def ground(county):
    """The county, once the probe is published too."""
    catalogue.publish_all(people.SYSTEM, extra=DEFINITIONS)
    return county


@pytest.fixture
def foreign(ground, settings, tmp_path):
    """The token of a file that somebody else handed in."""
    stranger = people.citizen(people.make_account(name="别人"))
    return documents.store(stranger, SimpleUploadedFile("别人.txt", "不给人看".encode(), "text/plain")).token
