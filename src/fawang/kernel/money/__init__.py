"""Money is an integer number of fen; this room only shows and reads it."""

from __future__ import annotations

import re
from decimal import Decimal

# no exponents, no underscores, no endless numbers: what people write as an amount, below ten million million yuan
_YUAN = re.compile(r"[+-]?(\d{1,13}(\.\d{0,10})?|\.\d{1,10})")


def show(fen: int) -> str:
    """`123456` → `¥1,234.56`."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}.{rest:02d}"


def parse(text: str) -> int:
    """Yuan as people write them (`1,234.5`, `¥12`) → fen. Raises ValueError beyond two decimals or for no number."""
    cleaned = text.strip().removeprefix("¥").removeprefix("￥").replace(",", "").replace("，", "").strip()
    if not _YUAN.fullmatch(cleaned):
        raise ValueError("not an amount")
    fen = Decimal(cleaned) * 100
    if fen != fen.to_integral_value():
        raise ValueError("more than two decimals")
    return int(fen)


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_TENS = ("", "拾", "佰", "仟")
_BIG = ("", "万", "亿", "万亿")


def words(fen: int) -> str:
    """An amount as it is written on contracts (大写): `¥10,203.50` → 壹万零贰佰零叁元伍角."""
    yuan, rest = divmod(abs(fen), 100)
    jiao, cent = divmod(rest, 10)
    text = _whole(yuan) + "元" if yuan else ""
    if not rest:
        return (text or "零元") + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif yuan:
        text += "零"
    return text + (_DIGITS[cent] + "分" if cent else "整")


def _whole(number: int) -> str:
    text, is_gap = "", False
    groups = []
    while number:
        number, low = divmod(number, 10_000)
        groups.append(low)
    for position in range(len(groups) - 1, -1, -1):
        four = groups[position]
        if not four:
            is_gap = bool(text)
            continue
        if text and (is_gap or four < 1_000):
            text += "零"
        text += _four(four) + _BIG[position]
        is_gap = False
    return text


def _four(number: int) -> str:
    text, is_gap = "", False
    for position in range(3, -1, -1):
        digit = number // 10**position % 10
        if digit:
            text += ("零" if is_gap and text else "") + _DIGITS[digit] + _TENS[position]
            is_gap = False
        else:
            is_gap = True
    return text
