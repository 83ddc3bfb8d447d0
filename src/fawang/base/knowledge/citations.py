"""Finds citations in what people write: 《劳动合同法》第八十二条第一款, 劳动合同法82条, 民法典一千零六十二条 …"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fawang.base.knowledge.naming import squashed
from fawang.base.knowledge.numerals import NUMERAL, number_of

_N = rf"[{NUMERAL}\d]+"
_ARTICLE = re.compile(
    rf"(?:(?:第\s*(?P<number>{_N}(?:\s*[、,]\s*{_N})*)|(?P<bare>{_N}))\s*条|§\s*(?P<sign>\d+))"
    rf"(?:\s*之\s*(?P<suffix>{_N})(?!\s*条))?"
    rf"(?:\s*第?\s*(?P<paragraph>{_N})\s*款)?"
    rf"(?:\s*第?\s*\(?\s*(?P<item>{_N})\s*\)?\s*项)?"
)
_YEAR = re.compile(r"\(\s*(?P<year>(?:19|20)\d\d)\s*年?\s*(?:修正|修订|修改|版|年)*\s*(?:文本|版)?\s*\)\s*$")
_JOINT = re.compile(r"^[\s、,，;；和及与或以至同并]*(?:以及)?[\s]*$")
_LEAD = re.compile(r"[\s的之中里:,]*$")
_LONGEST_NAME = 120
_OPENING = "《〈<«“\"'「『"


@dataclass(frozen=True, slots=True)
class Written:
    """A citation as written: the name squashed, the numbers as numbers, `year` where an edition is named."""

    start: int
    end: int
    name: str
    number: int
    suffix: int
    paragraph: int
    item: int
    year: int


def _flat(text: str) -> tuple[str, list[int]]:
    """Compatible forms as one, with the place each character came from."""
    flat, places = [], []
    for place, sign in enumerate(text):
        for one in unicodedata.normalize("NFKC", sign):
            flat.append(one)
            places.append(place)
    return "".join(flat), [*places, len(text)]


def find(text: str, is_name: Callable[[str], bool]) -> list[Written]:
    """The citations in a text, in order. `is_name` says whether a squashed name is a law's.

    A number without a law before it belongs to the law named just before (第八十二条、第八十五条); without any it is
    left out.
    """
    flat, places = _flat(text)
    found: list[Written] = []
    last_end, law, year = 0, "", 0
    names = _names_with_numbers(flat, is_name)
    for match in _ARTICLE.finditer(flat):
        if any(first < match.start() < last for first, last in names):
            continue
        before = flat[last_end : match.start()]
        name, begins, named_year = _name_before(before, is_name)
        if name:
            law, year = name, named_year
        elif not (law and _JOINT.match(before)):
            law, year = "", 0
        start = last_end + begins if name else match.start()
        last_end = match.end()
        if law:
            found += _written(match, law, year, places[start], places[match.end()])
    return found


def _written(match: re.Match[str], law: str, year: int, start: int, end: int) -> Iterator[Written]:
    numbers = re.split(r"[、,]", match["number"] or match["bare"] or match["sign"])
    for at, word in enumerate(numbers):
        number, is_last = number_of(word), at == len(numbers) - 1
        if number is None or not 0 < number < 10_000:
            continue
        suffix, paragraph, item = (
            number_of(match[part] or "") or 0 if is_last else 0 for part in ("suffix", "paragraph", "item")
        )
        yield Written(start, end, law, number, suffix, paragraph, item, year)


def _name_before(before: str, is_name: Callable[[str], bool]) -> tuple[str, int, int]:
    """(the longest name of a law that ends there, where it begins, the edition's year); an empty name for none."""
    near = before[-_LONGEST_NAME:]
    offset, end = len(before) - len(near), len(_LEAD.sub("", near))
    # 宪法修正案（2018年） has its year in its name; 公司法（2018修正） names an edition
    name, begin = _ending_at(near[:end], is_name)
    if not name and (edition := _YEAR.search(near[:end])):
        name, begin = _ending_at(_LEAD.sub("", near[: edition.start()]), is_name)
        return name, offset + begin, int(edition["year"])
    return name, offset + begin, 0


def _ending_at(near: str, is_name: Callable[[str], bool]) -> tuple[str, int]:
    for begin in range(len(near)):
        name = squashed(near[begin:])
        if name and (near[begin].isalnum() or near[begin] in _OPENING) and is_name(name):
            return name, begin
    return "", 0


def _names_with_numbers(flat: str, is_name: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Where a law's name stands in 《》: an article that it names (《…适用刑法第十二条…的解释》) is part of it."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for place, sign in enumerate(flat):
        if sign == "《":
            opened.append(place)
        elif sign == "》" and opened:
            first = opened.pop()
            if not opened and is_name(squashed(flat[first:place])):
                found.append((first, place))
    return found
