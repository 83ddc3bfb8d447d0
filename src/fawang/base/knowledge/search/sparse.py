"""The little that is needed of sparse matrices: rows of numbered terms with weights, times a dense matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_AT_ONCE = 30_000


@dataclass(frozen=True)
class Rows:
    """Row `i` has `weights` at `columns`, both from `starts[i]` to `starts[i + 1]`."""

    starts: Ints
    columns: NDArray[np.int64]
    weights: Floats
    width: int

    @classmethod
    def gather(cls, rows: Ints, columns: Ints, weights: Floats, shape: tuple[int, int]) -> Rows:
        """From single entries in any order, at most one a place."""
        order = np.argsort(rows, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))]).astype(np.int64)
        return cls(starts, columns[order], weights[order].astype(np.float32), shape[1])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def turned(self) -> Rows:
        """Columns as rows."""
        rows = np.repeat(np.arange(len(self)), np.diff(self.starts))
        return Rows.gather(self.columns, rows, self.weights, (self.width, len(self)))

    def pick(self, wanted: Ints) -> Rows:
        """Some rows, in the order asked for."""
        lengths = self.starts[wanted + 1] - self.starts[wanted]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        places = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths) + np.repeat(self.starts[wanted], lengths)
        return Rows(starts, self.columns[places], self.weights[places], self.width)

    def scaled(self, factors: Floats) -> Rows:
        """Each column times a factor."""
        return Rows(self.starts, self.columns, self.weights * factors[self.columns], self.width)

    def unit(self) -> Rows:
        """Every row of length one."""
        norms = np.sqrt(np.maximum(self._sums(self.weights**2), 1e-12))
        return Rows(self.starts, self.columns, self.weights / np.repeat(norms, np.diff(self.starts)), self.width)

    def _sums(self, values: Floats) -> Floats:
        total = np.zeros(len(self), dtype=np.float32)
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            total[filled] = np.add.reduceat(values, self.starts[filled])
        return total

    def times(self, dense: Floats) -> Floats:
        """This matrix times a dense one, a stretch of rows at a time."""
        out = np.zeros((len(self), dense.shape[1]), dtype=np.float32)
        first = 0
        while first < len(self):
            last = int(np.searchsorted(self.starts, self.starts[first] + _AT_ONCE, side="right")) - 1
            last = max(first + 1, min(last, len(self)))
            low, high = self.starts[first], self.starts[last]
            filled = first + np.flatnonzero(np.diff(self.starts[first : last + 1]))
            if len(filled):
                values = dense[self.columns[low:high]] * self.weights[low:high, None]
                out[filled] = np.add.reduceat(values, self.starts[filled] - low, axis=0)
            first = last
        return out


def unit(dense: Floats) -> Floats:
    """Every row of length one (rows of nothing stay so)."""
    norms = np.linalg.norm(dense, axis=1, keepdims=True)
    return np.asarray(dense / np.maximum(norms, 1e-6), dtype=np.float32)
