"""Templates of messages: loaded from `definitions/templates.yaml`, checked, locked and rendered.

A published version is locked by its digest in `definitions/templates.lock.yaml`: old messages are rendered from the
version they were told in, so its words may never change. A change needs a new version.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from fawang.base.notifications.errors import DataDoesNotFit, NoSuchTemplate, PersonalDataInMessage, TemplatesBroken
from fawang.base.notifications.identifiers import holds_identifier
from fawang.base.notifications.values import Channel, Data
from fawang.kernel import clock, crypto

DEFINITIONS = Path(__file__).parent / "definitions"
SMS_LONGEST = 140
LONGEST_VALUE = 500
HIDDEN = "••••••"
_MONTHS = {
    **{1: "January", 2: "February", 3: "March", 4: "April", 5: "May", 6: "June", 7: "July"},
    **{8: "August", 9: "September", 10: "October", 11: "November", 12: "December"},
}
_Value = str | int | dict[str, str]
Language = Literal["zh", "en"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Variable(_Strict):
    """A value that a template needs."""

    type: Literal["text", "number", "date", "datetime"]
    short: int = Field(default=0, ge=0, le=60)
    secret: bool = False

    @property
    def longest(self) -> int:
        """The most characters it takes in a short text, in either language."""
        return {"number": 4, "date": 17, "datetime": 24}.get(self.type, self.short)


class Wording(_Strict):
    """A template's texts in one language."""

    subject: str = Field(min_length=2, max_length=60)
    short: str = Field(min_length=2, max_length=SMS_LONGEST)
    long: str = Field(min_length=2, max_length=600)


class Template(_Strict):
    """One version of one template (消息模板)."""

    code: str = Field(pattern=r"^[a-z][a-z_]{2,38}$")
    version: int = Field(ge=1)
    urgency: Literal["NORMAL", "URGENT"]
    channels: tuple[Channel, ...] = Field(min_length=1)
    variables: dict[str, Variable]
    zh: Wording
    en: Wording

    @model_validator(mode="after")
    def _uses_what_it_declares(self) -> Self:
        for language in (self.zh, self.en):
            used = _fields(language.subject) | _fields(language.short) | _fields(language.long)
            if unknown := used - set(self.variables):
                raise ValueError(f"{self.code}: undeclared variables {sorted(unknown)}")
            if idle := set(self.variables) - _fields(language.long):
                raise ValueError(f"{self.code}: the long text leaves out {sorted(idle)}")
        if endless := [n for n, v in self.variables.items() if v.type == "text" and not v.short]:
            raise ValueError(f"{self.code}: {endless} need `short`")
        if len(set(self.channels)) != len(self.channels):
            raise ValueError(f"{self.code}: a channel is named twice")
        return self

    def wording(self, language: Language) -> Wording:
        """The texts in a language."""
        return self.zh if language == "zh" else self.en


class _Book(_Strict):
    sign: dict[Language, str]
    templates: tuple[Template, ...]

    @model_validator(mode="after")
    def _short_enough_and_counted(self) -> Self:
        by_code: dict[str, list[int]] = {}
        for template in self.templates:
            by_code.setdefault(template.code, []).append(template.version)
            for language, sign in self.sign.items():
                short = template.wording(language).short
                longest = len(sign) + len(_fill(short, {n: "字" * v.longest for n, v in template.variables.items()}))
                if longest > SMS_LONGEST:
                    raise ValueError(f"{template.code} v{template.version} {language}: {longest} characters as SMS")
        for code, versions in by_code.items():
            if sorted(versions) != list(range(1, len(versions) + 1)):
                raise ValueError(f"{code}: versions must be 1, 2, 3 … without gaps, found {sorted(versions)}")
        return self


@dataclass(frozen=True)
class Rendered:
    """A message in one language, ready to read."""

    subject: str
    short: str
    long: str


@dataclass(frozen=True)
class Book:
    """All templates by (code, version), and the sign in front of an SMS."""

    sign: dict[Language, str]
    templates: dict[tuple[str, int], Template]
    latest: dict[str, int]


def _fields(text: str) -> set[str]:
    names = set()
    for _literal, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"only plain {{name}} is allowed, not {{{name}}}")
        names.add(name)
    return names


def _fill(text: str, values: dict[str, str]) -> str:
    return "".join(
        literal + (values[name] if name is not None else "") for literal, name, _s, _c in Formatter().parse(text)
    )


def digest_of(template: Template) -> str:
    """What the lock holds of a version."""
    text = json.dumps(template.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    return crypto.digest(text.encode())[:32]


def read(folder: Path = DEFINITIONS) -> Book:
    """Load and check a folder's templates, without the lock. Raises TemplatesBroken with the reason."""
    try:
        raw = _Book.model_validate(yaml.safe_load((folder / "templates.yaml").read_text("utf-8")))
    except (ValueError, yaml.YAMLError) as error:
        raise TemplatesBroken(reason=str(error)) from error
    latest: dict[str, int] = {}
    for template in raw.templates:
        latest[template.code] = max(latest.get(template.code, 0), template.version)
    return Book(raw.sign, {(t.code, t.version): t for t in raw.templates}, latest)


def _locked(folder: Path) -> dict[str, str]:
    path = folder / "templates.lock.yaml"
    return dict(yaml.safe_load(path.read_text("utf-8")) or {}) if path.exists() else {}


def check_lock(book: Book, folder: Path = DEFINITIONS, *, new_allowed: bool = False) -> dict[str, str]:
    """Compare the book with the lock and return the lock it should have.

    Raises TemplatesBroken when a locked version was changed or removed, or (unless `new_allowed`) is not locked yet.
    """
    locked, found = _locked(folder), {f"{c}@{v}": digest_of(t) for (c, v), t in sorted(book.templates.items())}
    if changed := sorted(name for name, digest in locked.items() if found.get(name) != digest):
        raise TemplatesBroken(reason=f"published versions were changed: {', '.join(changed)}; raise the version")
    if not new_allowed and (new := sorted(set(found) - set(locked))):
        raise TemplatesBroken(reason=f"not locked yet: {', '.join(new)}; run `fawang message_templates --lock`")
    return found


def lock(folder: Path = DEFINITIONS) -> int:
    """Write new versions into the lock; how many it holds now. Raises TemplatesBroken for a changed old one."""
    found = check_lock(read(folder), folder, new_allowed=True)
    (folder / "templates.lock.yaml").write_text(yaml.safe_dump(found, sort_keys=True), "utf-8")
    return len(found)


@lru_cache(maxsize=1)
def book() -> Book:
    """The templates of this installation, checked against the lock; read once a process."""
    loaded = read()
    check_lock(loaded)
    return loaded


@lru_cache(maxsize=1)
def quiet_hours() -> dict[str, tuple[time, time]]:
    """When a channel keeps quiet, as (from, until) on Asia/Shanghai's wall clock."""
    raw = yaml.safe_load((DEFINITIONS / "quiet_hours.yaml").read_text("utf-8"))
    return {Channel(c): (time.fromisoformat(s["from"]), time.fromisoformat(s["until"])) for c, s in raw.items()}


def find(code: str, version: int | None = None) -> Template:
    """A version of a template, the latest by default. Raises NoSuchTemplate."""
    loaded = book()
    found = loaded.templates.get((code, version or loaded.latest.get(code, 0)))
    if found is None:
        raise NoSuchTemplate(template=code)
    return found


def _clean_text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise DataDoesNotFit(variable=name)
    text = " ".join(value.replace("\0", "").split())
    if len(text) > LONGEST_VALUE:
        raise DataDoesNotFit(variable=name)
    if holds_identifier(text):
        raise PersonalDataInMessage(variable=name)
    return text


def _clean_value(name: str, variable: Variable, value: object) -> _Value:
    if variable.type == "text":
        if isinstance(value, dict) and set(value) == {"zh", "en"}:
            return {language: _clean_text(name, text) for language, text in value.items()}
        return _clean_text(name, value)
    if variable.type == "number" and isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9999:
        return value
    if variable.type == "datetime" and isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    if variable.type == "date" and isinstance(value, datetime) and value.tzinfo is not None:
        return clock.local(value).date().isoformat()
    if variable.type == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if variable.type in {"date", "datetime"} and isinstance(value, str):
        try:
            return _clean_value(name, variable, _read_moment(value))
        except ValueError:
            raise DataDoesNotFit(variable=name) from None
    raise DataDoesNotFit(variable=name)


def _read_moment(value: str) -> date | datetime:
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)


def clean(template: Template, data: Data) -> Data:
    """The data as JSON, if it fits the template exactly. Raises DataDoesNotFit or PersonalDataInMessage."""
    if odd := set(data) ^ set(template.variables):
        raise DataDoesNotFit(variable=sorted(odd)[0])
    return {name: _clean_value(name, template.variables[name], value) for name, value in data.items()}


def _english_date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month]} {day.year}"


def _say(variable: Variable, value: _Value, language: Language) -> str:
    if variable.type == "date":
        day = date.fromisoformat(str(value))
        return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else _english_date(day)
    if variable.type == "datetime":
        moment = clock.local(datetime.fromisoformat(str(value)))
        hour = f"{moment:%H:%M}"
        if language == "zh":
            return f"{moment.year}年{moment.month}月{moment.day}日{hour}"
        return f"{_english_date(moment.date())}, {hour}"
    if isinstance(value, dict):
        return str(value[language])
    return str(value)


def render(template: Template, data: Data, language: str, *, with_secrets: bool = True) -> Rendered:
    """The texts in `language` (`en…` is English, all else Chinese). Secrets are hidden unless `with_secrets`."""
    spoken: Language = "en" if language.lower().startswith("en") else "zh"
    wording, full, brief = template.wording(spoken), {}, {}
    for name, variable in template.variables.items():
        text = _say(variable, data[name], spoken) if with_secrets or not variable.secret else HIDDEN
        full[name] = text
        cut = variable.type == "text" and len(text) > variable.short
        brief[name] = text[: variable.short - 1] + "…" if cut else text
    return Rendered(
        subject=_fill(wording.subject, full),
        short=book().sign[spoken] + _fill(wording.short, brief),
        long=_fill(wording.long, full).strip(),
    )
