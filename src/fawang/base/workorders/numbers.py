"""Order numbers (work-order standard §1): `PLS` + date + division + channel + keyed serial + check character."""

from __future__ import annotations

import re
from datetime import date

from fawang.kernel import crypto, ids

_TOKEN = re.compile(r"[a-z0-9]{10,30}")
_PATTERN = re.compile(r"^PLS(\d{8})(\d{6})(\d{2})(\d{6})([\dX])$")


def number(pk: int, *, day: date, area: str, channel: str) -> str:
    """The number of the order with row id `pk`, filed on `day` (Shanghai) in `area` through `channel`.

    The six digits are a keyed permutation of the row id under the day, division and channel: unique within the day
    without a counter of their own, and silent about how many there were.
    """
    head = f"{day:%Y%m%d}{area[:6]}{channel}"
    serial = ids.serial(pk % 1_000_000, key=crypto.derive("workorders.number"), tweak=head)
    digits = f"{head}{serial:06d}"
    return f"PLS{digits}{ids.check_mod_11_2(digits)}"


def normalise(text: str) -> str:
    """A number as people type or say it (spaces, dashes, lower case) in its stored form."""
    return re.sub(r"[\s\-–—·.]", "", text).upper()


def named(reference: str) -> dict[str, str]:
    """The look-up for an order that somebody names by number or, while it is a draft, by its token.

    What can be neither (odd characters, any length) becomes a token nobody has: both databases then find nothing.
    """
    wanted = normalise(reference)
    if wanted.startswith("PLS"):
        return {"number": wanted if _PATTERN.match(wanted) else ""}
    return {"draft_token": reference if _TOKEN.fullmatch(reference) else ""}


def is_valid(text: str) -> bool:
    """Whether the text is a number with a right check character."""
    match = _PATTERN.match(text)
    return match is not None and ids.check_mod_11_2(text[3:25]) == match.group(5)


def spoken(text: str) -> str:
    """The number in groups, for reading aloud and for print."""
    match = _PATTERN.match(text)
    return f"PLS {' '.join(match.groups()[:3])} {match.group(4)}{match.group(5)}" if match else text
