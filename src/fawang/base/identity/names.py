"""Names and free text: clean, order, mask."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

MAX_NAME_CHARACTERS = 100
MIDDLE_DOT = "·"
# what keyboards produce where the middle dot (U+00B7) of a name is meant
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･．", MIDDLE_DOT))
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_COMPOUND_SURNAMES = frozenset(
    """欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
    公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋
    夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五 东里 东宫 仲长 即墨 达奚 褚师
    纳兰 完颜 叶赫 那拉""".split()  # noqa: SIM905
)


def narrow(text: str) -> str:
    """Full-width letters, digits, signs and spaces as half-width ones; Chinese characters stay as they are."""
    return text.translate(_WIDE)


def clean_text(text: str, *, max_characters: int, is_multiline: bool = False) -> str:
    """Free text, narrowed and trimmed, with runs of spaces made one. Raises ValueError for control characters
    (a NUL cannot be stored on every database) and beyond `max_characters`."""
    cleaned = narrow(text)
    if is_multiline:
        cleaned = cleaned.replace("\r\n", "\n").replace("\r", "\n").strip()
    else:
        cleaned = " ".join(cleaned.split(" ")).strip()
        cleaned = re.sub(r" {2,}", " ", cleaned)
    allowed = "\n\t" if is_multiline else ""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in cleaned):
        raise ValueError(_("文字里有不能识别的控制字符，请删去后重新填写。"))
    if len(cleaned) > max_characters:
        raise ValueError(
            _("内容太长：最多 %(most)d 个字，现在是 %(now)d 个。") % {"most": max_characters, "now": len(cleaned)}
        )
    return cleaned


def check_name(text: str) -> str:
    """A person's or organisation's name, normalised. Rare characters outside the BMP and `·` are welcome
    (GB 18030-2022). Raises ValueError when it is empty, too long, or has no letter at all."""
    name = clean_text(text.translate(_DOTS), max_characters=MAX_NAME_CHARACTERS)
    name = re.sub(rf"\s*{MIDDLE_DOT}\s*", MIDDLE_DOT, name)
    if not name:
        raise ValueError(_("请填写姓名或名称。"))
    if not any(c.isalpha() or ord(c) > 0xFFFF for c in name):
        raise ValueError(_("姓名或名称里至少要有一个文字。"))
    return name


def _spelled(rest: str) -> str:
    """What stands for characters without a known reading: themselves, or their number."""
    return "".join(c if c.isascii() else f"u{ord(c):05x}" for c in rest)


def pinyin_key(text: str) -> str:
    """A sort and search key of a–z and 0–9 only, so that both databases order it alike; at most 200 characters."""
    syllables = lazy_pinyin(text, errors=_spelled)
    plain = unicodedata.normalize("NFKD", "".join(syllables)).lower()
    return re.sub(r"[^a-z0-9]", "", plain)[:200]


def _stars(part: str) -> str:
    return part[0] + "*" * (len(part) - 1) if part else ""


def mask_name(name: str) -> str:
    """张三 → 张*, 张三丰 → 张**, 欧阳锋 → 欧阳*, `John Smith` → `J*** S****`; a single character is hidden."""
    if len(name) < 2:
        return "*" * len(name)
    if name.isascii() or " " in name:
        return " ".join(_stars(part) for part in name.split(" "))
    if MIDDLE_DOT in name:
        first, *rest = name.split(MIDDLE_DOT)
        return MIDDLE_DOT.join([_stars(first), *("*" * len(part) for part in rest)])
    kept = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:kept] + "*" * (len(name) - kept)


def mask_id_no(number: str) -> str:
    """`510107199003075317` → `510107********5317`; shorter numbers keep one character in front and two behind."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    if len(number) > 5:
        return number[0] + "*" * (len(number) - 3) + number[-2:]
    return "*" * len(number)


def mask_phone(phone: str) -> str:
    """`13800001234` → `138****1234`, `028-85551234` → `028-****1234`; public service numbers stay readable."""
    if len(phone) <= 6:
        return phone
    if len(phone) == 11 and phone.isdigit():
        return phone[:3] + "****" + phone[-4:]
    head, dash, rest = phone.partition("-")
    if dash and head.startswith("0"):
        return f"{head}-****{rest.split('-')[0][-4:]}"
    kept = 4 if phone.startswith("+") else 3
    return phone[:kept] + "****" + phone[-min(4, len(phone) - kept) :]


def mask_email(email: str) -> str:
    """`someone@example.cn` → `s***@example.cn`."""
    name, at, host = email.rpartition("@")
    return f"{name[:1]}***{at}{host}" if at else ""


def mask_address(address: str) -> str:
    """Only that there is one: the district is shown from the division code (compliance §2.16)."""
    return "****" if address else ""
