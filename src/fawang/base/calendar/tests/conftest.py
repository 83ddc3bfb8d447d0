import subprocess
from pathlib import Path

import pytest
from django.utils.translation import trans_real

from fawang.kernel.outbox import services as outbox

LOCALE = Path(__file__).parents[1] / "locale" / "en" / "LC_MESSAGES"


@pytest.fixture(scope="session", autouse=True)
def _english():
    """English comes from the room's compiled catalogue; compile it where the installation has not."""
    text, compiled = LOCALE / "django.po", LOCALE / "django.mo"
    if not compiled.exists() or compiled.stat().st_mtime < text.stat().st_mtime:
        subprocess.run(["msgfmt", "-o", compiled, text], check=True)
        trans_real._translations.clear()


@pytest.fixture(scope="session", autouse=True)
def _somebody_keeps_clocks():
    """Whoever keeps clocks hears of changes; where that room is absent, nobody minds."""
    if "calendar.changed" not in outbox.kinds():
        outbox.handles("calendar.changed")(lambda payload: None)
