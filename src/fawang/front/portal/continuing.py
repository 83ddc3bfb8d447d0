"""The short code of a half-filled form: with the phone it was begun with it is found again on any device."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from fawang.base.workorders import selectors as orders
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.policy import Actor

LENGTH = 6
_CODE = re.compile(r"[A-Z0-9]{6}")
# how many of one's newest matters are looked through
_LOOKED_AT = 100


def code_of(draft: str) -> str:
    """The code: the beginning of the draft's own name. It tells apart one's own drafts and opens nothing by itself."""
    return draft[:LENGTH].upper()


def checked(code: str) -> str:
    """The code as typed, in one form. Raises Invalid."""
    found = re.sub(r"[\s-]", "", code).upper()
    if not _CODE.fullmatch(found):
        raise Invalid({"code": _("续办码是 %(length)s 位字母和数字，写在没填完的那张表的下面。") % {"length": LENGTH}})
    return found


def find(actor: Actor, code: str) -> str:
    """The draft of that code among those of the acting party. Raises NotFound."""
    for row in orders.mine(actor, size=_LOOKED_AT).rows:
        if row.state == "DRAFT" and code_of(row.draft) == code.upper():
            return row.draft
    raise NotFound
