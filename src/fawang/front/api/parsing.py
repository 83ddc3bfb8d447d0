"""Reading bodies and texts: what cannot be stored or understood is refused before anything is done with it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from fawang.front.api.auth import MAX_BODY_BYTES
from fawang.front.api.errors import OddCharacters, TooDeep, TooLong, Unreadable

MAX_DEPTH = 12


def _no_number(_text: str) -> NoReturn:
    raise Unreadable


def is_plain(text: str) -> bool:
    """Whether a text can be stored: no NUL, no halves of characters."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def check(data: Any, depth: int = 0) -> None:  # noqa: ANN401 - any JSON value
    """Walk a JSON value. Raises TooDeep, OddCharacters."""
    if isinstance(data, str):
        if not is_plain(data):
            raise OddCharacters
    elif isinstance(data, dict):
        if depth >= MAX_DEPTH:
            raise TooDeep
        for name, value in data.items():
            check(name)
            check(value, depth + 1)
    elif isinstance(data, list):
        if depth >= MAX_DEPTH:
            raise TooDeep
        for value in data:
            check(value, depth + 1)


class StrictParser(Parser):
    """JSON as the standard has it: no NaN, no NUL, not deeper than we ask for."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body. Raises Unreadable and its kinds, ValueError and RecursionError, which ninja answers with 400."""
        if len(request.body) > MAX_BODY_BYTES:
            raise TooLong
        data: dict[str, Any] = json.loads(request.body, parse_constant=_no_number)
        check(data)
        return data


def _plain(text: str) -> str:
    if not is_plain(text):
        raise ValueError("odd characters")
    return text


def _not_null(text: str) -> str:
    return _plain(text).strip()


Plain = AfterValidator(_plain)
Stripped = AfterValidator(_not_null)
Short = Annotated[str, StringConstraints(max_length=80), Plain]
Word = Annotated[str, StringConstraints(max_length=200), Plain]
Words = Annotated[str, StringConstraints(max_length=4_000), Plain]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_.:-]*$")]
Token = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,40}$")]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=60), Plain]
Cursor = Annotated[str, StringConstraints(max_length=400), Plain]
Version = Annotated[int, Field(ge=0, le=2_000_000_000)]
Limit = Annotated[int, Field(ge=1, le=100)]
Position = Annotated[int, Field(ge=0, le=9_000_000_000_000_000)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC))]
