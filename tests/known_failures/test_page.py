"""The page of known failures is true: every test it names exists, and every row has one or says what it waits for."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "known-failures.md"
NAMED = re.compile(r"`([\w/.]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (?!---|What went wrong|Rule |Section )(.+?) \| (.+) \|$", re.M)


def names_in(path):
    """The names of a file's test functions."""
    nodes = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_test_that_the_page_names_exists():
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > 100
    missing = [f"{path}::{name}" for path, name in named if not (ROOT / path).exists() or name not in names_in(path)]
    assert missing == []


def test_every_row_names_a_test_or_what_it_waits_for():
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert len(rows) > 60
    assert [what for what, held in rows if not NAMED.search(held) and not held.startswith("later: ")] == []
