"""From values on a paper to fields of an answer: what they mean, and how far to trust them."""

from __future__ import annotations

import re
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fawang.base.documents.ocr.layout import Value
from fawang.base.documents.values import ReadField
from fawang.base.identity.values import birth_date_of, check_id_card, check_uscc, sex_of

LABELS: dict[str, str | Promise] = {
    "name": _("姓名"), "sex": _("性别"), "ethnicity": _("民族"), "birth": _("出生日期"), "address": _("住址"),
    "number": _("公民身份号码"), "issuer": _("签发机关"), "valid_from": _("有效期自"), "valid_until": _("有效期至"),
    "relation": _("户主或与户主关系"), "organisation": pgettext_lazy("on a licence", "名称"),
    "uscc": _("统一社会信用代码"), "representative": _("法定代表人"), "seat": pgettext_lazy("on a licence", "住所"),
    "text": _("文字"),
}  # fmt: skip
KINDS = {
    "name": "name", "sex": "choice", "birth": "date", "number": "id_number", "valid_from": "date",
    "uscc": "uscc", "text": "long_text",
}  # fmt: skip
# whom a paper is about → what its fields mean; codes of the catalogue's table `meaning`
MEANINGS: dict[str, dict[str, str]] = {
    "applicant": {"name": "applicant.name", "number": "applicant.id_number", "sex": "applicant.sex",
                  "birth": "applicant.birth_date", "address": "applicant.address"},
    "deceased": {"name": "deceased.name", "number": "deceased.id_number", "address": "deceased.address"},
    "family.spouse": {"name": "family.spouse_name", "number": "family.spouse_id"},
    "other": {"name": "other.name", "address": "other.address", "organisation": "other.name", "seat": "other.address"},
    "org": {"organisation": "org.name", "uscc": "org.uscc", "representative": "org.representative"},
    "company": {"organisation": "company.name", "uscc": "company.uscc"},
    "employer": {"organisation": "employer.name", "seat": "employer.address"},
}  # fmt: skip
# a value that does not pass its own check is shown as doubtful, whatever the reader thinks
DOUBTFUL = 50
_LOOKALIKE = str.maketrans("OQDIL|BSZ", "000111852")
_BRACKETS = str.maketrans("()", "（）")
_DIGITS_18 = re.compile(r"[0-9]{17}[0-9X]")
_DATE = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")


def field(name: str, value: Value | None, about: str, *, is_certain: bool = True) -> list[ReadField]:
    """The field in a list; an empty list where nothing was read."""
    if value is None or not value.text:
        return []
    confidence = round(value.sure * 100)
    # names and addresses are written with wide brackets; comparing labels made them narrow
    text = value.text.translate(_BRACKETS) if name in {"organisation", "address", "seat"} else value.text
    meaning = MEANINGS.get(about, {}).get(name, "")
    return [ReadField(name, meaning, LABELS[name], KINDS.get(name, "text"), text,
                      confidence if is_certain else min(confidence, DOUBTFUL))]  # fmt: skip


def day(value: Value | None) -> Value | None:
    """A date as 2026-11-23, where there is one."""
    found = _DATE.search(value.text) if value else None
    if value is None or found is None:
        return None
    try:
        return Value(date(*(int(part) for part in found.groups())).isoformat(), value.sure)
    except ValueError:
        return None


def id_number(texts: list[Value]) -> tuple[Value | None, bool]:
    """The first text that is a valid identity number; else the first that looks like one. The second: is it valid?"""
    doubtful: Value | None = None
    for value in texts:
        upper = value.text.upper().replace("×", "X")
        # letters that readers take digits for, except the X at the end
        for start in range(len(upper) - 17):
            part = upper[start : start + 18]
            digits = part[:17].translate(_LOOKALIKE) + part[17].translate(_LOOKALIKE)
            if not _DIGITS_18.fullmatch(digits):
                continue
            if sum(c.isdigit() for c in part) < 15:
                continue
            try:
                return Value(check_id_card(digits), value.sure), True
            except ValueError:
                doubtful = doubtful or Value(digits, value.sure)
    return doubtful, False


def uscc(value: Value | None) -> tuple[Value | None, bool]:
    """The code of an organisation, and whether its check character is right."""
    found = re.search(r"[0-9A-Z]{18}", value.text.upper()) if value else None
    if value is None or found is None:
        return None, False
    # the alphabet has no I, O, S, V, Z (GB 32100): they are misread digits
    code = found[0].translate(str.maketrans("OIZS", "0125"))
    try:
        return Value(check_uscc(code), value.sure), True
    except ValueError:
        return Value(code, value.sure), False


def birth_and_sex(number: Value | None, is_valid: bool) -> tuple[str, str]:
    """What a valid number says of birth (as a date) and sex (`male`, `female`)."""
    if number is None or not is_valid:
        return "", ""
    born = birth_date_of("ID_CARD", number.text)
    return born.isoformat() if born else "", sex_of("ID_CARD", number.text).lower()
