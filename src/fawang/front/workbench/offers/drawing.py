"""The course of a service as a drawing: boxes from above to below, numbered arrows at their sides. Coordinates only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, TALL, GAP = 232, 44, 34
LANE, MARK = 26, 10
_LINE = 26


@dataclass(frozen=True)
class Box:
    """A state: its middle, its lines of text, and whether it is one of the line's own."""

    y: int
    lines: tuple[tuple[int, str], ...]
    is_inner: bool


@dataclass(frozen=True)
class Arrow:
    """An arrow with its number and where the number stands."""

    number: int
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """Everything the template needs, in pixels."""

    width: int
    height: int
    left: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawn(names: Sequence[tuple[str, str, bool]], moves: Sequence[tuple[str, str]]) -> Drawing:
    """Boxes for `names` (code, words, is one's own) in their order; arrows for `moves`, numbered from one. Neighbours
    are joined straight; what skips runs down the right side, what goes back up the left."""
    rank = {code: place for place, (code, _words, _own) in enumerate(names)}
    spans = [(rank[source], rank[target]) for source, target in moves]
    right = _lanes([span for span in spans if span[1] > span[0] + 1])
    back = _lanes([span for span in spans if span[1] <= span[0]])
    left = (max(back.values(), default=-1) + 1) * LANE + (2 * MARK if back else 4)
    ports = _ports([*right, *back])
    arrows = []
    for number, span in enumerate(spans, start=1):
        if span in right:
            arrows.append(_beside(number, span, left + WIDTH, LANE * (right[span] + 1), ports))
        elif span in back:
            arrows.append(_beside(number, span, left, -LANE * (back[span] + 1), ports))
        else:
            top = _top(span[0]) + TALL
            arrows.append(
                Arrow(number, f"M{left + WIDTH // 2} {top}V{top + GAP - 5}", left + WIDTH // 2, top + GAP // 2 - 2)
            )
    width = left + WIDTH + (max(right.values(), default=-1) + 1) * LANE + (2 * MARK if right else 4)
    boxes = tuple(Box(_top(place), _broken(words), own) for place, (_code, words, own) in enumerate(names))
    return Drawing(width, _top(len(names)) - GAP + 4, left, boxes, tuple(arrows))


def _top(place: int) -> int:
    return 4 + place * (TALL + GAP)


def _lanes(spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """A lane for each, the short ones nearest; two in one lane never lie beside each other."""
    taken: list[list[tuple[int, int]]] = []
    found = {}
    for span in sorted(set(spans), key=lambda span: (abs(span[1] - span[0]), span)):
        low, high = sorted(span)
        lane = next((i for i, others in enumerate(taken) if all(high < a or b < low for a, b in others)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found[span] = lane
    return found


def _ports(spans: Sequence[tuple[int, int]]) -> dict[tuple[tuple[int, int], int], int]:
    """Where on a box's side each arrow begins and ends: those of one side of a box are spread over its height."""
    ends: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    for span in spans:
        for place in set(span):
            ends.setdefault((place, span[1] > span[0]), []).append(span)
    found = {}
    for (place, _is_right), mine in ends.items():
        mine.sort(key=lambda span: (sum(span) - place, span))
        for i, span in enumerate(mine, start=1):
            found[(span, place)] = _top(place) + TALL * i // (len(mine) + 1)
    return found


def _beside(
    number: int, span: tuple[int, int], edge: int, away: int, ports: dict[tuple[tuple[int, int], int], int]
) -> Arrow:
    begin, end = ports[(span, span[0])], ports[(span, span[1])]
    begin, end = (begin - 6, end + 6) if begin == end else (begin, end)
    lane = edge + away
    tip = edge + (6 if away > 0 else -6)
    return Arrow(number, f"M{edge} {begin}H{lane}V{end}H{tip}", lane, (begin + end) // 2)


def _broken(words: str) -> tuple[tuple[int, str], ...]:
    """One line, or two where one would not fit; Chinese characters count double."""
    if sum(2 if char > "\u2e7f" else 1 for char in words) <= _LINE or " " not in words:
        return ((TALL // 2 + 5, words),)
    pieces, first = words.split(" "), ""
    while pieces and len(first) + len(pieces[0]) < max(len(words) // 2 + 2, 1):
        first = f"{first} {pieces.pop(0)}".strip()
    return ((TALL // 2 - 3, first or pieces.pop(0)), (TALL // 2 + 14, " ".join(pieces)))
