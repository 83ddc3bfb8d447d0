"""Binding: an operation is a function with a method, a path, a permission and everything it may answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router

from fawang.front.api.auth import Guard, Takes
from fawang.front.api.schemas.outgoing import Refusal
from fawang.front.frame.doors import requires
from fawang.kernel.policy import VISITOR, Scope, scopes

REFUSALS = (400, 401, 403, 404, 409, 422, 429, 503)
Function = TypeVar("Function", bound=Callable[..., Any])


def operation(
    router: Router, method: str, path: str, permission: str, answers: dict[int, Any], *, summary: str,
    takes: Takes = "json", extra: dict[str, Any] | None = None,
) -> Callable[[Function], Function]:  # fmt: skip
    """Bind a function: it runs only for actors who hold `permission`, and says what it may answer.

    The mark is the same as a page's (`frame.doors.requires`), so one test walks all routes with all roles.
    """

    def bind(function: Function) -> Function:
        requires(permission)(function)
        is_open = Scope.ANYONE in scopes(VISITOR, permission)
        security: list[dict[str, list[str]]] = [{"key": []}, {"session": []}]
        router.api_operation(
            [method], path, auth=Guard(permission, takes), operation_id=function.__name__, summary=summary,
            response={**answers, **dict.fromkeys(REFUSALS, Refusal)},
            openapi_extra={
                "x-permission": permission, "security": [{}, *security] if is_open else security, **(extra or {}),
            },
        )(function)  # fmt: skip
        return function

    return bind
