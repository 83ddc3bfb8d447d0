"""The stylesheet: written in parts, served as one file made at set-up.

`write_bundle` joins the parts; `parts_or_bundle` serves the joined file only while it is true to the parts, so an
edit without a new set-up is seen at once.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).parent / "static" / "frame"
PARTS = ("tokens.css", "base.css", "components.css", "lists.css", "forms.css", "upload.css", "staff.css", "print.css")
BUNDLE = "frame/fawang.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s*\n\s*")


def bundle_text() -> str:
    """All parts in order, without comments and indents; the first line carries the digest of the parts."""
    joined = "\n".join((FOLDER / part).read_text(encoding="utf-8") for part in PARTS)
    digest = hashlib.sha256(joined.encode()).hexdigest()[:16]
    return f"/* {digest} */\n" + _BLANK.sub("\n", _COMMENT.sub("", joined)).strip() + "\n"


def bundle_path() -> Path:
    """Where the joined stylesheet lies in this installation."""
    return Path(settings.HOME) / "assets" / BUNDLE


def write_bundle() -> Path:
    """Write the joined stylesheet and return where."""
    path = bundle_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(bundle_text(), encoding="utf-8")
    return path


@lru_cache(maxsize=1)
def parts_or_bundle() -> tuple[str, ...]:
    """The static names to link: the one bundle when it is fresh, else the parts. Read once a process."""
    path = bundle_path()
    if path.exists() and path.read_text(encoding="utf-8") == bundle_text():
        return (BUNDLE,)
    return tuple(f"frame/{part}" for part in PARTS)
