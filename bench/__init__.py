"""Benches: each prints a ratio against a baseline in the same run."""

from __future__ import annotations

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


def data_folder(given: Path | None) -> Path | None:
    """Where the laws and the questions are: what is given, FAWANG_BENCH_DATA, or `shared/data` beside the checkout;
    None where they are not."""
    named = os.environ.get("FAWANG_BENCH_DATA", "")
    folder = given or (Path(named) if named else _ROOT.parent / "shared" / "data")
    return folder if (folder / "laws_cn").is_dir() and (folder / "article_retrieval").is_dir() else None


MISSING = (
    "skipped: needs --data=DIR (or FAWANG_BENCH_DATA) with laws_cn and article_retrieval, which are no part of this"
)
