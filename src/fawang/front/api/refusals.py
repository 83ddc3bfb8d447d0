"""The one shape of every refusal: `{code, message, fields, retry}`. It never repeats what was sent."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from fawang.front.api.errors import NoSuchOperation, TooLong, Unavailable, Unreadable
from fawang.kernel.errors import FawangError, Invalid

log = logging.getLogger("fawang.api")
FIELD = re.compile(r"[A-Za-z0-9_\-]{1,60}")
RETRY_SECONDS = 2
# the parts of a path that are names of ours and not of the sender's fields
_OURS = re.compile(r"literal\[|function-|Applicant$|\d+$")


def field_name(parts: Iterable[object]) -> str:
    """A field's dotted path; what is not an ordinary name (somebody's data as a name) is shown as `?`."""
    names = [str(part) for part in parts if not _OURS.match(str(part))]
    return ".".join(name if FIELD.fullmatch(name) else "?" for name in names) or "body"


def answer(error: FawangError) -> JsonResponse:
    """The answer to a refusal, with its status, its wait and how to log in."""
    fields: dict[str, str] = {}
    if isinstance(error, Invalid):
        fields = {field_name(name.split(".")): str(sentence) for name, sentence in error.fields.items()}
    body = {"code": error.code, "message": error.text, "fields": fields, "retry": error.is_worth_a_retry}
    response = JsonResponse(body, status=error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="fawang"'
    wait = error.data.get("wait_seconds")
    if wait or error.status == 503:
        response.headers["Retry-After"] = str(wait or RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _sentence(problem: dict[str, Any]) -> str:
    kind, limits = str(problem.get("type", "")), problem.get("ctx") or {}
    if kind == "missing":
        return _("请填写这一项。")
    if kind == "string_too_long":
        return _("最多 %(maximum)s 个字。") % {"maximum": limits.get("max_length", "")}
    if kind == "extra_forbidden":
        return _("没有这个字段,请按接口说明填写。")
    if kind in {"greater_than_equal", "less_than_equal"}:
        return _("数值超出范围,请按接口说明填写。")
    return _("格式不对,请按接口说明填写。")


def _of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {}
    for problem in error.errors:
        parts = list(problem.get("loc", ()))
        fields[field_name(parts[2:] if parts[:1] == ["body"] else parts[1:])] = _sentence(problem)
    return answer(Invalid(dict(fields)))


def _of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, FawangError):
        return answer(cause)
    if isinstance(cause, RequestDataTooBig):
        return answer(TooLong())
    return answer(Unreadable())


def _of_fawang(request: HttpRequest, error: FawangError) -> HttpResponse:
    return answer(error)


def _of_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(NoSuchOperation())


def _of_database(request: HttpRequest, error: OperationalError | InterfaceError) -> HttpResponse:
    # the text of a database error may hold values: only its kind is written down
    log.error("database refused a request: %s", type(error).__name__)
    return answer(Unavailable())


_ANSWERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    FawangError: _of_fawang,
    ValidationError: _of_validation,
    HttpError: _of_http,
    Http404: _of_nothing,
    OperationalError: _of_database,
    InterfaceError: _of_database,
}


def register(api: NinjaAPI) -> None:
    """Say how each kind of failure is answered."""
    for kind, handler in _ANSWERS.items():
        api.add_exception_handler(kind, handler)
