"""The names of the business lines: those that lines carry, and those of lines that this installation does not have but
institutions may serve."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue import selectors as catalogue
from fawang.front.frame.answers import in_language

OTHER_LINES: dict[str, str | Promise] = {
    "legal_aid": _("法律援助"),
    "notary": _("公证"),
}


def known() -> set[str]:
    """The codes of all lines that have a name."""
    return set(catalogue.lines()) | set(OTHER_LINES)


def line_name(line: str) -> str:
    """A line's words; an unknown one shows itself."""
    named = catalogue.lines().get(line)
    if named is not None:
        return in_language(named, "", get_language() or "")
    return str(OTHER_LINES.get(line, line))
