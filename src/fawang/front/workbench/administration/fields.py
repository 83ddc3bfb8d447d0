"""Forms of the administration pages: which fields, what was typed, what is wrong with it, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.front.frame import questions
from fawang.front.frame.questions import Shown
from fawang.front.workbench.administration import hours
from fawang.kernel.errors import FawangError, Invalid

Choices = Iterable[tuple[str, str | Promise]]
Text = str | Promise
MORE = "more"


@dataclass(frozen=True)
class Field:
    """One field: kinds of `frame.questions.plain`, and `hours`. `section` begins a group when it changes."""

    id: str
    label: Text
    type: str = "text"
    hint: Text = ""
    is_required: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    most: int = 200
    section: Text = ""
    autocomplete: str = "off"


def is_only_looking(post: QueryDict) -> bool:
    """Whether a form was sent to see the next level of a place, or one more stretch of hours: nothing is stored."""
    return questions.is_narrowing(post) or MORE in post


class Form:
    """A page's form, from a stored thing or from what was sent."""

    def __init__(
        self, fields: Sequence[Field], values: dict[str, Any], post: QueryDict | None = None, *, prefix: str = ""
    ) -> None:
        """`prefix` parts the names of one form from those of another on the same page."""
        self.fields, self.post, self.prefix = fields, post, prefix
        self.values = (
            values if post is None else {field.id: _read(field, f"{prefix}{field.id}", post) for field in fields}
        )
        self.errors: dict[str, Text] = {}
        self.sentence, self.status = "", 200

    def text(self, name: str) -> str:
        """What stands in a field, or empty."""
        return str(self.values.get(name) or "")

    def many(self, name: str) -> tuple[str, ...]:
        """What was chosen in a field of boxes."""
        return tuple(self.values.get(name) or ())

    def words(self, name: str) -> tuple[str, ...]:
        """The pieces of a field that takes several, parted by commas or lines."""
        text = self.text(name).translate(str.maketrans("，、；;\n", ",,,,,"))
        return tuple(word.strip() for word in text.split(",") if word.strip())

    def lines_of(self, name: str) -> tuple[str, ...]:
        """The lines of a longer text."""
        return tuple(line.strip() for line in self.text(name).splitlines() if line.strip())

    def is_yes(self, name: str) -> bool:
        """Whether a field of yes and no says yes."""
        return self.values.get(name) in {True, "yes"}

    def day(self, name: str, *, is_required: bool = False) -> date | None:
        """The date in a field; what is none is put among the errors."""
        text = self.text(name)
        if not text and not is_required:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.errors[name] = _("请填写日期，例如 2026 年 3 月 5 日。")
            return None

    def number(self, name: str, *, default: int = 0) -> int:
        """The whole number in a field; what is none is put among the errors."""
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 7):
            self.errors[name] = _("请填写整数，例如 30。")
            return default
        return int(text)

    def stretches(self, name: str) -> tuple[hours.Row, ...]:
        """The stretches of hours in a field; half of one is put among the errors."""
        rows = tuple(row for row in self.values.get(name) or () if row.is_given)
        if not all(row.is_whole for row in rows):
            self.errors[name] = _("每一段都要选星期，并填写开始和结束时间，例如 09:00 到 12:00。")
        return rows

    def must_be_right(self) -> None:
        """Raise Invalid when a reading found something wrong."""
        if self.errors:
            raise Invalid(self.errors)

    def refuse(self, error: FawangError) -> None:
        """Keep what a service said against it, to show with what was typed."""
        self.status = error.status
        named = error.fields if isinstance(error, Invalid) else {}
        self.errors = {**self.errors, **named}
        self.sentence = "" if named or self.errors else error.text

    @property
    def summary(self) -> dict[str, Text]:
        """What is wrong, by the names on the page: for `frame/error_summary.html`."""
        return {f"{self.prefix}{name}": sentence for name, sentence in self.errors.items()}

    @property
    def sections(self) -> list[tuple[Text, list[Shown | hours.Shown]]]:
        """The fields ready for their templates, grouped."""
        groups: list[tuple[Text, list[Shown | hours.Shown]]] = []
        for field in self.fields:
            if not groups or (field.section and field.section != groups[-1][0]):
                groups.append((field.section, []))
            groups[-1][1].append(self._shown(field))
        return groups

    @property
    def rows(self) -> list[Shown | hours.Shown]:
        """The fields ready for their templates, in one list."""
        return [shown for _title, fields in self.sections for shown in fields]

    def _shown(self, field: Field) -> Shown | hours.Shown:
        value, error = self.values.get(field.id), self.errors.get(field.id, "")
        if field.type == "hours":
            is_longer = self.post is not None and MORE in self.post
            return hours.shown(
                f"{self.prefix}{field.id}", field.label, field.hint, str(error), value or (), is_longer=is_longer
            )
        if field.type == "yes_no" and isinstance(value, bool):
            value = "yes" if value else "no"
        name = f"{self.prefix}{field.id}"
        shown = questions.plain(
            name, field.label, field.type, value, hint=field.hint, error=str(error), required=field.is_required,
            choices=_yes_no() if field.type == "yes_no" else field.choices, max_length=field.most,
            autocomplete=field.autocomplete,
        )  # fmt: skip
        if field.type == "division":
            places = questions.levels(name, str(value or ""), get_language() or "")
            return replace(shown, widget="division", levels=places)
        return shown


def _yes_no() -> Choices:
    return (("yes", _("是")), ("no", _("否")))


def _read(field: Field, name: str, post: QueryDict) -> Any:
    if field.type == "hours":
        return hours.read(name, post)
    value = questions.read(replace(field, id=name), post)
    if field.type == "choices":
        known = {code for code, _words in field.choices}
        return [one for one in value if one in known]
    if field.type == "division":
        return value if value and value.isascii() and value.isdigit() else None
    return value
