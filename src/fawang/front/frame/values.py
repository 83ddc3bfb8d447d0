"""Frozen data of the frame."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """What a view asks for: a permission, and which log-in page (`citizen`, `staff` or by the permission's roles)."""

    permission: str
    login: str = ""


@dataclass(frozen=True)
class NavigationItem:
    """One entry of a door's menu. `count` is shown when above zero; `key` is the staff's shortcut after `g`."""

    label: str
    url: str
    icon: str
    key: str
    is_current: bool
    count: int = 0
