"""Translations: every room has its own `locale/en`; Chinese is the source text. Compiled at set-up, checked in CI."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from django.apps import apps
from django.conf import settings

HAN = re.compile(r"[\u4e00-\u9fff]")


def rooms() -> list[Path]:
    """The folders of all rooms."""
    found = [Path(config.path) for config in apps.get_app_configs() if config.name.startswith("fawang.")]
    return [*found, Path(settings.SOURCE) / "kernel"]


def catalogues() -> list[Path]:
    """All English catalogues."""
    return sorted(path for room in rooms() for path in room.glob("locale/en/LC_MESSAGES/django.po"))


def compile_all() -> int:
    """Write the `.mo` beside every `.po`; how many."""
    for path in catalogues():
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return len(catalogues())


def _in_source(room: Path) -> set[str]:
    """The texts that a room's Python and templates mark for translation (needs gettext's xgettext)."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "room"
        target.mkdir()
        (target / "locale").mkdir()
        for path in [*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt")]:
            if "tests" in path.parts or "migrations" in path.parts:
                continue
            copy = target / path.relative_to(room)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
        words = [sys.executable, "-P", "-m", "django", "makemessages", "-l", "en", "--no-location", "-v", "0"]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        done = subprocess.run(words, cwd=target, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        made = target / "locale/en/LC_MESSAGES/django.po"
        return {entry.msgid for entry in polib.pofile(str(made))} if made.exists() else set()


def problems() -> list[str]:
    """Texts without English, fuzzy ones, and English texts with Chinese left in them; empty when all is well."""
    found, known = [], {}
    for path in catalogues():
        for entry in polib.pofile(str(path)):
            if entry.obsolete:
                continue
            if entry.fuzzy or not entry.translated():
                found.append(f"{path}:{entry.linenum}: not translated: {entry.msgid[:60]}")
            elif any(HAN.search(text) for text in [entry.msgstr, *entry.msgstr_plural.values()]):
                found.append(f"{path}:{entry.linenum}: Chinese in the English text of: {entry.msgid[:60]}")
            known[entry.msgid] = path
    for room in rooms():
        for text in sorted(_in_source(room)):
            if HAN.search(text) and text not in known:
                found.append(f"{room}: no English for: {text[:80]}")
    return found
