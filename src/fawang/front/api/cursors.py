"""Places in a list, sealed: a page's key is a row's id, and ids tell how many rows there are."""

from __future__ import annotations

import base64
import binascii

from django.utils.translation import gettext as _

from fawang.kernel import crypto
from fawang.kernel.errors import Invalid

CONTEXT = "api.cursor"


def close(key: str) -> str:
    """The key as the outside gets it; empty stays empty."""
    return base64.urlsafe_b64encode(crypto.seal(key, context=CONTEXT).encode()).decode() if key else ""


def open_(cursor: str) -> str:
    """The key again. Raises Invalid for anything that was not made by `close`."""
    if not cursor:
        return ""
    try:
        sealed = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii")
        return crypto.unseal(sealed, context=CONTEXT)
    except (crypto.CannotOpen, binascii.Error, ValueError):
        raise Invalid({"after": _("请原样传回上一页给出的 next。")}) from None
