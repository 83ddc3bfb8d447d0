"""The names of the business lines, as the catalogue has them; an unknown one shows its code."""

from __future__ import annotations

from django.utils.translation import get_language

from fawang.base.catalogue import selectors as catalogue
from fawang.front.frame.answers import in_language


def line_name(line: str) -> str:
    """A line's words."""
    return in_language(catalogue.line(line), "", get_language() or "")
