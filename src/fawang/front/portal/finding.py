"""From a story to a service: what fits, why, whom to ask, and what comes first when somebody is in danger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.values import Published
from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.kernel.policy import Actor
from fawang.middle.intake import selectors as intake

CENTRES = ("PLS_CENTRE",)
MAX_STORY = 4_000


@dataclass(frozen=True)
class Fit:
    """A service that fits a story, and the words that say so."""

    published: Published
    words: tuple[str, ...]
    icon: str


@dataclass(frozen=True)
class Kind:
    """The services of one line."""

    code: str
    label: str
    icon: str
    services: tuple[Published, ...]


@dataclass(frozen=True)
class Found:
    """What a story leads to. `danger` holds the words for which 110 and 12348 come first."""

    story: str
    fits: tuple[Fit, ...]
    danger: tuple[str, ...]
    is_now: bool


def look(code: str) -> tuple[str, str]:
    """The name and icon of a line."""
    line = catalogue.line(code)
    return line.say(get_language() or "zh-hans"), line.icon.replace("_", "-")


def kinds() -> list[Kind]:
    """All open services by line, in the order people know them."""
    by_line: dict[str, list[Published]] = {}
    for published in catalogue.items():
        by_line.setdefault(published.line, []).append(published)
    known = catalogue.lines()
    order = [*known, *sorted(set(by_line) - set(known))]
    return [Kind(line, *look(line), tuple(by_line[line])) for line in order if line in by_line]


def find(story: str) -> Found:
    """The three most fitting services, each with the story's words that name it; the general ones where none does."""
    text = story[:MAX_STORY]
    danger = intake.look_for_danger(text)
    found = catalogue.search(text) if text.strip() else []
    if text.strip() and not found:
        found = [p for p in catalogue.items() if p.code in {"GENERAL_DEMAND", "CONSULT_MESSAGE"}]
    fits = tuple(Fit(p, _words(p, text), look(p.line)[1]) for p in found[:3])
    return Found(story, fits, danger.words, danger.is_now)


def _words(published: Published, text: str) -> tuple[str, ...]:
    item, lowered = published.item, text.lower()
    return tuple(word for word in [*item.aliases, item.zh, item.en] if word.lower() in lowered)[:4]


def nearest_centres(actor: Actor, *, limit: int = 2) -> Sequence[InstitutionValue]:
    """Centres where the actor lives, as far as that is known; any otherwise."""
    division = ""
    if actor.party_id is not None and not actor.is_anonymous and actor.member_id is None:
        division = identity.party(actor, actor.party_id).division_code
    rows = organisations.institutions(types=CENTRES, division=division, only_active=True, limit=limit).rows
    if not rows and division:
        rows = organisations.institutions(
            types=CENTRES, division=division[:4] + "00", only_active=True, limit=limit
        ).rows
    return rows or organisations.institutions(types=CENTRES, only_active=True, limit=limit).rows
