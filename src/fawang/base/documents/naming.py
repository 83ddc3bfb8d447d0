"""A file's name as we keep it: without paths, tricks and surprises, with the ending its content deserves."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from fawang.base.documents.errors import Disguised
from fawang.base.documents.values import MAX_NAME_CHARACTERS
from fawang.base.documents.workshop.kinds import ENDINGS, PICTURES

_FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')
_KNOWN = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}
_OF_PICTURES = {ending for kind in PICTURES for ending in ENDINGS[kind]} | {"heic", "heif"}
# endings that mean a kind we never take, so that a mismatch can be named
_OTHERS = {"doc", "xls", "ppt", "exe", "js", "html", "htm", "svg", "zip", "rar", "7z", "bat", "cmd", "msi", "apk",
           "docm", "xlsm", "pptm", "dotm", "jar", "ps1", "sh", "php", "heic", "heif", "lnk", "scr", "vbs", "hta", "com",
           "mp3", "mp4", "mov", "tif", "tiff", "bmp"}  # fmt: skip


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # control, format (right-to-left overrides) and unpaired surrogates out
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    return " ".join(_FORBIDDEN.sub(" ", text).split()).strip(". ")


def clean_name(name: str, found: str, kept: str = "") -> str:
    """The name to keep for a file of kind `found` that is kept as `kept`, where that differs.

    Raises Disguised when its ending belongs to another kind than the content.
    """
    plain = _plain(name)
    stem, dot, ending = plain.rpartition(".")
    ending = ending.lower() if dot else ""
    fitting = ENDINGS[found]
    if ending in _KNOWN or ending in _OTHERS:
        # phones and messengers give pictures each other's endings, and all of them are written anew
        if ending not in (_OF_PICTURES if found in PICTURES else fitting):
            raise Disguised(named=ending, found=fitting[0])
    else:
        stem, ending = plain, fitting[0]
    if ending not in ENDINGS[kept or found]:
        ending = ENDINGS[kept or found][0]
    stem = stem.strip(". ") or _("文件")
    return f"{stem[: MAX_NAME_CHARACTERS - len(ending) - 1]}.{ending}"
