"""Catalogue questions as form fields, and back: `present` for the template, `read` for what was sent.

`read` is the inverse of the widget: it returns the raw JSON value that `catalogue.forms.clean` checks, and never
refuses anything itself, so that a page can show again exactly what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from fawang.base.divisions import selectors as divisions
from fawang.base.documents.values import Pages
from fawang.front.frame import answers, composite
from fawang.kernel import money
from fawang.kernel.errors import NotFound

TOWNSHIP_DIGITS = 9
MOST_ROWS = 30
NARROW = "narrow"
_AUTOCOMPLETE = {"phone": "tel", "email": "email", "name": "name", "code": "one-time-code"}
_INPUT_MODE = {"phone": "tel", "email": "email", "number": "numeric", "amount": "decimal", "code": "numeric"}
_INPUT_TYPE = {"phone": "tel", "email": "email", "password": "password"}
_CSS = {"phone": "input--short", "amount": "input--short", "number": "input--short", "code": "input--code"}
# questions answered by several controls are grouped in a fieldset with the label as legend
GROUPS = frozenset({"choice", "choices", "yes_no", "date", "datetime", "division", "id_number"}) | composite.KINDS
_LONG_LIST = 12


@dataclass(frozen=True)
class Choice:
    """One option as the widget shows it."""

    value: str
    words: str | Promise
    is_chosen: bool


@dataclass(frozen=True)
class Level:
    """One select of a division: its choices, the chosen one among them."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Shown:
    """A question ready for its template."""

    id: str
    type: str
    label: str
    hint: str
    error: str
    is_required: bool
    is_sensitive: bool
    is_heading: bool
    widget: str
    value: Any = None
    max_length: int = 200
    rows: int = 6
    input_type: str = "text"
    css: str = ""
    autocomplete: str = "off"
    input_mode: str = "text"
    choices: tuple[Choice, ...] = ()
    parts: dict[str, str] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    subs: tuple[Shown, ...] = ()
    row_fields: tuple[tuple[Shown, ...], ...] = ()
    row_word: str = ""
    may_add: bool = False
    in_words: str = ""
    strokes: str = ""

    @property
    def is_group(self) -> bool:
        """Whether a fieldset groups several controls."""
        return self.type in GROUPS and self.widget != "select"

    @property
    def described_by(self) -> str:
        """The ids of hint and error, for `aria-describedby`."""
        names = [f"q-{self.id}-hint"] if self.hint else []
        names += [f"q-{self.id}-error"] if self.error else []
        names += [f"q-{self.id}-count"] if self.type == "long_text" else []
        return " ".join(names)


def present(
    q: Any,  # noqa: ANN401 - a catalogue Question or anything with its attributes
    value: Any,  # noqa: ANN401 - any JSON value
    error: str | Promise = "",
    *,
    language: str,
    heading: bool = False,
    autocomplete: str = "",
    errors: Mapping[str, str | Promise] | None = None,
) -> Shown:
    """The question with what was answered so far, for `frame/question.html`. `errors` has the refusals of rows."""
    kind = str(q.type)
    choices = _choices(q, kind, value, language)
    return Shown(
        id=q.id,
        type=kind,
        label=answers.label(q, language),
        hint=answers.in_language(q, "help", language),
        error=str(error),
        is_required=bool(getattr(q, "required", True)),
        is_sensitive=answers.is_sealed(q),
        is_heading=heading,
        widget="select" if kind == "choice" and len(choices) > _LONG_LIST else _widget(kind),
        value=_typed(kind, value),
        max_length=int(getattr(q, "max_length", None) or 200),
        input_type=_INPUT_TYPE.get(kind, "text"),
        css=_CSS.get(kind, ""),
        autocomplete=autocomplete or ("bday" if "birth" in q.id else _AUTOCOMPLETE.get(kind, "off")),
        input_mode=_INPUT_MODE.get(kind, "text"),
        choices=choices,
        parts=_parts(q.id, kind, value),
        levels=levels(q.id, str(value or ""), language) if kind == "division" else (),
        **_composed(q, kind, value, language, errors or {}),
    )


def _composed(
    q: Any, kind: str, value: Any, language: str, errors: Mapping[str, str | Promise]
) -> dict[str, Any]:  # fmt: skip
    if kind == "amount" and isinstance(value, int) and not isinstance(value, bool):
        return {"in_words": "" if answers.is_english(language) else money.words(value)}
    if kind == "group":
        told = composite.row_errors(q.id, errors)
        given = composite.rows_of(q, value)
        most = min(int(getattr(q, "maximum", None) or MOST_ROWS), MOST_ROWS)
        rows = tuple(
            tuple(
                present(inner, row.get(name), told.get(inner.id, ""), language=language)
                for name, inner in composite.columns(q, number)
            )
            for number, row in enumerate(given)
        )
        return {"row_fields": rows, "row_word": answers.in_language(q, "row", language), "may_add": len(given) < most}
    subs = tuple(
        present(part, composite.value_of(q, key, value), language=language) for key, part in composite.parts(q)
    )
    strokes = str(value.get("strokes", "")) if kind == "signature" and isinstance(value, Mapping) else ""
    return {"subs": subs, "strokes": strokes} if subs else {}


def plain(
    name: str,
    label: str | Promise,
    kind: str,
    value: Any,  # noqa: ANN401 - any JSON value
    *,
    hint: str | Promise = "",
    error: str | Promise | None = "",
    required: bool = True,
    choices: Iterable[tuple[str, str | Promise]] = (),
    **look: Any,  # noqa: ANN401 - any of `rows`, `autocomplete`, `max_length`, `sensitive`, `heading`
) -> Shown:
    """A form field outside the catalogue, in the look of a question: kinds as of questions, `password` and `code`."""
    is_secret = kind in {"password", "code"}
    given = {str(one) for one in (value if isinstance(value, list) else [value])}
    return Shown(
        id=name,
        type="text" if is_secret else "choice" if kind == "select" else kind,
        label=str(label),
        hint=str(hint),
        error=str(error or ""),
        is_required=required,
        is_sensitive=is_secret or bool(look.get("sensitive")) or kind in answers.SENSITIVE_TYPES,
        is_heading=bool(look.get("heading")),
        widget="select" if kind == "select" else "text" if is_secret else _widget(kind),
        value=_typed(kind, value),
        max_length=int(look.get("max_length", 200)),
        rows=int(look.get("rows", 6)),
        input_type=_INPUT_TYPE.get(kind, "text"),
        css=_CSS.get(kind, ""),
        autocomplete=str(look.get("autocomplete") or _AUTOCOMPLETE.get(kind, "off")),
        input_mode=_INPUT_MODE.get(kind, "text"),
        choices=tuple(Choice(code, words, code in given) for code, words in choices),
        parts=_parts(name, kind, value),
    )


def _widget(kind: str) -> str:
    plain = {"text", "amount", "number", "phone", "email", "name", "uscc", "plate"}
    return "text" if kind in plain else "choice" if kind == "yes_no" else kind


def _typed(kind: str, value: Any) -> Any:  # noqa: ANN401
    if kind == "amount" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value // 100}.{value % 100:02d}".removesuffix(".00")
    return "" if value is None or isinstance(value, dict) else value


def _choices(q: Any, kind: str, value: Any, language: str) -> tuple[Choice, ...]:  # noqa: ANN401
    if kind == "yes_no":
        chosen = {True: "yes", False: "no", "true": "yes", "false": "no"}.get(value, value)
        words = ("Yes", "No") if answers.is_english(language) else ("是", "否")
        return tuple(Choice(code, word, chosen == code) for code, word in zip(("yes", "no"), words, strict=True))
    if kind == "id_number":
        chosen = value.get("type", "ID_CARD") if isinstance(value, dict) else "ID_CARD"
        return tuple(Choice(code, words, code == chosen) for code, words in answers.DOCUMENTS.items())
    if kind in {"choice", "choices"}:
        given = {str(one) for one in (value if isinstance(value, list) else [value]) if one is not None}
        return tuple(Choice(code, words, code in given) for code, words in answers.options(q, language))
    return ()


def _parts(name: str, kind: str, value: Any) -> dict[str, str]:  # noqa: ANN401
    if kind == "id_number":
        return {"number": str(value.get("number", "")) if isinstance(value, dict) else ""}
    if kind not in {"date", "datetime"}:
        return {}
    text = str(value or "")
    day, _t, time = text.partition("T")
    pieces = [*day.split("-"), "", "", ""][:3]
    parts = dict(zip(("year", "month", "day"), pieces, strict=True))
    if kind == "datetime":
        parts["time"] = time[:5]
    # leading zeros are ours, not the person's
    return {part: piece.lstrip("0") if part in {"month", "day"} else piece for part, piece in parts.items()}


def levels(name: str, code: str, language: str) -> tuple[Level, ...]:
    """The selects from the province's children down to the township, as far as `code` is chosen, and one further."""
    root = getattr(settings, "FAWANG_PROVINCE", "") or None
    try:
        chosen = list(reversed(divisions.ancestors(code))) if code else []
    except NotFound:
        chosen = []
    if root in chosen:
        chosen = chosen[chosen.index(root) + 1 :]
    result: list[Level] = []
    within = root
    for depth in range(len(chosen) + 1):
        rows = divisions.children(within)
        if not rows or (within is not None and len(within) >= TOWNSHIP_DIGITS):
            break
        current = chosen[depth] if depth < len(chosen) else ""
        result.append(
            Level(
                name=f"{name}__{depth}",
                choices=tuple(
                    Choice(row.code, row.name_en if answers.is_english(language) else row.name, row.code == current)
                    for row in rows
                ),
            )
        )
        if not current:
            break
        within = current
    return tuple(result)


def division_field(name: str, code: str, *, language: str) -> Shown:
    """The selects of the place question `name` alone, for the fragment that replaces them."""
    return Shown(name, "division", "", "", "", True, False, False, "division", levels=levels(name, code, language))


def is_narrowing(post: Mapping[str, Any]) -> bool:
    """Whether the form was sent only to see the next level of a place or one more row: show it again, check nothing."""
    return NARROW in post or composite.is_changing_rows(post)


def read(q: Any, post: QueryDict, files: MultiValueDict[str, UploadedFile[bytes]] | None = None) -> Any:  # noqa: ANN401
    """What was answered to `q`, as the raw value for `catalogue.forms.clean`; None where nothing was.

    A file answers with the token of the file kept before; a new one is found by `uploaded` and stored by the door.
    """
    kind, name = str(q.type), q.id
    if kind in composite.KINDS:
        return composite.read(q, post, read)
    if kind == "choices":
        return [one for one in post.getlist(name) if one]
    if kind in {"date", "datetime"}:
        return _read_moment(kind, name, post)
    if kind == "division":
        return read_division(name, post)
    if kind == "id_number":
        number = post.get(f"{name}__number", "").strip()
        return {"type": post.get(f"{name}__type", "ID_CARD"), "number": number} if number else None
    if kind == "file":
        return post.get(f"{name}__kept") or None
    return post.get(name, "").strip() or None


def uploaded(q: Any, files: MultiValueDict[str, UploadedFile[bytes]]) -> UploadedFile[bytes] | None:  # noqa: ANN401
    """The file newly chosen for a question of type `file`; several photos are one file of pages."""
    given = files.getlist(q.id)
    return Pages(given) if len(given) > 1 else files.get(q.id)


def _read_moment(kind: str, name: str, post: QueryDict) -> str | None:
    year, month, day = (_digits(post.get(f"{name}__{part}", "")) for part in ("year", "month", "day"))
    time = post.get(f"{name}__time", "").strip().replace("：", ":") if kind == "datetime" else ""
    if not (year or month or day or time):
        return None
    text = f"{year}-{month.zfill(2) if month else ''}-{day.zfill(2) if day else ''}"
    return f"{text}T{time.zfill(5)}" if kind == "datetime" else text


def _digits(text: str) -> str:
    # full-width digits and a trailing 年/月/日 are how people write dates
    return re.sub(r"\D", "", text.translate(str.maketrans("０１２３４５６７８９", "0123456789")))


def read_division(name: str, post: QueryDict) -> str | None:
    """The deepest place chosen; a level that no longer lies within the one above it is dropped."""
    code: str | None = None
    for depth in range(4):
        chosen = post.get(f"{name}__{depth}", "").strip()
        if not chosen or (code is not None and not divisions.covers(divisions.prefix(code), chosen)):
            break
        code = chosen
    return code
