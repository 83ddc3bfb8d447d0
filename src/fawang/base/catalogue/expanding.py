"""From what is written to what is meant: questions taken from the bank, families of services made from a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from fawang.base.catalogue.errors import DefinitionError
from fawang.base.catalogue.schema import Material, Question, QuestionType, Screener, ServiceItem
from fawang.base.catalogue.source import line_of, problems_of, read_yaml

_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


class CannotExpand(ValueError):
    """A `use` of what is not in the bank, or a row that lacks what the template needs. The text says what."""


def with_bank(questions: Any, bank: Mapping[str, dict[str, Any]]) -> Any:
    """The questions with each `use: id` replaced by the bank's question; keys beside `use` overwrite the bank's.
    Raises CannotExpand with the position in front."""
    if not isinstance(questions, list):
        return questions
    return [_one(question, bank, position) for position, question in enumerate(questions)]


def _one(question: Any, bank: Mapping[str, dict[str, Any]], position: int) -> Any:
    if not isinstance(question, dict):
        return question
    if "use" in question:
        name = question["use"]
        if name not in bank:
            raise CannotExpand(position, f"the bank has no question {name}")
        written = {key: value for key, value in question.items() if key != "use"}
        known = {key: value for key, value in deepcopy(bank[name]).items() if key != "_bank"}
        question = {**known, "bank": name, **written}
    if isinstance(question.get("questions"), list):
        question = {**question, "questions": with_bank(question["questions"], bank)}
    return question


def screener(path: Path, bank: Mapping[str, dict[str, Any]]) -> Screener:
    """The screener of a file, its questions taken from the bank. Raises DefinitionError."""
    found, _lines = read_yaml(path)
    try:
        return Screener.model_validate({**found, "questions": with_bank(found.get("questions", []), bank)})
    except CannotExpand as error:
        raise DefinitionError([f"{line_of(path, 'questions', error.args[0])}: {error.args[1]}"]) from None
    except ValidationError as error:
        raise DefinitionError(problems_of(error, path)) from None


def used(questions: Any) -> set[str]:
    """The ids of the bank that raw questions use."""
    found: set[str] = set()
    for question in questions if isinstance(questions, list) else []:
        if isinstance(question, dict):
            found |= {str(question["use"])} if "use" in question else set()
            found |= used(question.get("questions"))
    return found


def with_papers(item: ServiceItem) -> ServiceItem:
    """The service with a file question for each material, so that every channel takes papers the same way.

    A paper can always follow later: no channel is stopped by one that is missing.
    """
    papers = [_paper(material) for material in item.materials]
    return item.model_copy(update={"questions": [*item.questions, *papers]}) if papers else item


def _paper(material: Material) -> Question:
    return Question.model_validate(
        {
            "id": f"m_{material.id}"[:40], "type": QuestionType.FILE, "bank": f"material.{material.id}",
            "material": material.id, "required": False, "zh": material.zh, "en": material.en,
            "help_zh": material.why.zh, "help_en": material.why.en, "show": material.when,
        }
    )  # fmt: skip


def row_of(template: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """One service of a family: the template with `{name}` replaced by the row's values.

    A text that is nothing but a place takes the value whole (a list, a number). `set` of the row replaces whole keys,
    `add` appends to the template's lists. Raises CannotExpand for a place that the row does not fill.
    """
    made = _filled(template, row)
    made.update(_filled(row.get("set", {}), row))
    for key, more in _filled(row.get("add", {}), row).items():
        made[key] = [*made.get(key, []), *more]
    return dict(made)


def _filled(value: Any, row: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        whole = _PLACE.fullmatch(value)
        if whole:
            return deepcopy(_look_up(row, whole[1]))
        return _PLACE.sub(lambda found: str(_look_up(row, found[1])), value)
    if isinstance(value, Mapping):
        return {key: _filled(inner, row) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, row) for inner in value]
    return value


def _look_up(row: Mapping[str, Any], name: str) -> Any:
    if name not in row:
        raise CannotExpand(0, f"the row lacks {name}")
    return row[name]
