"""One answer at a time: normalised and checked by the kind of its question. ValueError carries the sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors
from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.divisions import selectors as divisions
from fawang.base.identity import values as identity
from fawang.kernel import clock, money
from fawang.kernel.errors import NotFound

# 川A12345, 川AD12345 (new energy), 川A1234学/警/领/港/澳/挂 (GA 36)
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9学警领港澳挂]")
_MICRO = 1_000_000
_trusts_places: ContextVar[bool] = ContextVar("trusts_places", default=False)
MAX_STROKES = 20_000


def is_empty(raw: Any) -> bool:
    """Whether nothing was answered."""
    return raw is None or raw in ([], {}) or (isinstance(raw, str) and not raw.strip())


def text(raw: Any, maximum: int) -> str:
    """A text of at most so many characters. Raises ValueError with a sentence."""
    if not isinstance(raw, str):
        raise ValueError(_("请填写文字。"))
    words = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").strip()
    if "\x00" in words or any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in words):
        raise ValueError(_("这里有不能识别的字符，请重新输入。"))
    if any("\ud800" <= c <= "\udfff" for c in words):
        raise ValueError(_("这里有不能识别的字符，请重新输入。"))
    if len(words) > maximum:
        raise ValueError(
            _("最多 %(maximum)s 个字，现在是 %(length)s 个字。") % {"maximum": maximum, "length": len(words)}
        )
    return words


def _clean_text(question: Question, raw: Any) -> str:
    return text(raw, question.max_length)


def _options(question: Question) -> set[str]:
    if question.table:
        return set(selectors.codes(question.table))
    return {option.value for option in question.options}


def _clean_choice(question: Question, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in _options(question):
        raise ValueError(_("请从列出的选项中选择。"))
    return raw


def _clean_choices(question: Question, raw: Any) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw) or not set(raw) <= _options(question):
        raise ValueError(_("请从列出的选项中选择。"))
    return sorted(set(raw))


def _clean_yes_no(_question: Question, raw: Any) -> bool:
    table = {"yes": True, "no": False, "true": True, "false": False}
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in table:
        return table[raw.lower()]
    raise ValueError(_("请选择“是”或“否”。"))


def _clean_date(question: Question, raw: Any) -> str:
    try:
        day = date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError(_("没有这一天，请按年月日填写，例如 2026 年 3 月 5 日。")) from None
    if not 1900 <= day.year <= 2100:
        raise ValueError(_("年份应在 1900 年到 2100 年之间。"))
    if question.not_after_today and day > clock.today():
        raise ValueError(_("日期不能晚于今天。"))
    return day.isoformat()


def _clean_datetime(_question: Question, raw: Any) -> str:
    try:
        moment = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError(_("没有这个时间，请重新选择。")) from None
    if not 1900 <= moment.year <= 2100:
        raise ValueError(_("年份应在 1900 年到 2100 年之间。"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.SHANGHAI)
    return moment.isoformat()


def _in_range(question: Question, value: int, show: Callable[[int], str]) -> int:
    lowest = question.minimum if question.minimum is not None else -(10**15)
    if value < lowest:
        raise ValueError(_("不能小于 %(least)s。") % {"least": show(lowest)})
    highest = question.maximum if question.maximum is not None else 10**15
    if value > highest:
        raise ValueError(_("不能大于 %(most)s。") % {"most": show(highest)})
    return value


def _clean_amount(question: Question, raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueError(_("请填写金额，例如 3500 或 3500.50。"))
    try:
        fen = raw if isinstance(raw, int) else money.parse(raw)
    except ValueError:
        raise ValueError(_("请填写金额，例如 3500 或 3500.50。")) from None
    if fen < 0:
        raise ValueError(_("金额不能是负数。"))
    return _in_range(question, fen, money.show)


def _clean_number(question: Question, raw: Any) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return _in_range(question, raw, str)
    if not isinstance(raw, str) or not re.fullmatch(r"[+-]?\d{1,15}", raw.strip()):
        raise ValueError(_("请填写数字。"))
    return _in_range(question, int(raw), str)


@contextmanager
def trusting_places() -> Iterator[None]:
    """Take every well-formed division code for a place: worked examples are checked without a database."""
    token = _trusts_places.set(True)
    try:
        yield
    finally:
        _trusts_places.reset(token)


def _clean_division(_question: Question, raw: Any) -> str:
    try:
        if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{2,12}", raw):
            raise NotFound
        if _trusts_places.get():
            return raw
        return divisions.get(raw).code
    except NotFound:
        raise ValueError(_("没有这个地方，请从列表中选择省、市、县。")) from None


def _clean_id_number(_question: Question, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not isinstance(raw.get("number"), str):
        raise ValueError(_("请选择证件类型并填写号码。"))
    kind = str(raw.get("type") or "ID_CARD")
    return {"type": kind, "number": identity.check_document(kind, raw["number"])}


def _clean_file(_question: Question, raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"[a-z0-9]{10,40}", raw):
        raise ValueError(_("文件没有上传成功，请重新选择。"))
    return raw


def _clean_email(_question: Question, raw: Any) -> str:
    words = text(raw, 254)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}", words):
        raise ValueError(_("邮箱格式不对，例如 name@example.com。"))
    return words.lower()


def _clean_range(question: Question, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or set(raw) - {"from", "to"} or not (raw.get("from") and raw.get("to")):
        raise ValueError(_("请填写起止两个日期。"))
    since, until = (_clean_date(question, raw[part]) for part in ("from", "to"))
    if until < since:
        raise ValueError(_("结束日期不能早于开始日期。"))
    return {"from": since, "to": until}


def _clean_address(question: Question, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or set(raw) - {"division", "text"}:
        raise ValueError(_("请选择所在地区，并填写详细地址。"))
    if is_empty(raw.get("division")) or is_empty(raw.get("text")):
        raise ValueError(_("请选择所在地区，并填写详细地址。"))
    return {"division": _clean_division(question, raw["division"]), "text": text(raw["text"], question.max_length)}


def _degrees(raw: Any, most: int) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        micro = raw
    elif isinstance(raw, str) and re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,12})?", raw.strip()):
        whole, _dot, rest = raw.strip().lstrip("-").partition(".")
        micro = (int(whole) * _MICRO + int(rest[:6].ljust(6, "0"))) * (-1 if raw.strip().startswith("-") else 1)
    else:
        raise ValueError(_("请在地图上选一个点，或填写经纬度，例如 30.65 和 104.06。"))
    if abs(micro) > most * _MICRO:
        raise ValueError(_("纬度在 -90 到 90 之间，经度在 -180 到 180 之间。"))
    return micro


def _clean_point(_question: Question, raw: Any) -> dict[str, int]:
    """Millionths of a degree, CGCS2000."""
    if not isinstance(raw, dict) or set(raw) != {"lat", "lng"}:
        raise ValueError(_("请在地图上选一个点，或填写经纬度，例如 30.65 和 104.06。"))
    return {"lat": _degrees(raw["lat"], 90), "lng": _degrees(raw["lng"], 180)}


def _clean_plate(_question: Question, raw: Any) -> str:
    words = re.sub(r"[\s·•-]", "", text(raw, 20)).upper()
    if not _PLATE.fullmatch(words):
        raise ValueError(_("车牌号码不对，例如 川A12345 或 川AD12345。"))
    return words


def _clean_signature(_question: Question, raw: Any) -> dict[str, str]:
    """The name as signed and the strokes as an SVG path. An expression of will, not a reliable electronic signature
    by itself (电子签名法 art. 13)."""
    if not isinstance(raw, dict) or set(raw) - {"name", "strokes"}:
        raise ValueError(_("请写下您的姓名作为签名。"))
    signed = {"name": identity.check_name(text(raw.get("name") or "", 120))}
    strokes = raw.get("strokes") or ""
    if not isinstance(strokes, str) or len(strokes) > MAX_STROKES or not re.fullmatch(r"[ML0-9 .,-]*", strokes):
        raise ValueError(_("签名图样没有保存成功，请重新签名。"))
    return {**signed, "strokes": strokes} if strokes else signed


_CLEANERS: dict[QuestionType, Callable[[Question, Any], Any]] = {
    QuestionType.TEXT: _clean_text,
    QuestionType.LONG_TEXT: _clean_text,
    QuestionType.CHOICE: _clean_choice,
    QuestionType.CHOICES: _clean_choices,
    QuestionType.YES_NO: _clean_yes_no,
    QuestionType.DATE: _clean_date,
    QuestionType.DATETIME: _clean_datetime,
    QuestionType.AMOUNT: _clean_amount,
    QuestionType.NUMBER: _clean_number,
    QuestionType.DIVISION: _clean_division,
    QuestionType.PHONE: lambda _question, raw: identity.check_phone(text(raw, 40)),
    QuestionType.EMAIL: _clean_email,
    QuestionType.NAME: lambda _question, raw: identity.check_name(text(raw, 120)),
    QuestionType.ID_NUMBER: _clean_id_number,
    QuestionType.USCC: lambda _question, raw: identity.check_uscc(text(raw, 40)),
    QuestionType.PLATE: _clean_plate,
    QuestionType.DATE_RANGE: _clean_range,
    QuestionType.ADDRESS: _clean_address,
    QuestionType.POINT: _clean_point,
    QuestionType.SIGNATURE: _clean_signature,
    QuestionType.FILE: _clean_file,
}


def clean_one(question: Question, raw: Any) -> Any:
    """The answer in stored form, not yet sealed. Raises ValueError with one sentence."""
    return _CLEANERS[question.type](question, raw)
