"""Reading definitions: YAML with the line of every key kept, so that a message can name file and line."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from fawang.base.catalogue.errors import DefinitionError

Model = TypeVar("Model", bound=BaseModel)
# the C parser where the platform has it: ten times faster
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path_ = tuple[str | int, ...]


def _lines(node: yaml.Node, at: Path_, into: dict[Path_, int]) -> None:
    into[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if (*at, key.value) in into:
                raise yaml.MarkedYAMLError(problem=f"{key.value} is written twice", problem_mark=key.start_mark)
            _lines(value, (*at, key.value), into)
            into[(*at, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            _lines(value, (*at, position), into)


def read_yaml(path: Path) -> tuple[Any, dict[Path_, int]]:
    """A file's data and the line (from 1) of every place in it. Raises DefinitionError for bad YAML."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _read(path: Path, _changed_at: int) -> tuple[Any, dict[Path_, int]]:
    lines: dict[Path_, int] = {}
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError):
        raise DefinitionError([f"{path}:1: not UTF-8 text"]) from None
    try:
        node = loader.get_single_node()
        if node is not None:
            _lines(node, (), lines)
        data = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise DefinitionError([f"{path}:{line}: {getattr(error, 'problem', None) or 'not YAML'}"]) from None
    finally:
        loader.dispose()
    return data, lines


def _line_of(location: tuple[str | int, ...], lines: dict[Path_, int]) -> int:
    known = tuple(part for part in location)
    while known not in lines and known:
        known = known[:-1]
    return lines.get(known, 1)


def line_of(path: Path, *location: str | int) -> str:
    """`file:line` of a place in a file, or of the nearest place around it that is there."""
    return f"{path}:{_line_of(location, read_yaml(path)[1])}"


def parse(model: type[Model], path: Path) -> Model:
    """Read `path` as `model`. Raises DefinitionError with `file:line: what` for everything that does not fit."""
    try:
        return model.model_validate(read_yaml(path)[0])
    except ValidationError as error:
        raise DefinitionError(problems_of(error, path)) from None


def problems_of(error: ValidationError, path: Path, line: int | None = None) -> list[str]:
    """`file:line: what` for everything that does not fit; `line` when all of it was made from one line."""
    lines = read_yaml(path)[1]
    return sorted(
        f"{path}:{line or _line_of(item['loc'], lines)}: {'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
        for item in error.errors()
    )
