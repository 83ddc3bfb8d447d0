"""Answers: cleaned by the item's questions before they are stored, opened when somebody may read them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors
from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.divisions import selectors as divisions
from fawang.base.identity import values as identity
from fawang.kernel import clock, crypto, money
from fawang.kernel.errors import Invalid, NotFound

SEAL_CONTEXT = "workorders.answer"
Answers = dict[str, Any]


def asked(questions: Iterable[Question], answers: Mapping[str, Any]) -> list[Question]:
    """The questions that are asked given these answers (`when` conditions), in order."""
    result = []
    for question in questions:
        if all(_matches(answers.get(name), wanted) for name, wanted in question.when.items()):
            result.append(question)
    return result


def _matches(answer: Any, wanted: list[str]) -> bool:
    given = answer if isinstance(answer, list) else [answer]
    return any(("yes" if one is True else "no" if one is False else str(one)) in wanted for one in given)


def clean(questions: Iterable[Question], answers: Mapping[str, Any], *, partial: bool = False) -> Answers:
    """The answers in stored form: normalised, checked, sealed where the question says so.

    `partial` accepts missing required answers (a draft). Unknown names are refused. Raises Invalid with one sentence
    a field. Answers already sealed by an earlier call pass through.
    """
    questions = list(questions)
    known = {question.id for question in questions}
    problems: dict[str, str | Promise] = {
        str(name)[:60]: _("没有这个问题，请刷新页面再填。") for name in answers if name not in known
    }
    stored: Answers = {}
    opened: Answers = {}
    for question in questions:
        if question not in asked([question], opened):
            continue
        raw = answers.get(question.id)
        if _is_empty(raw):
            if question.required and not partial:
                problems[question.id] = _("请填写这一项。")
            continue
        try:
            value = _open(dict(raw or {})) if is_sealed(raw) else _clean_one(question, raw)
        except ValueError as error:
            problems[question.id] = str(error)
            continue
        opened[question.id] = value
        stored[question.id] = raw if is_sealed(raw) else _seal(value) if question.is_sealed else value
    if problems:
        raise Invalid(problems)
    return stored


def is_sealed(value: Any) -> bool:
    """Whether a stored answer is sealed."""
    return isinstance(value, dict) and set(value) == {"sealed"}


def _seal(value: Any) -> dict[str, str]:
    return {"sealed": crypto.seal(json.dumps(value, ensure_ascii=False), context=SEAL_CONTEXT)}


def _open(value: dict[str, str]) -> Any:
    try:
        return json.loads(crypto.unseal(str(value["sealed"]), context=SEAL_CONTEXT))
    except crypto.CannotOpen:
        raise ValueError(_("这一项读不出来，请重新填写。")) from None


def opened(answers: Mapping[str, Any]) -> Answers:
    """Stored answers with the sealed ones opened: only for rules and for whoever may see them."""
    return {name: _open(value) if is_sealed(value) else value for name, value in answers.items()}


def _is_empty(raw: Any) -> bool:
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


def _text(raw: Any, maximum: int) -> str:
    if not isinstance(raw, str):
        raise ValueError(_("请填写文字。"))
    text = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").strip()
    if "\x00" in text or any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        raise ValueError(_("这里有不能识别的字符，请重新输入。"))
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError(_("这里有不能识别的字符，请重新输入。"))
    if len(text) > maximum:
        raise ValueError(
            _("最多 %(maximum)s 个字，现在是 %(length)s 个字。") % {"maximum": maximum, "length": len(text)}
        )
    return text


def _clean_text(question: Question, raw: Any) -> str:
    return _text(raw, question.max_length)


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


def _clean_division(_question: Question, raw: Any) -> str:
    try:
        if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{2,12}", raw):
            raise NotFound
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
    text = _text(raw, 254)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}", text):
        raise ValueError(_("邮箱格式不对，例如 name@example.com。"))
    return text.lower()


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
    QuestionType.PHONE: lambda _question, raw: identity.check_phone(_text(raw, 40)),
    QuestionType.EMAIL: _clean_email,
    QuestionType.NAME: lambda _question, raw: identity.check_name(_text(raw, 120)),
    QuestionType.ID_NUMBER: _clean_id_number,
    QuestionType.USCC: lambda _question, raw: identity.check_uscc(_text(raw, 40)),
    QuestionType.FILE: _clean_file,
}


def _clean_one(question: Question, raw: Any) -> Any:
    return _CLEANERS[question.type](question, raw)
