"""Which fields are sealed, in which context, and how they are written, opened and re-sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from fawang.base.identity.identifiers import look_up_text
from fawang.base.identity.models import Account, Party
from fawang.kernel import crypto

ID_NO = "identity.id_no"
USCC = "identity.uscc"
PHONE = "identity.phone"
EMAIL = "identity.email"
ADDRESS = "identity.address"
TOTP = "identity.totp"
CONTACT = "identity.contact"


@dataclass(frozen=True)
class Sealed:
    """A sealed column, its context, and the column of its blind index (empty = none)."""

    model: type[models.Model]
    column: str
    context: str
    index_column: str = ""


SEALED: tuple[Sealed, ...] = (
    Sealed(Party, "id_no_sealed", ID_NO, "id_no_index"),
    Sealed(Party, "uscc_sealed", USCC, "uscc_index"),
    Sealed(Party, "phone_sealed", PHONE, "phone_index"),
    Sealed(Party, "email_sealed", EMAIL),
    Sealed(Party, "address_sealed", ADDRESS),
    Sealed(Account, "phone_sealed", PHONE, "phone_index"),
    Sealed(Account, "email_sealed", EMAIL),
    Sealed(Account, "totp_sealed", TOTP),
)


def seal(text: str, context: str) -> str:
    """The sealed text, or empty for an empty one."""
    return crypto.seal(text, context=context) if text else ""


def unseal(value: str, context: str) -> str:
    """The text that was sealed, or empty."""
    return crypto.unseal(value, context=context) if value else ""


def id_index(id_type: str, number: str) -> str:
    """The present blind index of a checked document number."""
    return crypto.index(look_up_text(id_type, number), context=ID_NO)


def id_indexes(id_type: str, number: str) -> list[str]:
    """Every blind index the number may be stored under."""
    return crypto.indexes(look_up_text(id_type, number), context=ID_NO)


def contact_text(phone: str, name: str) -> str:
    """What the index of a party without a number is taken over."""
    return f"{phone}|{name}"


def phone_indexes(phone: str) -> list[str]:
    """Every blind index a checked telephone number may be stored under."""
    return crypto.indexes(phone, context=PHONE)


def _looked_up(sealed: Sealed, row: models.Model, plain: str) -> str:
    if sealed.context == ID_NO:
        return look_up_text(getattr(row, "id_type", ""), plain)
    return plain


def _reseal_row(sealed: Sealed, row: models.Model) -> bool:
    old = getattr(row, sealed.column)
    plain = crypto.unseal(old, context=sealed.context)
    changes: dict[str, Any] = {sealed.column: crypto.seal(plain, context=sealed.context)}
    # a number that was given up in a merge has no index, and gets none
    if sealed.index_column and getattr(row, sealed.index_column):
        changes[sealed.index_column] = crypto.index(_looked_up(sealed, row, plain), context=sealed.context)
    if sealed.column == "phone_sealed" and isinstance(row, Party) and row.contact_index:
        changes["contact_index"] = crypto.index(contact_text(plain, row.name), context=CONTACT)
    manager = type(row)._default_manager
    # compare-and-set: a row that somebody changed meanwhile is taken up in the next run
    return bool(manager.filter(pk=row.pk, **{sealed.column: old}).update(**changes))


def reseal(batch: int = 500) -> tuple[int, int]:
    """Rewrite up to `batch` rows of every sealed column that are not under the present suite and key.

    Returns how many were rewritten and how many could not be, because the same number exists twice (one under an
    older key): those need a person. Safe to run again and beside a running server.
    """
    done = stuck = 0
    current = f"{settings.FAWANG_SEAL_SUITE}:{crypto.current_key_id()}:"
    current_index = f"{settings.FAWANG_INDEX_SUITE}:{crypto.current_key_id()}:"
    for sealed in SEALED:
        old = ~Q(**{f"{sealed.column}__startswith": current})
        if sealed.index_column:
            without = Q(**{f"{sealed.index_column}__isnull": True}) | Q(**{sealed.index_column: ""})
            old |= ~Q(**{f"{sealed.index_column}__startswith": current_index}) & ~without
        rows = sealed.model._default_manager.exclude(**{sealed.column: ""}).filter(old).order_by("pk")[:batch]
        for row in rows:
            try:
                with transaction.atomic():
                    done += _reseal_row(sealed, row)
            except IntegrityError:
                stuck += 1
    return done, stuck
