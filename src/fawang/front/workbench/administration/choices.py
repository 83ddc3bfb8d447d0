"""What the fields of the administration pages offer, in the page's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language

from fawang.base.catalogue import selectors as catalogue
from fawang.base.organisations.values import (
    INSTITUTION_TYPES,
    LANGUAGE_NAMES,
    LEVEL_NAMES,
    MEMBER_ROLES,
    PARTNER_ROLES,
    PRACTITIONER_KINDS,
    ROLES,
    STATUS_NAMES,
    UNIT_ROLES,
)
from fawang.front.workbench.lines import line_name

Choice = tuple[str, str | Promise]


def types() -> tuple[Choice, ...]:
    """Types of institutions."""
    return tuple((code, words) for code, (words, _prefixes) in INSTITUTION_TYPES.items())


def levels() -> tuple[Choice, ...]:
    """Levels of the network."""
    return tuple(LEVEL_NAMES.items())


def statuses() -> tuple[Choice, ...]:
    """Whether an institution may work."""
    return tuple(STATUS_NAMES.items())


def lines(*more: str) -> tuple[Choice, ...]:
    """The business lines as people are shown them, then `more` that this installation does not have."""
    return tuple((code, line_name(code)) for code in dict.fromkeys([*catalogue.lines(), *sorted(more)]))


def domains(*more: str) -> tuple[Choice, ...]:
    """Fields of law, as orders are classified by; codes of `more` that the table does not have come last."""
    language = get_language() or ""
    rows = {row.code: row.say(language) for row in catalogue.table("domain1")}
    rows |= {code: catalogue.row("domain", code).say(language) for code in more if code not in rows}
    return tuple(rows.items())


def languages(*more: str) -> tuple[Choice, ...]:
    """Languages in which people are served."""
    return (*LANGUAGE_NAMES.items(), *((code, code) for code in more if code not in LANGUAGE_NAMES))


def kinds() -> tuple[Choice, ...]:
    """Kinds of practitioners."""
    return tuple(PRACTITIONER_KINDS.items())


def roles(*, is_any: bool) -> tuple[Choice, ...]:
    """Roles that may be given: any, or the ordinary ones of an institution's people."""
    return tuple((code, ROLES[code]) for code in ROLES if code in (MEMBER_ROLES if is_any else UNIT_ROLES))


def key_roles() -> tuple[Choice, ...]:
    """Roles in which a partner's key may act."""
    return tuple((code, ROLES[code]) for code in ROLES if code in PARTNER_ROLES)
