"""Builds the index of the corpus and opens it: files below HOME/knowledge, one folder for each state of the corpus.

The same numbers whatever the database. A process keeps the index it has opened until the corpus's stamp changes, which
is looked up every few seconds.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Q
from numpy.typing import NDArray

from fawang.base.knowledge.errors import IndexNotReady
from fawang.base.knowledge.models import Article, Corpus
from fawang.base.knowledge.search import terms
from fawang.base.knowledge.search.inverted import Inverted
from fawang.base.knowledge.values import LIVE, Kind

Progress = Callable[[str, int, int], None]
LOOKED_UP_SECONDS = 5.0
# how often a law's name and a chapter's count beside the words of the article
_TITLE_TIMES = 2
_TURN = 5_000
# an index this small is built by whoever asks first
_AT_ONCE = 2_000
_LIVE = [standing.value for standing in LIVE]
_lock = Lock()


@dataclass(frozen=True)
class Index:
    """An opened index. Documents are numbered: national law that stands first, then local, then what stands no longer.

    `ids` are the articles' row ids by document; `national` and `standing` are where the first and the second group end.
    `words` and `pieces` hold the first group alone, with law name and chapter; `everything` the pieces of all.
    """

    stamp: str
    ids: NDArray[np.int64]
    keys: NDArray[np.str_]
    laws: NDArray[np.int64]
    national: int
    standing: int
    words: Inverted
    pieces: Inverted
    everything: Inverted


_open: Index | None = None
_looked_up = 0.0


def forget() -> None:
    """Drop the opened index (tests, and after a load in this process)."""
    global _open, _looked_up  # noqa: PLW0603 - one index a process
    _open, _looked_up = None, 0.0


def folder_of(stamp: str) -> Path:
    """Where the index of a state of the corpus lies."""
    return Path(settings.HOME) / "knowledge" / f"index-{stamp}"


def _stamp() -> str:
    return Corpus.objects.filter(pk=1).values_list("stamp", flat=True).first() or ""


def current() -> Index:
    """The index of the corpus as it is. Raises IndexNotReady while the worker builds it."""
    global _open, _looked_up  # noqa: PLW0603 - one index a process
    moment = time.monotonic()
    if _open is not None and moment < _looked_up:
        return _open
    stamp = _stamp()
    if _open is None or _open.stamp != stamp:
        if not (folder_of(stamp) / "complete").exists():
            if Article.objects.count() > _AT_ONCE:
                raise IndexNotReady
            build()
        _open = _read(stamp)
    _looked_up = moment + LOOKED_UP_SECONDS
    return _open


def is_ready() -> bool:
    """Whether the corpus as it is has its index on this machine."""
    return (folder_of(_stamp()) / "complete").exists()


def _read(stamp: str) -> Index:
    folder = folder_of(stamp)
    national, standing = np.load(folder / "bounds.npy").tolist()
    return Index(
        stamp,
        np.load(folder / "ids.npy"),
        np.load(folder / "keys.npy", mmap_mode="r"),
        np.load(folder / "laws.npy"),
        national,
        standing,
        *(Inverted.open(folder, name) for name in ("words", "pieces", "everything")),
    )


def build(progress: Progress = lambda _what, _done, _all: None) -> int:
    """Build the index of the corpus as it is, unless it is there; how many articles it holds. Older ones go."""
    stamp = _stamp()
    folder = folder_of(stamp)
    with _lock:
        if (folder / "complete").exists():
            return len(np.load(folder / "ids.npy", mmap_mode="r"))
        making = folder.with_name(f"making-{stamp}-{time.monotonic_ns()}")
        making.mkdir(parents=True)
        count = _build(making, progress)
        (making / "complete").touch()
        if (folder / "complete").exists():
            # another process was faster
            shutil.rmtree(making)
        else:
            shutil.rmtree(folder, ignore_errors=True)
            making.rename(folder)
        for old in [*folder.parent.glob("index-*"), *folder.parent.glob("making-*")]:
            if stamp not in old.name:
                shutil.rmtree(old, ignore_errors=True)
    forget()
    return count


def _groups() -> list[Q]:
    stands, local = Q(version__standing__in=_LIVE), Q(version__law__kind=Kind.LOCAL.value)
    return [stands & ~local, stands & local, ~stands]


@dataclass
class _Growing:
    """Terms and the documents they are of, gathered turn by turn."""

    codes: list[terms.Codes]
    owners: list[NDArray[np.int64]]

    def take(self, found: tuple[terms.Codes, NDArray[np.int64]], first: int) -> None:
        self.codes.append(found[0])
        self.owners.append(found[1] + first)

    def inverted(self, size: int) -> Inverted:
        codes = np.concatenate([np.zeros(0, dtype=np.uint64), *self.codes])
        return Inverted.build(codes, np.concatenate([np.zeros(0, dtype=np.int64), *self.owners]), size)


_FIELDS = ("id", "key", "version__law_id", "version__law__short", "chapter", "section", "text")


def _build(folder: Path, progress: Progress) -> int:
    words, pieces, everything = (_Growing([], []) for _ in range(3))
    ids: list[int] = []
    keys: list[str] = []
    laws: list[int] = []
    bounds: list[int] = []
    size = Article.objects.count()
    for number, group in enumerate(_groups()):
        rows = Article.objects.filter(group).order_by("id").values_list(*_FIELDS).iterator(chunk_size=2_000)
        for turn in batched(rows, _TURN):
            first = len(ids)
            ids += [row[0] for row in turn]
            keys += [row[1] for row in turn]
            laws += [row[2] for row in turn]
            everything.take(terms.pieces_of_many([f"{row[3]} {row[6]}" for row in turn]), first)
            if number == 0:
                texts = [" ".join([*[row[3]] * _TITLE_TIMES, *row[4:]]) for row in turn]
                words.take(terms.words_of_many(texts), first)
                pieces.take(terms.pieces_of_many(texts), first)
            progress("index", len(ids), size)
        bounds.append(len(ids))
    np.save(folder / "bounds.npy", np.array(bounds[:2], dtype=np.int64))
    np.save(folder / "ids.npy", np.array(ids, dtype=np.int64))
    np.save(folder / "keys.npy", np.array(keys, dtype=np.str_))
    np.save(folder / "laws.npy", np.array(laws, dtype=np.int64))
    words.inverted(bounds[0]).save(folder, "words")
    pieces.inverted(bounds[0]).save(folder, "pieces")
    everything.inverted(len(ids)).save(folder, "everything")
    return len(ids)


def batched(rows: Iterable[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in lists of `size`."""
    rest = iter(rows)
    while turn := list(islice(rest, size)):
        yield turn
