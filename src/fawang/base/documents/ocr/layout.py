"""Where things stand on a paper: labels and the values beside and below them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fawang.base.documents.workshop.values import Line

_BLANK = re.compile(r"\s+")
_LEADING = ":：;；,.，。、·|"
# parts of heights: what still stands on the same line, under the same column, directly below
_SAME_ROW, _COLUMN_SLACK, _BELOW = 0.5, 1.5, 1.3


@dataclass(frozen=True)
class Value:
    """What stands at a label, and how sure the reader was of its weakest part (0 to 1)."""

    text: str
    sure: float


@dataclass(frozen=True)
class _Cell:
    """A piece of a line: a label with what follows it in the same box, or a piece without a label."""

    label: str
    line: Line

    @property
    def height(self) -> float:
        return max(self.line.bottom - self.line.top, 1.0)


def plain(text: str) -> str:
    """Half-width and without blanks, as labels are compared."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))


def rows(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines from top to bottom, those at one height together, from left to right."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.top + one.bottom) / 2):
        middle = (line.top + line.bottom) / 2
        last = found[-1][0] if found else None
        if last is not None and abs(middle - (last.top + last.bottom) / 2) < _SAME_ROW * (last.bottom - last.top):
            found[-1].append(line)
        else:
            found.append([line])
    return [sorted(row, key=lambda one: one.left) for row in found]


class Sheet:
    """The lines of a paper, cut at the labels it is known to have."""

    def __init__(self, lines: Sequence[Line], labels: Sequence[str]) -> None:
        # longer first: 户主或与户主关系 before 户主
        self.labels = sorted(labels, key=len, reverse=True)
        plain_lines = [replace(line, text=plain(line.text)) for line in lines]
        self.rows = [list(self._cells(self._joined(row))) for row in rows(line for line in plain_lines if line.text)]

    @property
    def text(self) -> str:
        """Everything, row by row."""
        return "\n".join("".join(cell.label + cell.line.text for cell in row) for row in self.rows)

    def lines(self) -> Iterator[Line]:
        """What stands on the paper, labels aside."""
        for row in self.rows:
            yield from (cell.line for cell in row)

    def value(self, *labels: str, goes_on: bool = False) -> Value | None:
        """What stands beside the first of the labels that has something; `goes_on` also takes the rows below it."""
        for number, row in enumerate(self.rows):
            for at, cell in enumerate(row):
                if cell.label in labels and (parts := self._beside(row, at)):
                    if goes_on:
                        parts += self._below(number, parts[0], parts[-1])
                    text = "".join(part.text for part in parts).strip(_LEADING)
                    if text:
                        return Value(text, min(part.sure for part in parts))
        return None

    def _joined(self, row: list[Line]) -> list[Line]:
        """Labels printed wide (名　称) come as single letters; they are put together again."""
        joined: list[Line] = []
        for line in row:
            before = joined[-1] if joined else None
            if before is not None and any(
                label != before.text and label.startswith(before.text) and (before.text + line.text).startswith(label)
                for label in self.labels
            ):
                joined[-1] = Line(
                    before.text + line.text, before.left, before.top, line.right, line.bottom,
                    min(before.sure, line.sure),
                )  # fmt: skip
            else:
                joined.append(line)
        return joined

    def _cells(self, row: list[Line]) -> Iterator[_Cell]:
        for line in row:
            yield from self._cut(line)

    def _cut(self, line: Line) -> Iterator[_Cell]:
        """A line at its labels; each piece keeps the part of the box that it takes up."""
        places: list[tuple[int, str]] = []
        at = 0
        while at < len(line.text):
            label = next((one for one in self.labels if line.text.startswith(one, at)), "")
            if label:
                places.append((at, label))
            at += len(label) or 1
        if not places or places[0][0] > 0:
            places.insert(0, (0, ""))
        wide = (line.right - line.left) / len(line.text)
        for number, (start, label) in enumerate(places):
            end = places[number + 1][0] if number + 1 < len(places) else len(line.text)
            after = start + len(label)
            piece = replace(
                line, text=line.text[after:end], left=line.left + wide * after, right=line.left + wide * end
            )
            yield _Cell(label, piece)

    def _beside(self, row: list[_Cell], at: int) -> list[Line]:
        parts = [row[at].line] if row[at].line.text.strip(_LEADING) else []
        for cell in row[at + 1 :]:
            if cell.label:
                break
            parts.append(cell.line)
        return parts

    def _below(self, number: int, first: Line, last: Line) -> list[Line]:
        parts: list[Line] = []
        height = max(first.bottom - first.top, 1.0)
        for row in self.rows[number + 1 :]:
            inside = [
                cell for cell in row
                if not cell.label and abs(cell.line.left - first.left) < _COLUMN_SLACK * height
                and cell.line.top - last.bottom < _BELOW * height
            ]  # fmt: skip
            if not inside:
                # another column may have a row in between
                if row[0].line.top - last.bottom > _BELOW * height:
                    break
                continue
            last = inside[0].line
            parts.append(last)
        return parts
