"""Licence numbers of practitioners (§7): what each kind must look like, and which older forms are still met."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from fawang.base.identity.values import clean_text

LAWYERS = frozenset({"LAWYER_FT", "LAWYER_PT", "LAWYER_PUBLIC", "LAWYER_COMPANY", "LAWYER_AID"})
# without one of these nobody practises: a number must be given
MUST_HAVE = LAWYERS | {"NOTARY", "FORENSIC_EXPERT", "BASIC_LEGAL_WORKER"}
_PLAIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff()\-\[\]〔〕号第字]{4,40}")


def check_licence(kind: str, text: str) -> tuple[str, bool]:
    """The normalised number and whether it is of an older form. Raises ValueError with a sentence.

    A lawyer's is `1` and sixteen digits; twelve to fourteen digits are older certificates, accepted and marked.
    """
    number = clean_text(text, max_characters=40).replace(" ", "").upper()
    if not number:
        if kind in MUST_HAVE:
            raise ValueError(_("请填写执业证号。没有执业证的人员请选择其他人员类别。"))
        return "", False
    if kind in LAWYERS:
        return _lawyer(number)
    if kind == "LAWYER_INTERN":
        return _digits(number, r"\d{14}", _("实习证号应为 14 位数字。")), False
    if kind == "FORENSIC_EXPERT":
        # twelve digits in the common scheme; provinces differ, so other lengths are marked, not refused
        plain = _digits(number, r"\d{9,18}", _("司法鉴定人执业证号应为 12 位数字。"))
        return plain, len(plain) != 12
    if kind == "BASIC_LEGAL_WORKER":
        plain = _digits(number, r"\d{8,18}", _("基层法律服务工作者执业证号应为数字，以 3 开头。"))
        return plain, not plain.startswith("3")
    if kind == "NOTARY":
        return _digits(number, r"\d{6,20}", _("公证员执业证号应为数字。")), False
    if not _PLAIN.fullmatch(number):
        raise ValueError(_("证号应为 4 到 40 位字母、数字或汉字。请按证件上印的填写。"))
    return number, False


def _digits(number: str, pattern: str, sentence: str) -> str:
    if not re.fullmatch(pattern, number, re.ASCII):
        raise ValueError(sentence)
    return number


def _lawyer(number: str) -> tuple[str, bool]:
    if re.fullmatch(r"1\d{16}", number, re.ASCII):
        return number, False
    if re.fullmatch(r"\d{12,14}", number, re.ASCII):
        return number, True
    raise ValueError(
        _("律师执业证号应为以 1 开头的 17 位数字(旧证为 12 到 14 位),现在是 %(now)d 位。") % {"now": len(number)}
    )
