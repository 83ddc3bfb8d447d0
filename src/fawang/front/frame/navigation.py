"""The menus of the doors, put together from what each door registers and what the actor may enter.

A door calls `register(...)` in its `apps.py`; the frame shows an entry to whoever holds its permission. `portal`
entries make the citizen's menu, those of every other door the workbench's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from fawang.front.frame.doors import may_enter
from fawang.front.frame.values import NavigationItem
from fawang.kernel.policy import Actor

Count = Callable[[Actor], int]
CITIZEN_DOOR = "portal"


@dataclass(frozen=True)
class _Entry:
    door: str
    label: str | Promise
    url_name: str
    permission: str
    icon: str
    key: str
    count: Count | None


_entries: list[_Entry] = []
_inboxes: dict[str, tuple[str, Count]] = {}


def register(  # noqa: PLR0913 - one row of a table
    door: str,
    label: str | Promise,
    url_name: str,
    permission: str,
    icon: str,
    key: str = "",
    *,
    count: Count | None = None,
) -> None:
    """Add an entry to the door's menu. `key` is one letter, pressed after `g`; `count(actor)` is shown beside it.

    Raises ValueError when another entry of the workbench has the same key.
    """
    entry = _Entry(door, label, url_name, permission, icon, key, count)
    if entry in _entries:
        return
    if key and any(other.key == key and (other.door == CITIZEN_DOOR) == (door == CITIZEN_DOOR) for other in _entries):
        raise ValueError(f"the key {key} is taken in the menu")
    _entries.append(entry)


def register_inbox(side: str, url_name: str, count: Count) -> None:
    """Name the page of messages of `side` (`citizen` or `staff`) and who counts the unread ones."""
    _inboxes[side] = (url_name, count)


def menu(actor: Actor, side: str, path: str) -> list[NavigationItem]:
    """The entries the actor may enter, in the order of registration; the longest matching URL is the current one."""
    chosen = [
        (entry, url)
        for entry in _entries
        if (entry.door == CITIZEN_DOOR) == (side == "citizen")
        and may_enter(actor, entry.permission)
        and (url := _url(entry.url_name))
    ]
    current = max(
        (url for _, url in chosen if path == url or (url != "/" and path.startswith(url))), key=len, default=""
    )
    return [
        NavigationItem(
            label=str(entry.label),
            url=url,
            icon=entry.icon,
            key=entry.key,
            is_current=url == current,
            count=entry.count(actor) if entry.count else 0,
        )
        for entry, url in chosen
    ]


def inbox(actor: Actor, side: str) -> tuple[str, int]:
    """The page of messages and how many are unread; an empty address when the side has none."""
    if actor.is_anonymous or side not in _inboxes:
        return "", 0
    url_name, count = _inboxes[side]
    return _url(url_name), count(actor)


def _url(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
