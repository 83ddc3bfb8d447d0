"""What people write into cells, understood: kinds, places, telephones, hours, dates, lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.divisions.values import LEVELS
from fawang.base.organisations.values import OpenHours

_APART = re.compile(r"[,，、;；/|\n]+")
_DAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": 6}
_SPAN = re.compile(r"(?:周|星期)([一二三四五六日天])(?:至|到|[-–—~～])(?:周|星期)?([一二三四五六日天])")
_ONE = re.compile(r"(?:周|星期)([一二三四五六日天])")
_TIMES = re.compile(r"(\d{1,2})[:：.](\d{2})\s*(?:至|到|[-–—~～])\s*(\d{1,2})[:：.](\d{2})")
_SEASON = re.compile(r"夏令时|冬令时|夏季|冬季|月")
_MUNICIPAL = {"11": "010", "12": "022", "31": "021", "50": "023"}
_TOP = re.compile(r"^(市级|市本级|省级|省本级|区级)$")


def words(text: str) -> tuple[str, ...]:
    """The pieces of a cell that lists several."""
    return tuple(dict.fromkeys(piece.strip() for piece in _APART.split(text) if piece.strip()))


def code_of(text: str, known: Mapping[str, str | Promise], more: Mapping[str, str] | None = None) -> str:
    """The code that a cell means by code or by name. Raises ValueError that lists what may stand there."""
    wanted = text.strip()
    names = {str(name): code for code, name in known.items()} | dict(more or {})
    if wanted.upper() in known:
        return wanted.upper()
    if wanted in known:
        return wanted
    if wanted in names:
        return names[wanted]
    some = _("、").join(list(dict.fromkeys(names))[:8])
    raise ValueError(_("不认识“%(text)s”。可以填：%(some)s等。") % {"text": wanted[:20], "some": some})


def day(text: str) -> date | None:
    """A date written in a usual way; None for empty or 长期. Raises ValueError."""
    plain = text.strip()
    if not plain or plain in {"长期", "长期有效", "无"}:
        return None
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", plain)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        return date.fromisoformat(plain)
    except ValueError:
        raise ValueError(_("日期请写成 2031-12-31。")) from None


def division(text: str, city: str, district: str) -> str:
    """The division that a code, a full name, or a city with its district means. Raises ValueError with the choices."""
    plain = text.strip()
    if plain.isdigit():
        if divisions.exists(plain):
            return divisions.get(plain).code
        raise ValueError(_("没有代码为 %(text)s 的地区。") % {"text": plain[:12]})
    names = [plain] if plain else [part for part in (city.strip(), district.strip()) if part]
    if not names:
        raise ValueError(_("请填写地区：六位代码，或写全省、市、区县。"))
    return _named(names)


def _named(names: list[str]) -> str:
    wanted = [name for name in names if not _TOP.fullmatch(name)]
    within = ""
    for name in wanted[:-1]:
        within = _only(name, within)
    return _only(wanted[-1], within) if wanted else ""


def _only(name: str, within: str) -> str:
    rows = [row for row in divisions.search(name, within=within, limit=20) if _is(row.name, name)]
    if len(rows) > 1:
        # a city is meant before a district of its name: 西安 is 西安市, not 辽源市西安区
        top = min(LEVELS.index(row.level) for row in rows)
        rows = [row for row in rows if LEVELS.index(row.level) == top]
    direct = [row.code for row in rows] or _by_full_name(name, within)
    if len(direct) == 1:
        return direct[0]
    if not direct:
        raise ValueError(_("没有找到“%(text)s”。请填六位代码，或写全省、市、区县。") % {"text": name[:30]})
    some = _("、").join(divisions.full_name(code, "zh") for code in direct[:4])
    raise ValueError(_("叫“%(text)s”的不止一个：%(some)s。请写全。") % {"text": name[:20], "some": some})


def _is(full: str, said: str) -> bool:
    return full == said or full in {said + end for end in ("市", "省", "区", "县", "自治区")}


def _by_full_name(text: str, within: str) -> list[str]:
    """四川省成都市武侯区: the deepest division whose whole name it is."""
    for size in range(2, min(len(text), 12)):
        for row in divisions.search(text[-size:], within=within, limit=50):
            if divisions.full_name(row.code, "zh") == text:
                return [row.code]
    return []


def phones(text: str, division_code: str) -> tuple[str, ...]:
    """Telephones; a number of a municipality without its area code gets it."""
    area = _MUNICIPAL.get(division_code[:2], "")
    return tuple(
        f"{area}-{one}" if area and re.fullmatch(r"[2-9]\d{7}", one) else one
        for one in words(re.sub(r"[（(][^)）]*[)）]", "", text))
    )


def hours(text: str) -> tuple[OpenHours, ...]:
    """周一至周五 9:00-11:30, 13:30-16:30（法定节假日除外）. Raises ValueError for what is not of one kind all year."""
    plain = re.sub(r"[（(][^)）]*[)）]", "", text).strip()
    if not plain:
        return ()
    if re.fullmatch(r"(全天|24\s*小时|7\s*[×xX*]\s*24(小时)?)", plain):
        return (OpenHours((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)
    if _SEASON.search(plain):
        raise ValueError(_("开放时间分季节。请先填现在的，换季时再改，例如 周一至周五 09:00-12:00，13:30-17:00。"))
    found: list[OpenHours] = []
    days: tuple[int, ...] = ()
    for part in re.split(r"[，,;；、\s]+(?=\d|周|星期|每|工作)|(?<=\d)\s+(?=周|星期)", plain):
        days = _days(part) or days
        for begin_h, begin_m, end_h, end_m in _TIMES.findall(part):
            found.append(OpenHours(days, f"{int(begin_h):02}:{begin_m}", f"{int(end_h):02}:{end_m}"))
    if not found or not all(one.weekdays for one in found):
        raise ValueError(_("开放时间看不懂。请写成 周一至周五 09:00-12:00，13:30-17:00。"))
    return tuple(found)


def _days(text: str) -> tuple[int, ...]:
    if "每天" in text or "每日" in text:
        return (1, 2, 3, 4, 5, 6, 7)
    if "工作日" in text:
        return (1, 2, 3, 4, 5)
    found: set[int] = set()
    for first, last in _SPAN.findall(text):
        found |= set(range(_DAYS[first], _DAYS[last] + 1))
    found |= {_DAYS[one] for one in _ONE.findall(_SPAN.sub("", text))}
    return tuple(sorted(found))


def degrees(text: str) -> float | None:
    """Degrees; None for empty. Raises ValueError."""
    try:
        return float(text) if text.strip() else None
    except ValueError:
        raise ValueError(_("请填写小数，例如 104.0437。")) from None


def number(text: str) -> int:
    """A whole number; 0 for empty. Raises ValueError."""
    if not text.strip():
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise ValueError(_("请填写整数，例如 30。"))
    return int(text)


def is_yes(text: str) -> bool:
    """Yes or no; empty is no. Raises ValueError."""
    plain = text.strip().lower()
    if plain in {"是", "yes", "y", "1", "true", "承办"}:
        return True
    if plain in {"", "否", "no", "n", "0", "false", "不承办"}:
        return False
    raise ValueError(_("请填“是”或“否”。"))
