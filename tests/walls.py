"""The import walls, run by script/check: the floors of `.importlinter`, and one protected contract a room.

Other rooms reach a room only through its public modules. The contracts are made from what is on disk, so a new private
module is protected the moment it exists and there is no list of exceptions.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "fawang"
PUBLIC = {"services", "selectors", "events", "values", "errors"}
# what a room offers besides: the schema and named rules of definitions, cleaning of answers, what writers of services ask;
# how numbers are written
OFFERED = {
    "catalogue": {
        "rules", "schema", "forms", "assessment", "bundles", "screening", "standing", "writing", "wording", "courses",
    },
    "workorders": {"numbers"},
}  # fmt: skip
NOT_CODE = {"tests", "migrations", "locale", "templates", "static", "definitions", "__pycache__"}


def private_modules(room: Path) -> list[str]:
    """The modules of a room that only the room itself may import."""
    names = {path.stem for path in room.glob("*.py")} | {path.parent.name for path in room.glob("*/__init__.py")}
    return sorted(names - PUBLIC - OFFERED.get(room.name, set()) - NOT_CODE - {"__init__"})


def contracts() -> str:
    """The `.importlinter` of the repository with a protected contract for each room."""
    parts = [(ROOT / ".importlinter").read_text()]
    for floor in ("base", "back", "middle", "front"):
        for apps in sorted((SOURCE / floor).glob("*/apps.py")):
            room = apps.parent
            if room.name == "frame":
                continue
            modules = "\n".join(f"    fawang.{floor}.{room.name}.{name}" for name in private_modules(room))
            head = f"\n[importlinter:contract:private-{room.name}]\nname = Private: {floor}/{room.name}\n"
            # tests may look behind the walls to see that rows are right; the product may not
            allowed = f"    fawang.{floor}.{room.name}\n    fawang.*.*.tests\n"
            parts.append(f"{head}type = protected\nprotected_modules =\n{modules}\nallowed_importers =\n{allowed}")
    return "\n".join(parts)


def main() -> int:
    """The exit code of import-linter."""
    with tempfile.NamedTemporaryFile("w", suffix=".ini", delete=False) as file:
        file.write(contracts())
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.call([str(program), "--config", file.name, "--no-cache"], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
