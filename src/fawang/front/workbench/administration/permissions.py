"""The table of permissions: what is in it may be done, what is not is refused."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fawang.base.organisations.values import ROLES
from fawang.front.frame.doors import requires
from fawang.front.workbench.administration.permission_words import WORDS
from fawang.kernel import policy
from fawang.kernel.policy import Scope

SCOPES: dict[Scope, str | Promise] = {
    Scope.ANYONE: gettext_lazy("任何人"),
    Scope.OWN: gettext_lazy("本人的"),
    Scope.SELF: gettext_lazy("分给自己的"),
    Scope.UNIT: gettext_lazy("本单位的"),
    Scope.AREA: gettext_lazy("辖区内的"),
    Scope.ALL: gettext_lazy("全部"),
}


@dataclass(frozen=True)
class Row:
    """A permission with its meaning, and who holds it how far: (scope in words, roles in words)."""

    permission: str
    words: str | Promise
    held: tuple[tuple[str | Promise, str], ...]


def role_name(role: str) -> str:
    """A role in words."""
    return _("系统自动") if role == "SYSTEM" else str(ROLES.get(role, role))


def _roles(scope: Scope, roles: list[str]) -> str:
    """The roles in words; none where a visitor may, because then everybody may."""
    return "" if scope == Scope.ANYONE and "VISITOR" in roles else _("、").join(role_name(role) for role in roles)


def rows(role: str = "") -> list[Row]:
    """The table, of one role if named."""
    grants = [row for row in policy.table() if not role or row.role == role]
    found = []
    for permission, meaning in policy.permissions().items():
        mine = [row for row in grants if row.permission == permission]
        if not mine:
            continue
        held = tuple(
            (words, _roles(scope, [row.role for row in mine if row.scope == scope]))
            for scope, words in SCOPES.items()
            if any(row.scope == scope for row in mine)
        )
        found.append(Row(permission, WORDS.get(permission, meaning), held))
    return found


@requires("workbench.see_permissions")
def page(request: HttpRequest) -> HttpResponse:
    """The table, whole or of one role."""
    roles = sorted({row.role for row in policy.table()})
    role = request.GET.get("role", "")
    role = role if role in roles else ""
    context = {"rows": rows(role), "role": role, "roles": [(code, role_name(code)) for code in roles]}
    return render(request, "workbench/permissions.html", context)
