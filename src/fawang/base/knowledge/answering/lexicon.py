"""What people say, as the law says it: everyday words, dialect, slips of the pen, English. Tables in `definitions/`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, combinations, pairwise
from pathlib import Path
from typing import Any

import rjieba
import yaml
from pypinyin import lazy_pinyin

from fawang.base.knowledge.answering.masking import without_numbers

_FOLDER = Path(__file__).resolve().parents[1] / "definitions"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_RUNS = re.compile(r"[\u3400-\u9fff]+")
# what southern speech does not tell apart
_LAX = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
_LONGEST = 2_000
_LONGEST_WORD = 8
# slips are looked for in the beginning: who writes so much has said it in other words too
_SLIPS_IN = 300
# from here on one wrong character still says which word was meant
_LONG = 4
_COMPLAINING = frozenset({"投诉", "我要投诉", "我想投诉", "怎么投诉", "complaint", "i want to complain"})


@dataclass(frozen=True)
class Understood:
    """A question as it is looked up: `plain` with slips put right, `text` with the law's words that were `added`."""

    plain: str
    text: str
    added: tuple[str, ...]
    mended: tuple[tuple[str, str], ...]
    is_english: bool


@cache
def _table(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


@cache
def _lay() -> tuple[tuple[str, str], ...]:
    """(everyday word, words of the law), the longest first."""
    pairs = [(str(lay), law) for law, every in _table("lay_words").items() for lay in every]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _english() -> tuple[tuple[re.Pattern[str], str], ...]:
    words = sorted(_table("english_words").items(), key=lambda pair: -len(pair[0]))
    return tuple((re.compile(rf"\b{re.escape(one)}s?\b"), law) for one, law in words)


def _sound(word: str) -> str:
    sound = " ".join(lazy_pinyin(word))
    for one, other in _LAX:
        sound = sound.replace(one, other)
    return sound


@cache
def _of_law() -> set[str]:
    """The law's own words in the tables."""
    every = [law for _lay_word, law in _lay()] + [law for _pattern, law in _english()]
    return {word for law in every for word in law.split()}


@cache
def _known() -> dict[int, dict[str, set[str]]]:
    """The words that slips are put right to: by length, by the sound."""
    spoken = {one for lay, _law in _lay() for one in lay.split() if len(rjieba.cut(one, False)) == 1}
    every = _of_law() | spoken
    known: dict[int, dict[str, set[str]]] = {}
    for word in every:
        if 2 <= len(word) <= _LONGEST_WORD and not _RUNS.sub("", word):
            known.setdefault(len(word), {}).setdefault(_sound(word), set()).add(word)
    return known


def is_english(text: str) -> bool:
    """Whether a question is written in Latin script."""
    return not _CHINESE.search(text) and bool(re.search(r"[A-Za-z]{3}", text))


def understand(question: str) -> Understood:
    """The question with the words laws use for what it says."""
    plain = without_numbers(unicodedata.normalize("NFKC", question).replace("\x00", "")[:_LONGEST])
    if is_english(plain):
        return _translated(plain)
    mended = _slips(plain)
    right = plain
    for wrong, word in mended:
        right = right.replace(wrong, word)
    left, added = right, []
    for lay, law in _lay():
        if lay in left:
            left = left.replace(lay, "\n")
            added += [word for word in law.split() if word not in right and word not in added]
    text = " ".join([right, *added])
    return Understood(right, text, tuple(added), tuple(mended), is_english=False)


def joined(one: Understood, other: Understood) -> Understood:
    """A question together with the one before it."""
    added = tuple(dict.fromkeys([*one.added, *other.added]))
    return Understood(
        f"{one.plain} {other.plain}", f"{one.text} {other.text}", added, one.mended, is_english=one.is_english
    )


def _translated(text: str) -> Understood:
    left, added = text.lower(), []
    for pattern, law in _english():
        if pattern.search(left):
            left = pattern.sub(" ", left)
            added += [word for word in law.split() if word not in added]
    return Understood(" ".join(added), " ".join(added), tuple(added), (), is_english=True)


def _slips(text: str) -> list[tuple[str, str]]:
    """(as written, as meant): what sounds like a known word, or is none as it stands and has one wrong character."""
    found: dict[str, str] = {}
    for run in _RUNS.findall(text[:_SLIPS_IN]):
        tokens = rjieba.cut(run, False)
        starts = [0, *accumulate(map(len, tokens))]
        for first, last in combinations(range(len(starts)), 2):
            if starts[last] - starts[first] > _LONGEST_WORD:
                continue
            written = run[starts[first] : starts[last]]
            if any(written in longer for longer in found):
                continue
            if meant := _meant(written, is_broken=_is_broken(tokens[first:last])):
                found = {one: word for one, word in found.items() if one not in written}
                found[written] = meant
    return list(found.items())


def _is_broken(tokens: list[str]) -> bool:
    """Whether two single characters stand side by side: what is left of a word with a slip in it."""
    return any(len(one) == 1 == len(other) for one, other in pairwise(tokens))


def _meant(written: str, *, is_broken: bool) -> str | None:
    is_long = len(written) >= _LONG
    if not (is_broken or is_long):
        return None
    by_sound = _known().get(len(written), {})
    if any(written in words for words in by_sound.values()):
        return None
    alike = [word for word in by_sound.get(_sound(written), ()) if _same(written, word)]
    if not alike and is_long and is_broken:
        alike = [word for word in _of_law() if len(word) == len(written) and _same(written, word) == len(written) - 1]
    return alike[0] if len(alike) == 1 else None


def _same(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


def wants_person(text: str) -> bool:
    """Whether somebody asks for a person."""
    return any(word in text.lower() for word in _table("hand_over")["person"])


def complains(text: str) -> bool:
    """Whether somebody complains about the service itself, or says no more than that they want to complain."""
    said = text.lower()
    return any(word in said for word in _table("hand_over")["complaint"]) or said.strip(" 。！!") in _COMPLAINING


def topics(text: str) -> list[dict[str, Any]]:
    """The topics a question is about, as in `topics.yaml`: the one that has most of its words in it first."""
    every = yaml_list("topics")
    counted = [(sum(word in text.lower() for word in one["words"]), one) for one in every]
    return [one for count, one in sorted(counted, key=lambda pair: -pair[0]) if count]


@cache
def yaml_list(name: str) -> tuple[dict[str, Any], ...]:
    """A table that is a list."""
    return tuple(yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))
