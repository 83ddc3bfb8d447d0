"""Every route of the product with the permission it is bound to: for `fawang policy` and the test that walks them."""

from __future__ import annotations

from dataclasses import dataclass

from fawang.front.frame import checks, doors
from fawang.kernel import policy


@dataclass(frozen=True)
class Route:
    """A page's path pattern, or an API operation, with its permission (empty: none was named)."""

    path: str
    permission: str


def all_routes() -> list[Route]:
    """All pages; API operations bind themselves and are listed by their own room's test."""
    routes = []
    for path, view in checks.views():
        requirement = doors.requirement_of(view)
        if requirement is not None:
            routes.append(Route("/" + path, requirement.permission))
        elif not doors.is_exempt(view):
            routes.append(Route("/" + path, ""))
    return routes


def problems() -> list[str]:
    """Routes without a permission, routes with an undeclared one, permissions that nobody holds."""
    declared = policy.permissions()
    found = [f"{route.path}: no permission" for route in all_routes() if not route.permission]
    found += [
        f"{route.path}: {route.permission} is not declared"
        for route in all_routes()
        if route.permission and route.permission not in declared
    ]
    held = {row.permission for row in policy.table()}
    found += [f"{permission}: nobody holds it" for permission in declared if permission not in held]
    return found
