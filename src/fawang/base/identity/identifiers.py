"""Numbers that name people, organisations and telephones: normalise, check, and say what is wrong.

Every `check_…` returns the normalised text or raises ValueError with a sentence in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from fawang.base.identity.names import narrow
from fawang.kernel import clock, ids


class IdType(StrEnum):
    """Kinds of identity documents (organisations.md §9)."""

    ID_CARD = "ID_CARD"
    HKMO_RESIDENCE = "HKMO_RESIDENCE"
    TW_RESIDENCE = "TW_RESIDENCE"
    HKMO_PERMIT = "HKMO_PERMIT"
    TW_PERMIT = "TW_PERMIT"
    FOREIGN_PR = "FOREIGN_PR"
    FOREIGN_PR_OLD = "FOREIGN_PR_OLD"
    PASSPORT = "PASSPORT"
    MILITARY = "MILITARY"
    HOUSEHOLD = "HOUSEHOLD"
    BIRTH_CERT = "BIRTH_CERT"
    CYBER_ID = "CYBER_ID"


# two-digit province codes of GB/T 2260; abolished counties stay in people's numbers, so no finer check
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
    ]
)
_RESIDENCE = {"81": IdType.HKMO_RESIDENCE, "82": IdType.HKMO_RESIDENCE, "83": IdType.TW_RESIDENCE}
_OLDEST_YEAR = 1850

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
USCC_PREFIXES = frozenset(
    [
        "11",
        "12",
        "13",
        "19",
        "21",
        "29",
        "31",
        "32",
        "33",
        "34",
        "35",
        "39",
        "41",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "59",
        "61",
        "62",
        "69",
        "71",
        "72",
        "79",
        "81",
        "89",
        "91",
        "92",
        "93",
        "A1",
        "A9",
        "N1",
        "N2",
        "N3",
        "Y1",
    ]
)


def normalise(text: str) -> str:
    """Half-width, without spaces and separators, in capitals."""
    return re.sub(r"[\s\-–—_.]", "", narrow(text)).upper()


def _checked_18(number: str, *, birth_at: int = 6) -> str:
    """Length, form, birth date and check character (GB 11643, ISO 7064 MOD 11-2)."""
    if len(number) == 15 and number.isdigit():
        raise ValueError(_("15 位的第一代身份证号码已经停用，请填写 18 位号码。"))
    if len(number) != 18:
        raise ValueError(_("证件号码应为 18 位，现在是 %(now)d 位。请核对有没有多写或漏写。") % {"now": len(number)})
    if not (number[:17].isdigit() and number[:17].isascii() and re.fullmatch(r"[0-9X]", number[17])):
        raise ValueError(_("证件号码的前 17 位应为数字，最后一位是数字或 X。请核对。"))
    _birth(number[birth_at : birth_at + 8])
    if ids.check_mod_11_2(number[:17]) != number[17]:
        raise ValueError(_("证件号码的最后一位(校验码)对不上，可能有一位写错了。请逐位核对。"))
    return number


def _birth(eight: str) -> date:
    try:
        born = date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        raise ValueError(_("证件号码里的出生日期 %(text)s 不存在。请核对第 7 到 14 位。") % {"text": eight}) from None
    if born.year < _OLDEST_YEAR or born > clock.today():
        raise ValueError(_("证件号码里的出生日期 %(text)s 不合理。请核对第 7 到 14 位。") % {"text": eight})
    return born


def check_id_card(text: str) -> str:
    """A resident's identity number (居民身份证, GB 11643), also of a residence permit (81, 82, 83…), normalised."""
    number = _checked_18(normalise(text))
    if number[:2] not in _PROVINCES and number[:2] not in _RESIDENCE:
        raise ValueError(_("证件号码开头的地区代码 %(text)s 不存在。请核对前两位。") % {"text": number[:2]})
    return number


def _own_id_card(text: str) -> str:
    number = check_id_card(text)
    if number[:2] in _RESIDENCE:
        raise ValueError(_("这是港澳台居民居住证的号码。请把证件类型改为“居住证”。"))
    return number


def _residence(*prefixes: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        number = _checked_18(normalise(text))
        if number[:6] not in prefixes:
            raise ValueError(_("居住证号码应以 %(text)s 开头。请核对证件类型。") % {"text": " / ".join(prefixes)})
        return number

    return check


def _foreign_pr(text: str) -> str:
    number = normalise(text)
    if len(number) == 18 and not number.startswith("9"):
        raise ValueError(_("外国人永久居留身份证号码应以 9 开头。请核对证件类型。"))
    _checked_18(number)
    if number[1:3] not in _PROVINCES:
        raise ValueError(_("证件号码里的受理地区代码 %(text)s 不存在。请核对第 2、3 位。") % {"text": number[1:3]})
    return number


def _pattern(pattern: str, sentence: Callable[[], str]) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        number = normalise(text)
        if not compiled.fullmatch(number):
            raise ValueError(sentence())
        return number

    return check


def _free(text: str) -> str:
    number = " ".join(narrow(text).split())
    if not 2 <= len(number) <= 20 or not number.isprintable():
        raise ValueError(_("证件号码应为 2 到 20 个字。请按证件上印的填写。"))
    return number


def _opaque(text: str) -> str:
    number = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9+/=_\-]{8,128}", number, re.ASCII):
        raise ValueError(_("网号的格式不对。请从国家网络身份认证 App 重新授权。"))
    return number


_CHECKS: dict[IdType, Callable[[str], str]] = {
    IdType.ID_CARD: _own_id_card,
    IdType.HOUSEHOLD: _own_id_card,
    IdType.HKMO_RESIDENCE: _residence("810000", "820000"),
    IdType.TW_RESIDENCE: _residence("830000"),
    IdType.HKMO_PERMIT: _pattern(
        r"[HM]\d{8}(\d{2})?", lambda: _("港澳居民来往内地通行证号码应为 H 或 M 加 8 位或 10 位数字。")
    ),
    IdType.TW_PERMIT: _pattern(
        r"\d{8}(\d{2})?|[A-Z]{1,2}\d{7,10}|\d{10}[A-Z]", lambda: _("台湾居民来往大陆通行证号码应为 8 位或 10 位数字。")
    ),
    IdType.FOREIGN_PR: _foreign_pr,
    IdType.FOREIGN_PR_OLD: _pattern(
        r"[A-Z]{3}\d{12}", lambda: _("旧版外国人永久居留证号码应为 3 个字母加 12 位数字。")
    ),
    IdType.PASSPORT: _pattern(r"[A-Z0-9]{5,17}", lambda: _("护照号码应为 5 到 17 位字母和数字。")),
    IdType.MILITARY: _free,
    IdType.BIRTH_CERT: _pattern(r"[A-Z]\d{9}", lambda: _("出生医学证明编号应为 1 个字母加 9 位数字。")),
    IdType.CYBER_ID: _opaque,
}
_WITH_BIRTH = frozenset(
    {IdType.ID_CARD, IdType.HOUSEHOLD, IdType.HKMO_RESIDENCE, IdType.TW_RESIDENCE, IdType.FOREIGN_PR}
)


def check_document(id_type: str, text: str) -> str:
    """The normalised number of a document. Raises ValueError for an unknown type or a number that cannot be."""
    try:
        check = _CHECKS[IdType(id_type)]
    except ValueError:
        raise ValueError(_("不认识这种证件类型。请从列表中选择。")) from None
    return check(text)


def look_up_text(id_type: str, number: str) -> str:
    """What the blind index is taken over. A child's number in the household book is the later card's number."""
    kind = IdType.ID_CARD if IdType(id_type) in _WITH_BIRTH - {IdType.FOREIGN_PR} else IdType(id_type)
    return f"{kind}:{number}"


def birth_date_of(id_type: str, number: str) -> date | None:
    """The birth date inside a checked number, or None where the document does not carry one."""
    if IdType(id_type) not in _WITH_BIRTH:
        return None
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(id_type: str, number: str) -> str:
    """`MALE` or `FEMALE` from the 17th digit of a checked number, or empty."""
    if IdType(id_type) not in _WITH_BIRTH - {IdType.FOREIGN_PR}:
        return ""
    return "MALE" if int(number[16]) % 2 else "FEMALE"


def uscc_check_character(seventeen: str) -> str:
    """The last character of a unified social credit code (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(seventeen, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_check_character(eight: str) -> str:
    """The check character of the inner organisation code (GB 11714)."""
    total = sum(int(c, 36) * w for c, w in zip(eight, _ORG_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_uscc(text: str) -> str:
    """A unified social credit code (统一社会信用代码), normalised. The inner code is judged by `uscc_warnings`."""
    code = normalise(text)
    if len(code) == 15 and code.isdigit():
        raise ValueError(_("15 位的旧注册号已经停用，请填写营业执照上 18 位的统一社会信用代码。"))
    if len(code) != 18:
        raise ValueError(_("统一社会信用代码应为 18 位，现在是 %(now)d 位。") % {"now": len(code)})
    wrong = sorted({c for c in code if c not in USCC_ALPHABET})
    if wrong:
        raise ValueError(
            _("统一社会信用代码里不会有 %(text)s(不用字母 I、O、S、V、Z)。请核对是不是看成了数字。")
            % {"text": " ".join(wrong)}
        )
    if not code[2:8].isdigit():
        raise ValueError(_("统一社会信用代码的第 3 到 8 位应为数字。请核对。"))
    if code[:2] not in USCC_PREFIXES:
        raise ValueError(_("统一社会信用代码的前两位 %(text)s 不存在。请核对。") % {"text": code[:2]})
    if uscc_check_character(code[:17]) != code[17]:
        raise ValueError(_("统一社会信用代码的最后一位(校验码)对不上，可能有一位写错了。请逐位核对。"))
    return code


def uscc_warnings(code: str) -> list[str]:
    """What is odd about a checked code without making it invalid: the inner organisation code does not add up."""
    if organisation_check_character(code[8:16]) != code[16]:
        return [_("统一社会信用代码中间的组织机构代码校验不符，请再核对一次原件。")]
    return []


_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})(?:-(\d{1,6}))?", re.ASCII)
_SERVICE = re.compile(r"1\d{2,4}|9\d{4,5}|400\d{7}|800\d{7}", re.ASCII)
_ABROAD = re.compile(r"\+(852|853)\d{8}|\+8869\d{8}|\+(?!86)[1-9]\d{6,14}", re.ASCII)


def check_phone(text: str) -> str:
    """A telephone number, normalised: 11 digits, `0AA-number[-extension]`, a service number, or `+` and E.164."""
    plain = re.sub(r"[\s()()–—_.]", lambda m: "-" if m[0] in "–—" else "", narrow(text))
    plain = re.sub(r"^(\+|00)86-?", "", plain)
    digits = plain.replace("-", "")
    if _MOBILE.fullmatch(digits):
        return digits
    head, _dash, extension = plain.rpartition("-")
    whole = f"{head.replace('-', '')}-{extension}" if plain.count("-") > 1 else digits
    landline = _LANDLINE.fullmatch(whole)
    if landline:
        return "-".join(part for part in landline.groups() if part)
    if _SERVICE.fullmatch(digits):
        return digits
    abroad = re.sub(r"^00", "+", digits)
    if _ABROAD.fullmatch(abroad):
        return abroad
    if digits.isdigit() and digits.startswith("1") and len(digits) != 11:
        raise ValueError(_("手机号码应为 11 位，现在是 %(now)d 位。") % {"now": len(digits)})
    raise ValueError(_("电话号码不对。手机填 11 位，固定电话加区号(如 028-12345678),境外号码以 + 开头。"))


def is_mobile(phone: str) -> bool:
    """Whether a normalised number is a mainland mobile number, which can receive codes."""
    return _MOBILE.fullmatch(phone) is not None


def check_mobile(text: str) -> str:
    """A mainland mobile number, normalised. Raises ValueError for anything else."""
    phone = check_phone(text)
    if not is_mobile(phone):
        raise ValueError(_("这里需要能收短信的手机号码(11 位，以 1 开头)。"))
    return phone


def phone_warnings(phone: str) -> list[str]:
    """What is odd about a checked number: 14x numbers are mostly data cards that cannot be called."""
    if is_mobile(phone) and phone.startswith("14"):
        return [_("14 开头的多为上网卡，可能打不通。请再留一个电话。")]
    return []
