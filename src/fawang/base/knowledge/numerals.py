"""Chinese numerals as laws write them: 一千零六十二 is 1062."""

from __future__ import annotations

_DIGITS = {
    "零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
    "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000, "万": 10_000}
_TENS = {"廿": 20, "卅": 30}
_WRITTEN = "零一二三四五六七八九"
NUMERAL = "".join([*_DIGITS, *_UNITS, *_TENS])


def number_of(text: str) -> int | None:
    """The number that a numeral means, in Chinese or Arabic digits (half or full width); None if it is none."""
    clean = text.strip()
    if not clean:
        return None
    if clean.isdecimal():
        return int(clean)
    if any(sign not in NUMERAL for sign in clean):
        return None
    if not any(sign in _UNITS or sign in _TENS for sign in clean):
        # 一〇六二: digit by digit
        return int("".join(str(_DIGITS[sign]) for sign in clean))
    total, waiting = 0, 0
    for sign in clean:
        if sign in _DIGITS:
            waiting = _DIGITS[sign]
        elif sign in _TENS:
            total, waiting = total + _TENS[sign], 0
        elif sign == "万":
            total, waiting = (total + waiting) * _UNITS[sign], 0
        else:
            total, waiting = total + (waiting or 1) * _UNITS[sign], 0
    return total + waiting


def written(number: int) -> str:
    """The numeral laws use: 1062 is 一千零六十二, 10 is 十. Raises ValueError outside 1…9999."""
    if not 0 < number < 10_000:
        raise ValueError("laws number their articles from 1 to 9999")
    parts: list[str] = []
    gap = False
    for unit, word in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit == 0:
            gap = bool(parts)
            continue
        if gap:
            parts.append("零")
        parts.append(_WRITTEN[digit] + word)
        gap = False
    text = "".join(parts)
    return text[1:] if text.startswith("一十") else text


def label_of(number: int, suffix: int = 0) -> str:
    """第一百二十条之一."""
    return f"第{written(number)}条" + (f"之{written(suffix)}" if suffix else "")
