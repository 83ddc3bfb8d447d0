"""What the search has learned: figures below HOME/knowledge/learned, no text of any question among them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from fawang.base.knowledge.search import terms
from fawang.base.knowledge.search.indexing import Index
from fawang.base.knowledge.search.sparse import Floats

# words and pieces share one list of codes
WORD = np.uint64(1 << terms.CODE_BITS)
# what a likeness of one, and the best match in words, are worth in the sum
LIKENESS = 12.0
MATCH = 8.0


@dataclass(frozen=True)
class Figures:
    """A direction for every term of a question, one for every article, and how often an article is the answer."""

    codes: NDArray[np.uint64]
    table: NDArray[np.float16]
    keys: NDArray[np.str_]
    articles: Floats
    asked: Floats
    said: dict[str, Any]

    def direction(self, text: str) -> Floats | None:
        """Where a question points; None when no term of it is known."""
        codes, counts = np.unique(codes_of(text), return_counts=True)
        at = np.searchsorted(self.codes, codes)
        at[at == len(self.codes)] = 0
        known = self.codes[at] == codes
        if not known.any():
            return None
        weights = (1 + np.log(counts[known])).astype(np.float32)
        pointing = weights @ self.table[at[known]].astype(np.float32)
        return np.asarray(pointing / max(float(np.linalg.norm(pointing)), 1e-6), dtype=np.float32)

    def likeness(self, text: str) -> Floats | None:
        """How much each article is like what such questions were answered with; None when nothing can be said."""
        pointing = self.direction(text)
        return None if pointing is None else LIKENESS * (self.articles @ pointing) + self.asked

    def save(self) -> None:
        """Put these in the place of what was learned before."""
        making = place().with_name("learning")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        for name in ("codes", "table", "keys", "asked"):
            np.save(making / f"{name}.npy", getattr(self, name))
        np.save(making / "articles.npy", self.articles.astype(np.float16))
        (making / "said.json").write_text(json.dumps(self.said, ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(place(), ignore_errors=True)
        making.rename(place())


def codes_of(text: str) -> NDArray[np.uint64]:
    """The words and pieces of a text, told apart."""
    return np.concatenate([terms.words(text) | WORD, terms.pieces(text)])


def place() -> Path:
    """Where the figures lie."""
    return Path(settings.HOME) / "knowledge" / "learned"


def said() -> dict[str, Any]:
    """What was learned from, and when; empty when nothing was."""
    path = place() / "said.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def undo() -> bool:
    """Forget what was learned; whether there was anything."""
    was = place().exists()
    shutil.rmtree(place(), ignore_errors=True)
    return was


_kept: tuple[str, str, Figures] | None = None


def current(index: Index) -> Figures | None:
    """The figures for an index, in its order of articles; None when nothing was learned.

    Articles that are new since then have no direction of their own: they are found by their words until the search
    learns again.
    """
    global _kept  # noqa: PLW0603 - once a process
    path = place() / "said.json"
    mark = str(path.stat().st_mtime_ns) if path.exists() else ""
    if not mark:
        _kept = None
        return None
    if _kept is None or _kept[:2] != (index.stamp, mark):
        _kept = (index.stamp, mark, _read(index))
    return _kept[2]


def _read(index: Index) -> Figures:
    folder = place()
    keys, articles, asked = (np.load(folder / f"{name}.npy") for name in ("keys", "articles", "asked"))
    here = np.asarray(index.keys[: index.national])
    if not np.array_equal(keys, here):
        order = np.argsort(keys)
        at = order[np.minimum(np.searchsorted(keys, here, sorter=order), len(keys) - 1)]
        known = (keys[at] == here).astype(np.float32)
        articles, asked = articles[at] * known[:, None], asked[at] * known
    return Figures(
        codes=np.load(folder / "codes.npy"),
        table=np.load(folder / "table.npy", mmap_mode="r"),
        keys=here,
        articles=articles.astype(np.float32),
        asked=asked.astype(np.float32),
        said=json.loads((folder / "said.json").read_text(encoding="utf-8")),
    )
