"""Who acts, and the one table of who may do what.

An `Actor` is a person for themself, a person for somebody they represent, a member of a unit with roles, a partner
system, or a part of this system by name. The table has one row a (permission, role) with a scope; what is not in the
table is refused. Rooms add their rows at start-up with `grant`; asking for a permission nobody declared is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from fawang.kernel.errors import NotLoggedIn, NotPermitted


class Scope(StrEnum):
    """How far a granted permission reaches."""

    ANYONE = "anyone"  # nothing about a person is behind it
    OWN = "own"  # the actor's own things, or those of whom the actor represents
    SELF = "self"  # what is assigned to the actor
    UNIT = "unit"  # what the actor's organisation holds
    AREA = "area"  # everything in the actor's division and below it
    ALL = "all"


@dataclass(frozen=True)
class Actor:
    """Who is acting now, as one thing at a time.

    `ref` is stable and free of personal data (`account:12`, `system:worker`). `party_id` is the person or
    organisation acting or represented; `unit_id` the organisation of a member; `area` its division's prefix
    (trailing zero pairs stripped; empty = everywhere). For a representative `party_id` is the represented and
    `represents_id` names the representation. `level` is the identity level 0…4 (compliance §8).
    """

    ref: str
    roles: frozenset[str] = frozenset()
    account_id: int | None = None
    party_id: int | None = None
    represents_id: int | None = None
    member_id: int | None = None
    unit_id: int | None = None
    area: str = ""
    level: int = 0
    is_system: bool = False
    name: str = field(default="", compare=False)
    channel: str = field(default="", compare=False)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is logged in."""
        return self.account_id is None and not self.is_system and not self.ref.startswith("partner:")

    def through(self, channel: str) -> Actor:
        """The same actor, coming through a channel (code of §3.1)."""
        return replace(self, channel=channel)


VISITOR = Actor(ref="visitor", roles=frozenset({"VISITOR"}))


def system(name: str) -> Actor:
    """A part of this system, by name; it may do what its role `SYSTEM` is granted."""
    return Actor(ref=f"system:{name}", roles=frozenset({"SYSTEM"}), is_system=True, name=name)


@dataclass(frozen=True)
class Grant:
    """One row of the table."""

    permission: str
    role: str
    scope: Scope


_declared: dict[str, str] = {}
_grants: dict[str, dict[str, Scope]] = {}


def declare(permission: str, meaning: str) -> None:
    """Name a permission (dotted, `room.act`) and say in a few words what it allows."""
    if _declared.get(permission, meaning) != meaning:
        raise ValueError(f"permission {permission} is declared twice with different meanings")
    _declared[permission] = meaning
    _grants.setdefault(permission, {})


def grant(permission: str, scope: Scope, roles: Iterable[str]) -> None:
    """Add rows for `roles`. Raises KeyError for an undeclared permission, ValueError for a second scope of one role."""
    rows = _grants[permission]
    for role in roles:
        if rows.get(role, scope) != scope:
            raise ValueError(f"{permission} is granted to {role} twice")
        rows[role] = scope


def table() -> list[Grant]:
    """Every row, sorted: what `fawang policy` prints."""
    return [Grant(p, r, s) for p in sorted(_grants) for r, s in sorted(_grants[p].items())]


def permissions() -> dict[str, str]:
    """Every declared permission with its meaning."""
    return dict(sorted(_declared.items()))


def scopes(actor: Actor, permission: str) -> frozenset[Scope]:
    """The scopes in which the actor holds the permission. Raises KeyError for an undeclared one."""
    rows = _grants[permission]
    return frozenset(rows[role] for role in actor.roles if role in rows)


def require(actor: Actor, permission: str) -> frozenset[Scope]:
    """The scopes, or NotLoggedIn / NotPermitted when there is none."""
    held = scopes(actor, permission)
    if not held:
        if actor.is_anonymous:
            raise NotLoggedIn
        raise NotPermitted(reason=permission)
    return held
