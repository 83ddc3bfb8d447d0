"""The house stands as drawn: foreign keys follow the walls, and a line's folder can be taken out."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

pytestmark = pytest.mark.once
SOURCE = Path(__file__).resolve().parents[1] / "src" / "fawang"
FLOORS = ["kernel", "base", "back", "middle", "front", "site"]
# what must still hold without the folder, in one process
EXAMINE = """
import django
django.setup()
from django.core.management import call_command
call_command("check")
call_command("catalogue", "check")
call_command("makemigrations", "--check", "--dry-run")
"""
LINES = sorted(p.parent.name for p in (SOURCE / "back").glob("*/apps.py") if p.parent.name != "casework")
# on each floor, from left to right: a room may use the rooms to its right
ORDER = {
    "base": [
        "workorders",
        "documents",
        "meetings",
        "notifications",
        "knowledge",
        "catalogue",
        "organisations",
        "identity",
        "divisions",
        "calendar",
    ],
    "middle": ["oversight", "intake", "dispatch"],
}


def place(config):
    parts = config.name.split(".")
    if parts[0] != "fawang" or len(parts) < 3:
        return None
    return parts[1], parts[2]


def may_use(user, used):
    if user == used:
        return True
    if FLOORS.index(user[0]) != FLOORS.index(used[0]):
        return FLOORS.index(user[0]) > FLOORS.index(used[0])
    order = ORDER.get(user[0], [])
    return user[1] in order and used[1] in order and order.index(user[1]) < order.index(used[1])


def test_foreign_keys_follow_the_walls():
    wrong = []
    for model in apps.get_models():
        here = place(model._meta.app_config)
        if here is None:
            continue
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model is not None):
                continue
            there = place(field.related_model._meta.app_config)
            if there is not None and not may_use(here, there):
                wrong.append(f"{model.__name__}.{field.name}")
    assert wrong == []


def test_every_room_looks_the_same():
    for floor in FLOORS[1:5]:
        for room in (SOURCE / floor).iterdir():
            if not room.is_dir() or room.name.startswith("__"):
                continue
            assert (room / "apps.py").exists(), room
            allowed_packages = {p.name for p in room.iterdir() if p.is_dir()}
            assert not allowed_packages & {"utils", "common", "helpers", "misc", "core", "lib"}, room
            assert not {p.stem for p in room.glob("*.py")} & {"utils", "common", "helpers", "misc", "core", "lib"}, room


@pytest.mark.parametrize("line", LINES)
def test_taking_a_lines_folder_out_breaks_nothing(line, tmp_path):
    copy = tmp_path / "src" / "fawang"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("tests", "__pycache__", "*.mo"))
    shutil.rmtree(copy / "back" / line)
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "src"),
        "DJANGO_SETTINGS_MODULE": "fawang.site.settings.testing",
        "DATABASE_URL": "sqlite:///:memory:",
    }
    done = subprocess.run(
        [sys.executable, "-c", EXAMINE], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]


def test_time_comes_from_the_kernel_clock_alone():
    wrong = re.compile(r"datetime\.now\(|timezone\.now\(|date\.today\(|auto_now")
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if wrong.search(line)
    ]
    assert [place for place in found if not place.startswith(("kernel/clock/", "site/examining.py"))] == []


def test_no_file_has_grown_into_two_ideas():
    long = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        and len(path.read_text().splitlines()) > (500 if "tests" in path.parts else 420)
    ]
    assert long == []
