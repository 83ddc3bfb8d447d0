"""Check and normalise what was said about a party, all at once, so that a form shows every mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.identity.identifiers import IdType, birth_date_of, check_document, check_phone, check_uscc, sex_of
from fawang.base.identity.names import check_name, clean_text, narrow
from fawang.base.identity.values import PartyData, PartyKind, Sex
from fawang.kernel import clock
from fawang.kernel.errors import Invalid

MAX_ADDRESS_CHARACTERS = 200
_CODE = re.compile(r"\d{6}(\d{3}(\d{3})?)?", re.ASCII)


def check_email(text: str) -> str:
    """An e-mail address, narrowed and trimmed. Raises ValueError."""
    email = narrow(text).strip()
    try:
        validate_email(email)
    except ValidationError:
        raise ValueError(_("电子邮箱的格式不对，应像 name@example.cn。")) from None
    return email


def check_address(text: str) -> str:
    """The detail part of an address, up to 200 characters. Raises ValueError."""
    return clean_text(text, max_characters=MAX_ADDRESS_CHARACTERS)


def _division(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(_("地区代码应为 6、9 或 12 位数字。请从列表中选择。"))
    return text


def _nationality(text: str) -> str:
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code, re.ASCII):
        raise ValueError(_("国籍请用三个字母的代码，如 CHN。"))
    return code


def _one_of(kind: type[StrEnum]) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(_("请从列表中选择。")) from None

    return check


_CHECKS: dict[str, Callable[[str], str]] = {
    "kind": _one_of(PartyKind),
    "name": check_name,
    "id_type": _one_of(IdType),
    "uscc": check_uscc,
    "phone": check_phone,
    "email": check_email,
    "sex": _one_of(Sex),
    "division_code": _division,
    "address": check_address,
    "nationality": _nationality,
}


def clean(data: PartyData) -> PartyData:
    """The same data, normalised. Birth date and sex follow from an identity number. Raises Invalid with a sentence
    for every field that is wrong. Whether a division exists is not asked here: forms choose it from the list."""
    wrong: dict[str, str | Promise] = {}
    right: dict[str, Any] = {}
    for name, check in _CHECKS.items():
        value = getattr(data, name)
        if value:
            try:
                right[name] = check(value)
            except ValueError as error:
                wrong[name] = str(error)
    kind = right.get("kind", data.kind)
    if not data.name and kind != PartyKind.ANONYMOUS:
        wrong["name"] = _("请填写姓名或名称。")
    if data.id_no and "id_type" not in wrong:
        right["id_type"] = right.get("id_type", IdType.ID_CARD)
        try:
            right["id_no"] = check_document(right["id_type"], data.id_no)
        except ValueError as error:
            wrong["id_no"] = str(error)
    elif not data.id_no:
        right["id_type"] = ""
    if data.uscc and kind == PartyKind.PERSON:
        wrong["uscc"] = _("统一社会信用代码是单位的代码。个人请填写证件号码。")
    if data.birth_date and data.birth_date > clock.today():
        wrong["birth_date"] = _("出生日期不能晚于今天。")
    if wrong:
        raise Invalid(wrong)
    if right.get("id_no"):
        right["birth_date"] = birth_date_of(right["id_type"], right["id_no"]) or data.birth_date
        right["sex"] = sex_of(right["id_type"], right["id_no"]) or right.get("sex", "")
    right["special_groups"] = tuple(dict.fromkeys(data.special_groups))
    return replace(data, **right)
