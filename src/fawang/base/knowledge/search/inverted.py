"""An inverted index as four arrays: which terms there are, and for each the documents that have it, how often."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fawang.base.knowledge.search.terms import CODE_BITS, Codes

Floats = NDArray[np.float32]
_DOCUMENT_BITS = 62 - CODE_BITS
MOST_DOCUMENTS = 1 << _DOCUMENT_BITS
K1 = 1.2
B = 0.6
_MOST_COUNTED = 255


@dataclass(frozen=True)
class Inverted:
    """Postings in one run: those of term `i` are `documents[starts[i]:starts[i + 1]]`, ascending."""

    codes: Codes
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.int32]

    @classmethod
    def build(cls, codes: Codes, owners: NDArray[np.int64], size: int) -> Inverted:
        """From every term of every document. Raises ValueError for more documents than it can number."""
        if size > MOST_DOCUMENTS:
            raise ValueError(f"an index holds at most {MOST_DOCUMENTS} documents")
        keys = (codes << np.uint64(_DOCUMENT_BITS)) | owners.astype(np.uint64)
        keys.sort()
        postings, counts = np.unique(keys, return_counts=True)
        terms = postings >> np.uint64(_DOCUMENT_BITS)
        documents = (postings & np.uint64(MOST_DOCUMENTS - 1)).astype(np.int32)
        known, first = np.unique(terms, return_index=True)
        return cls(
            codes=known,
            starts=np.append(first, len(terms)).astype(np.int64),
            documents=documents,
            counts=np.minimum(counts, _MOST_COUNTED).astype(np.uint8),
            lengths=np.bincount(owners, minlength=size).astype(np.int32),
        )

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays below `folder`."""
        for part in ("codes", "starts", "documents", "counts", "lengths"):
            np.save(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def open(cls, folder: Path, name: str) -> Inverted:
        """Map the arrays: processes on a machine share the memory."""
        parts = ("codes", "starts", "documents", "counts", "lengths")
        return cls(*(np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for part in parts))

    @property
    def size(self) -> int:
        """How many documents."""
        return len(self.lengths)

    def find(self, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(positions in `codes` that are known, their terms)."""
        at = np.searchsorted(self.codes, codes)
        at[at == len(self.codes)] = 0
        known = np.flatnonzero(self.codes[at] == codes) if len(self.codes) else np.zeros(0, dtype=np.int64)
        return known, at[known]

    def having(self, term: int) -> NDArray[np.int32]:
        """The documents that have a term, ascending."""
        return self.documents[self.starts[term] : self.starts[term + 1]]

    def between(self, low: int, high: int) -> NDArray[np.int32]:
        """The documents that have any term whose code lies in a range, ascending."""
        first, last = np.searchsorted(self.codes, np.array([low, high], dtype=np.uint64))
        return np.unique(self.documents[self.starts[first] : self.starts[last]])

    def rarity(self, terms: NDArray[np.int64]) -> Floats:
        """How much having each of the terms tells (the logarithm BM25 takes)."""
        having = (self.starts[terms + 1] - self.starts[terms]).astype(np.float64)
        return np.log1p((self.size - having + 0.5) / (having + 0.5)).astype(np.float32)

    def scores(self, codes: Codes) -> Floats:
        """BM25 of every document for the distinct terms of a query."""
        total = np.zeros(self.size, dtype=np.float32)
        if self.size == 0:
            return total
        _known, terms = self.find(np.unique(codes))
        lengths = np.asarray(self.lengths)
        damping = (K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1.0))).astype(np.float32)
        for term, weight in zip(terms.tolist(), self.rarity(terms).tolist(), strict=True):
            rows = self.having(term)
            count = self.counts[self.starts[term] : self.starts[term + 1]].astype(np.float32)
            total[rows] += weight * (K1 + 1) * count / (count + damping[rows])
        return total
