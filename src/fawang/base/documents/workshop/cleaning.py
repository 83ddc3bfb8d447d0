"""One file, whatever it is: recognised, checked, cleaned."""

from __future__ import annotations

from fawang.base.documents.workshop import kinds, office, pdfs, pictures
from fawang.base.documents.workshop.values import Cleaned, Limits


def clean(data: bytes, limits: Limits) -> Cleaned:
    """The file as it may be kept. Raises Refused with the code of what is wrong."""
    kind = kinds.sniff(data)
    if kind in kinds.PICTURES:
        return pictures.clean(data, kind, limits)
    if kind == kinds.PDF:
        return pdfs.clean(data, limits)
    if kind == kinds.ZIP:
        return office.clean(data, limits)
    return Cleaned(kind, kind, data)
