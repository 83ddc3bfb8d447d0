"""A file's name as we keep it: without paths, tricks and surprises, with the ending its content deserves."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from fawang.base.documents.content import ENDINGS
from fawang.base.documents.errors import Disguised
from fawang.base.documents.values import MAX_NAME_CHARACTERS

_FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')
_KNOWN = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}
# endings that mean a kind we never take, so that a mismatch can be named
_OTHERS = {"doc", "xls", "ppt", "exe", "js", "html", "htm", "svg", "zip", "rar", "7z", "bat", "cmd", "msi", "apk",
           "docm", "xlsm", "jar", "ps1", "sh", "php"}  # fmt: skip


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # control, format (right-to-left overrides) and unpaired surrogates out
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    return " ".join(_FORBIDDEN.sub(" ", text).split()).strip(". ")


def clean_name(name: str, media_type: str) -> str:
    """The name to keep. Raises Disguised when its ending belongs to another kind than the content."""
    plain = _plain(name)
    stem, dot, ending = plain.rpartition(".")
    ending = ending.lower() if dot else ""
    fitting = ENDINGS[media_type]
    if ending in _KNOWN or ending in _OTHERS:
        if ending not in fitting:
            raise Disguised(named=ending, found=fitting[0])
    else:
        stem, ending = plain, fitting[0]
    stem = stem.strip(". ") or _("文件")
    return f"{stem[: MAX_NAME_CHARACTERS - len(ending) - 1]}.{ending}"
