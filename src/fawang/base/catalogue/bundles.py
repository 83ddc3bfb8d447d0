"""Bundles (套餐): one application, shared questions asked once, several orders. Here the questions are joined."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fawang.base.catalogue.schema import Part, Question, ServiceItem


def together(bundle: ServiceItem, items: Mapping[str, ServiceItem]) -> ServiceItem:
    """The bundle with the questions of its parts, each asked once and only when its part belongs to the application.

    Two questions are the same when they come from the same question of the bank (or carry the same meaning and kind).
    A question with another's id is renamed `part__id`. A part's question that `answers` fills is not asked.
    """
    questions = list(bundle.questions)
    parts = []
    for part in bundle.parts:
        item = items[part.item]
        names = _join(questions, part, item)
        parts.append(part.model_copy(update={"names": names, "version": item.version}))
    return bundle.model_copy(update={"questions": questions, "parts": parts})


def _join(questions: list[Question], part: Part, item: ServiceItem) -> dict[str, str]:
    """Put a part's questions to the bundle's; the part's names and the bundle's."""
    names: dict[str, str] = {}
    for question in item.questions:
        if question.id in part.answers or question.compute:
            continue
        same = next((n for n, other in enumerate(questions) if _is_same(question, other)), None)
        if same is not None:
            names[question.id] = questions[same].id
            questions[same] = _also_for(questions[same], part, question, names)
        else:
            taken = any(other.id == question.id for other in questions)
            name = f"{part.item.lower()}__{question.id}"[:40] if taken else question.id
            names[question.id] = name
            questions.append(_for_part(question, part, name, names))
    return names


def _is_same(one: Question, other: Question) -> bool:
    if one.type != other.type:
        return False
    return bool(one.bank and one.bank == other.bank) or bool(one.meaning and one.meaning == other.meaning)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """An expression of a part in the bundle's names."""
    for old, new in names.items():
        if old != new:
            text = re.sub(rf"(?<![\w.\"'])\b{old}\b(?!\s*\()", new, text)
            text = re.sub(rf"([\"']){old}\1(?=\s+in\s+answered)", rf"\1{new}\1", text)
    return text


def both(*texts: str) -> str:
    """All of these; empty ones count as true."""
    kept = [text for text in texts if text]
    return " && ".join(f"({text})" for text in kept) if len(kept) > 1 else "".join(kept)


def _for_part(question: Question, part: Part, name: str, names: Mapping[str, str]) -> Question:
    update: dict[str, Any] = {"id": name, "show": both(part.when, renamed(question.show, names))}
    if question.require:
        update["require"] = renamed(question.require, names)
    update["checks"] = [c.model_copy(update={"rule": renamed(c.rule, names)}) for c in question.checks]
    return question.model_copy(update=update)


def _also_for(question: Question, part: Part, wanted: Question, names: Mapping[str, str]) -> Question:
    """A shared question is asked when any of its parts asks it, and required when one that is chosen requires it."""
    mine = both(part.when, renamed(wanted.show, names))
    update: dict[str, Any] = {"show": f"({question.show}) || ({mine})" if question.show and mine else ""}
    if wanted.required and not question.required:
        update["require"] = f"({question.require}) || ({mine or 'true'})" if question.require else mine or "true"
    return question.model_copy(update=update)
