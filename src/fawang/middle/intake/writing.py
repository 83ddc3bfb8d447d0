"""How a contact's row is made, changed and remembered: one place for the version, the event and the words' checks."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity.values import check_name
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock, crypto, ids
from fawang.kernel.errors import Invalid
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor
from fawang.middle.intake import events, sealing
from fawang.middle.intake.models import Contact
from fawang.middle.intake.values import MAX_WORDS


def new_number(day: datetime) -> str:
    """`CT`, the day in Shanghai, and eight random readable characters: never a counter, never digits only."""
    tail = ids.readable_code(8)
    while tail.isdigit():
        tail = ids.readable_code(8)
    return f"CT{clock.local(day):%Y%m%d}{tail}"


def make(actor: Actor, *, unit_id: int, channel: str, phone: str = "", **values: Any) -> Contact:  # noqa: ANN401
    """A new contact's row, with its opening in the log."""
    now = clock.now()
    sealed, index = sealing.seal_phone(phone)
    contact = Contact.objects.create(
        number=new_number(now), channel=channel, unit_id=unit_id,
        area=organisations.institution(unit_id).division_code, phone_sealed=sealed, phone_index=index,
        query_code=crypto.seal(ids.readable_code(8), context=sealing.CODE), started_at=now, **values,
    )  # fmt: skip
    log(actor, contact, events.OPENED, {"channel": channel, "unit": unit_id}, first=1)
    return contact


def log(actor: Actor, contact: Contact, name: str, data: dict[str, Any], *, first: int | None = None) -> None:
    """Append a fact to the contact's stream; the row is locked by the caller."""
    append(actor=actor, stream=f"contact:{contact.pk}", facts=[Fact(name, data)], first_sequence=first)


def note(actor: Actor, contact: Contact, name: str) -> None:
    """Append a fact to the stream of a contact that nobody has locked yet."""
    with transaction.atomic():
        log(actor, Contact.objects.select_for_update().get(pk=contact.pk), name, {})


def save(contact: Contact) -> None:
    """Write the row with its next version."""
    contact.version += 1
    contact.save()


def text(value: str, field: str, *, most: int = MAX_WORDS, is_multiline: bool = True, required: bool = False) -> str:
    """Checked free text; a person's words keep their own punctuation. Raises Invalid under the field's name."""
    cleaned = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not is_multiline:
        cleaned = " ".join(cleaned.split())
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in cleaned):
        raise Invalid({field: _("文字里有不能识别的控制字符，请删去后重新填写。")})
    if len(cleaned) > most:
        long = _("内容太长：最多 %(most)d 个字，现在是 %(now)d 个。") % {"most": most, "now": len(cleaned)}
        raise Invalid({field: long})
    if required and not cleaned:
        raise Invalid({field: _("请填写这一项。")})
    return cleaned


def person(value: str, field: str = "name") -> str:
    """A checked name, or empty."""
    if not value.strip():
        return ""
    try:
        return check_name(value)
    except ValueError as error:
        raise Invalid({field: str(error)}) from None


def code(value: str, field: str, table: str, *, required: bool = False) -> str:
    """A code of a code table, or empty. Raises Invalid under the field's name."""
    if (value and value not in catalogue.codes(table)) or (required and not value):
        raise Invalid({field: _("请从列出的选项中选择。")})
    return value
