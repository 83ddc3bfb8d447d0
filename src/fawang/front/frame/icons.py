"""Icons: one sprite with the few outlines we use, made at set-up from the Tabler icons wheel (MIT), never committed.

An icon always stands beside a word, so it is hidden from screen readers.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fawang.base.catalogue import selectors as catalogue

USED = [
    "apps",
    "alert-circle",
    "alert-triangle",
    "alert-octagon",
    "arrow-back-up",
    "arrow-left",
    "arrow-right",
    "bell",
    "book",
    "briefcase",
    "building",
    "building-bank",
    "building-community",
    "calendar",
    "calendar-event",
    "camera",
    "certificate",
    "chart-bar",
    "check",
    "checklist",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-dashed",
    "circle-x",
    "clipboard-check",
    "clipboard-list",
    "clock",
    "coin",
    "device-floppy",
    "dots",
    "download",
    "edit",
    "eraser",
    "external-link",
    "eye",
    "eye-off",
    "file",
    "file-certificate",
    "file-check",
    "file-text",
    "filter",
    "flag",
    "flask",
    "gavel",
    "hammer",
    "heart-handshake",
    "help-circle",
    "history",
    "home",
    "hourglass",
    "id",
    "info-circle",
    "key",
    "keyboard",
    "language",
    "link",
    "list",
    "list-check",
    "lock",
    "login",
    "logout",
    "mail",
    "map",
    "map-pin",
    "menu-2",
    "message",
    "message-circle",
    "messages",
    "microscope",
    "microphone",
    "mood-sad",
    "mood-smile",
    "paperclip",
    "pencil",
    "phone",
    "phone-call",
    "phone-incoming",
    "player-pause",
    "player-stop",
    "plus",
    "point",
    "printer",
    "qrcode",
    "refresh",
    "report-search",
    "route",
    "rubber-stamp",
    "scale",
    "school",
    "search",
    "send",
    "settings",
    "shield",
    "shield-check",
    "signature",
    "sparkles",
    "star",
    "subtask",
    "switch-horizontal",
    "text-size",
    "thumb-down",
    "thumb-up",
    "ticket",
    "transfer",
    "trash",
    "upload",
    "urgent",
    "user",
    "user-check",
    "user-plus",
    "users",
    "users-group",
    "video",
    "volume",
    "writing",
    "x",
    "zoom-in",
]
_SHAPE = re.compile(r"<svg[^>]*>(.*?)</svg>", re.DOTALL)
_SPACE = re.compile(r"\s+")


def symbol(name: str, svg: str) -> str:
    """One icon as a symbol of the sprite, without comments, sizes and spare space. Raises ValueError for no SVG."""
    found = _SHAPE.search(svg)
    if not found:
        raise ValueError(f"{name} is not an SVG drawing")
    inside = _SPACE.sub(" ", found.group(1)).strip().replace("> <", "><")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'


def wanted() -> list[str]:
    """The icons of our pages and those that lines and services name."""
    return sorted({*USED, *(name.replace("_", "-") for name in catalogue.icons())})


def sprite(folder: Path) -> str:
    """The sprite of all `wanted` icons found in `folder`. Raises FileNotFoundError for a missing icon."""
    symbols = [symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in wanted()]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round">\n' + "\n".join(symbols) + "\n</svg>\n"
    )


def write_sprite(*, source: Path, target: Path) -> int:
    """Write the sprite to `target` and return how many icons it holds. Raises FileNotFoundError for a missing icon."""
    text = sprite(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return len(wanted())


def draw(name: str, label: str = "") -> SafeString:
    """The icon `name`; `label` is read by screen readers where no word stands beside it.

    An installation whose manifest does not know the sprite gets an empty drawing, not an error.
    """
    try:
        source = static("frame/icons.svg")
    except ValueError:
        source = ""
    use = format_html('<use href="{}#{}"></use>', source, name) if source else ""
    words = format_html('<span class="visually-hidden">{}</span>', label) if label else ""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false">{}</svg>{}', use, words)
