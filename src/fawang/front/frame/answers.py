"""Answers as people read them: dates, amounts and places in full, sensitive ones masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fawang.base.catalogue import selectors as catalogue
from fawang.base.divisions import selectors as divisions
from fawang.kernel import clock, money
from fawang.kernel.errors import NotFound

SENSITIVE_TYPES = frozenset({"phone", "email", "id_number", "signature"})
DOCUMENTS = {
    "ID_CARD": gettext_lazy("居民身份证"),
    "HKMO_RESIDENCE": gettext_lazy("港澳居民居住证"),
    "TW_RESIDENCE": gettext_lazy("台湾居民居住证"),
    "HKMO_PERMIT": gettext_lazy("港澳居民来往内地通行证"),
    "TW_PERMIT": gettext_lazy("台湾居民来往大陆通行证"),
    "FOREIGN_PR": gettext_lazy("外国人永久居留身份证"),
    "FOREIGN_PR_OLD": gettext_lazy("外国人永久居留身份证（旧版）"),
    "PASSPORT": gettext_lazy("护照"),
    "MILITARY": gettext_lazy("军人证件"),
    "HOUSEHOLD": gettext_lazy("户口簿"),
    "BIRTH_CERT": gettext_lazy("出生医学证明"),
    "CYBER_ID": gettext_lazy("国家网络身份认证凭证"),
}


def is_english(language: str) -> bool:
    """Whether a language code means English; every other is Chinese."""
    return language.startswith("en")


def in_language(obj: Any, field: str, language: str) -> str:  # noqa: ANN401 - any object or dict with zh/en texts
    """The text of `obj` in `language`.

    Looks for `field_en`/`field_zh`/`field`, then for `en`/`zh` inside `field`; without a field for `en`/`zh` of `obj`.
    """
    wanted = "en" if is_english(language) else "zh"
    names = [f"{field}_{wanted}", field, f"{field}_zh"] if field else [wanted, "zh"]
    for name in names:
        found = _get(obj, name)
        if isinstance(found, str) and found:
            return found
        if found is not None and not isinstance(found, str):
            inside = _get(found, wanted) or _get(found, "zh")
            return str(inside) if inside else str(found)
    return ""


def _get(obj: Any, name: str) -> Any:  # noqa: ANN401
    return obj.get(name) if isinstance(obj, dict) else getattr(obj, name, None)


def label(q: Any, language: str) -> str:  # noqa: ANN401
    """The question's words."""
    return in_language(q, "", language)


def named(errors: Mapping[str, Any], questions: Iterable[Any], language: str) -> dict[str, str]:
    """What is wrong, each sentence after its question: for a summary of a page with many questions."""
    labels = {question.id: label(question, language) for question in questions}
    between = ": " if is_english(language) else "："
    found = ((name, labels.get(name.split(".")[0], ""), str(sentence)) for name, sentence in errors.items())
    return {name: f"{words}{between}{sentence}" if words else sentence for name, words, sentence in found}


def options(q: Any, language: str) -> list[tuple[str, str]]:  # noqa: ANN401
    """The choices as (value, words): the question's own, or the rows of its code table."""
    if table := getattr(q, "table", ""):
        return [(row.code, row.say(language)) for row in catalogue.table(table)]
    return [(option.value, in_language(option, "", language)) for option in getattr(q, "options", None) or []]


def is_sealed(q: Any) -> bool:  # noqa: ANN401
    """Whether the answer is kept encrypted and masked on screens."""
    return bool(getattr(q, "sensitive", False)) or str(q.type) in SENSITIVE_TYPES


def mask(text: str) -> str:
    """Keep a quarter at each end at most (4 characters), stars between; short texts keep their first character."""
    if len(text) <= 4:
        return text[:1] + "*" * max(len(text) - 1, 1)
    keep = min(4, len(text) // 4)
    return text[:keep] + "*" * (len(text) - 2 * keep) + text[-keep:]


def show(q: Any, value: Any, *, language: str, reveal: bool = False) -> SafeString | str:  # noqa: ANN401
    """An answer as text; a dash where there is none. Masked when sensitive, unless `reveal`."""
    if value in (None, "", []):
        return "—"
    if isinstance(value, dict) and "sealed" in value:
        return format_html('<span class="masked">{}</span>', _("已加密保存"))
    kind = str(q.type)
    if kind == "id_number":
        number = str(value.get("number", "")) if isinstance(value, dict) else str(value)
        document = DOCUMENTS.get(str(value.get("type")) if isinstance(value, dict) else "ID_CARD", "")
        return f"{document} {number if reveal else mask(number)}".strip()
    if kind == "group":
        return _rows(q, value, language, reveal)
    if kind == "signature":
        return _signature(value, reveal)
    if is_sealed(q) and not reveal:
        return mask(str(value))
    if kind == "long_text":
        return format_html_join("", "<p>{}</p>", ((part,) for part in str(value).split("\n") if part.strip()))
    return _plain(q, kind, value, language)


def _rows(q: Any, value: Any, language: str, reveal: bool) -> SafeString | str:  # noqa: ANN401
    """A group as a list of rows, each cell with its column's words."""
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    shown = [
        format_html_join(
            _("；"),
            "{} {}",
            (
                (in_language(inner, "", language), show(inner, row.get(inner.id), language=language, reveal=reveal))
                for inner in q.questions
                if row.get(inner.id) not in (None, "", [])
            ),
        )
        for row in rows
    ]
    return format_html('<ol class="rows">{}</ol>', format_html_join("", "<li>{}</li>", ((row,) for row in shown)))


def _signature(value: Any, reveal: bool) -> SafeString | str:  # noqa: ANN401
    name = str(value.get("name", "")) if isinstance(value, dict) else ""
    strokes = str(value.get("strokes", "")) if isinstance(value, dict) else ""
    words = name if reveal else mask(name)
    if not (reveal and strokes):
        return words
    return format_html(
        '{} <svg class="signature__ink" viewBox="0 0 600 200" role="img" aria-label="{}"><path d="{}"/></svg>',
        words, _("签名图样"), strokes,
    )  # fmt: skip


def _plain(q: Any, kind: str, value: Any, language: str) -> str:  # noqa: ANN401
    if kind in {"choice", "choices"}:
        words = dict(options(q, language))
        chosen = value if isinstance(value, list) else [value]
        # in the order in which they were offered
        chosen = sorted(chosen, key=lambda one: list(words).index(one) if one in words else len(words))
        return (", " if is_english(language) else "、").join(words.get(str(one), str(one)) for one in chosen)
    if kind == "yes_no":
        return _("是") if value in (True, "yes", "true") else _("否")
    if kind == "amount" and isinstance(value, int):
        return money.show(value) if is_english(language) else f"{money.show(value)}（{money.words(value)}）"
    if kind == "date_range" and isinstance(value, dict):
        return _("%(since)s 至 %(until)s") % {
            "since": _moment("date", str(value.get("from", ""))),
            "until": _moment("date", str(value.get("to", ""))),
        }
    if kind == "address" and isinstance(value, dict):
        place = _plain(q, "division", value.get("division", ""), language)
        return f"{value.get('text', '')}, {place}" if is_english(language) else f"{place}{value.get('text', '')}"
    if kind == "point" and isinstance(value, dict):
        return f"{value.get('lat', 0) / 1_000_000:.6f}, {value.get('lng', 0) / 1_000_000:.6f}"
    if kind in {"date", "datetime"}:
        return _moment(kind, str(value))
    if kind == "division":
        try:
            return divisions.full_name(str(value), language)
        except NotFound:
            return str(value)
    if kind == "file":
        return _("已上传")
    return str(value)


def _moment(kind: str, value: str) -> str:
    try:
        if kind == "date":
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        moment = datetime.fromisoformat(value)
        return date_format(clock.local(moment) if moment.tzinfo else moment, "DATETIME_FORMAT")
    except ValueError:
        return value
