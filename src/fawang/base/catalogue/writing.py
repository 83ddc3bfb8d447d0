"""For people who write services: a file to begin with, a published one to take home, what changed, and how it looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from fawang.base.catalogue.schema import Process, ServiceItem

Definition = ServiceItem | Process
# what names a row of a list: the row of the same name is the same row
_NAMING = ("id", "item", "code", "value", "name")

_BEGINNING = """\
# A new service. Every key: docs/reference/catalogue.md; step by step: docs/tutorial-new-service.md
code: {code}
line: {line}
version: 1
zh: 服务名称
en: Name of the service
summary: {{zh: 一句话说明这项服务。, en: The service in one sentence.}}
demand_type: APPLY
applicant_kinds: [PERSON]
channels: ["*"]
identity_level: 1
process: {process}
# shown as 示例, not filed officially, until the owner confirms: then `confirmed: {{by: name and office, day: date}}`
is_example: true
uncertain: [everything]
guide:
  conditions: {{zh: 谁可以办。, en: Who may apply.}}
  materials: {{zh: 需要什么材料。, en: What is needed.}}
  steps: {{zh: 怎么办。, en: How it goes.}}
  limits: {{zh: 多久办好。, en: How long it takes.}}
  fees: {{zh: 免费。, en: Free.}}
  basis: {{zh: 法律依据。, en: Law and article.}}
  result: {{zh: 得到什么。, en: What comes of it.}}
  remedies: {{zh: 不满意怎么办。, en: What to do when dissatisfied.}}
questions:
  - {{use: applicant_name}}
  - {{use: applicant_phone}}
  - {{use: story}}
  - {{use: area}}
title_from: [story]
description_from: story
area_from: area
fee: {{kind: free, basis: practice}}
examples:
  - name: somebody ordinary
    answers: {{applicant_name: 王示例, applicant_phone: "13800000001", story: 说说发生了什么, area: "510107"}}
    expect: {{asked: [applicant_name, applicant_phone, story, area]}}
"""


def beginning(code: str, line: str, process: str) -> str:
    """A file that fits as it is, to be changed word by word."""
    return _BEGINNING.format(code=code, line=line, process=process)


def exported(item: ServiceItem) -> str:
    """A published service as a file: complete, with the bank's questions written out."""
    data = item.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    # what the catalogue adds by itself is not written
    data["questions"] = [q for q in data.get("questions", []) if not q.get("material")]
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


@dataclass(frozen=True)
class Difference:
    """One thing that two versions say differently. `where` leads there: keys, and (list, name) for a named row.
    `before` is None where it was added, `after` where it was taken away; `is_order` when only the rows' order is."""

    where: tuple[str | tuple[str, str], ...]
    before: Any = None
    after: Any = None
    is_order: bool = False

    @property
    def path(self) -> str:
        """`questions[topic].options`, as a writer finds it in the file."""
        parts = [step if isinstance(step, str) else f"{step[0]}[{step[1]}]" for step in self.where]
        return ".".join(parts)


def differences(before: Definition, after: Definition) -> list[Difference]:
    """What two versions of a service, or of a process, say differently, in the order of the file."""
    one, two = (part.model_dump(mode="json", by_alias=True, exclude_defaults=True) for part in (before, after))
    return list(_compared(one, two, ()))


def changes(before: ServiceItem, after: ServiceItem) -> list[str]:
    """What is different between two versions, a line each: where, and both sides."""
    return [_line(one) for one in differences(before, after)]


def _line(one: Difference) -> str:
    if one.is_order:
        return f"{one.path}: in another order"
    if one.before is None:
        return f"+ {one.path}: {_short(one.after)}"
    if one.after is None:
        return f"- {one.path}: {_short(one.before)}"
    return f"~ {one.path}: {_short(one.before)} → {_short(one.after)}"


def _compared(one: Any, two: Any, where: tuple[str | tuple[str, str], ...]) -> Iterator[Difference]:
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        for key in [*one, *(key for key in two if key not in one)]:
            yield from _compared(one.get(key), two.get(key), (*where, str(key)))
    elif where and isinstance(one, list) and isinstance(two, list) and _is_named(one) and _is_named(two):
        ours, theirs = ({_name(row): row for row in rows} for rows in (one, two))
        before, last = where[:-1], str(where[-1])
        for name in [*ours, *(name for name in theirs if name not in ours)]:
            yield from _compared(ours.get(name), theirs.get(name), (*before, (last, name)))
        if [n for n in ours if n in theirs] != [n for n in theirs if n in ours]:
            yield Difference(where, is_order=True)
    elif one != two:
        yield Difference(where, one, two)


def _name(row: Mapping[str, Any]) -> str:
    return str(next((row[key] for key in _NAMING if row.get(key)), ""))


def _is_named(rows: list[Any]) -> bool:
    return bool(rows) and all(isinstance(row, Mapping) and _name(row) for row in rows)


def _short(value: Any) -> str:
    text = str(value.get("zh", value)) if isinstance(value, Mapping) else str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"


def preview(item: ServiceItem, process: Process, language: str) -> str:
    """The service as people meet it, page by page, in plain text."""
    lines = [f"# {item.say(language)}  ({item.code} v{item.version})", "", item.summary.say(language), ""]
    if item.is_example:
        lines += ["[示例 / example] " + "; ".join(item.uncertain), ""]
    for name in type(item.guide).model_fields:
        lines.append(f"{name}: {getattr(item.guide, name).say(language)}")
    lines += ["", "## Questions"]
    for question in item.questions:
        rules = [f"{key} {text}" for key in ("show", "require", "compute") if (text := getattr(question, key))]
        kind = "paper" if question.material else str(question.type.value)
        need = "" if question.required else ", optional"
        lines.append(f"- {question.say(language)} [{kind}{need}]{' {' + '; '.join(rules) + '}' if rules else ''}")
    if item.eligibility:
        lines += ["", "## May I have it"]
        lines += [f"- {rule.answer}: {rule.say(language)} ({rule.basis})" for rule in item.eligibility]
    lines += ["", "## Limits"]
    lines += [f"- {limit.id} {limit.say(language)} ({limit.basis})" for limit in [*process.limits, *item.limits]]
    lines += ["", "## Course", " → ".join(state.say(language) for state in process.inner) or "-", ""]
    return "\n".join(lines)
