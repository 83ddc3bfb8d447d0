"""English needs its compiled catalogue, which is made at set-up and never committed."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import polib
import pytest
from django.utils.translation import trans_real

PO = Path(__file__).parent.parent / "locale" / "en" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="session", autouse=True)
def _english():
    trans_real.translation("en").merge(GNUTranslations(BytesIO(polib.pofile(str(PO)).to_binary())))
