"""Start-up checks: every page names its permission, and every permission named is declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from fawang.front.frame.doors import is_exempt, requirement_of
from fawang.kernel import policy


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route with its view function, in the order of the URL files."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        elif isinstance(entry, URLResolver):
            yield from views(entry, route)


@checks.register
def every_view_names_a_declared_permission(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[checks.CheckMessage]:
    """Refuse to start with a page that anybody could open by forgetfulness."""
    problems: list[checks.CheckMessage] = []
    for route, view in views():
        requirement = requirement_of(view)
        if requirement is None:
            if not is_exempt(view):
                problems.append(checks.Error(f"/{route} has no @requires(permission)", id="frame.E001"))
        elif requirement.permission not in policy.permissions():
            problems.append(
                checks.Error(f"/{route} requires {requirement.permission}, which nobody declared", id="frame.E002")
            )
    return problems
